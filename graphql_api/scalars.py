"""How instants are written."""

from datetime import UTC, datetime

from strawberry.types.scalar import ScalarDefinition, scalar


def write_instant(instant: datetime) -> str:
    """Return an instant such as ``2025-01-15T10:30:00Z``."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


INSTANT: ScalarDefinition = scalar(
    name="DateTime",
    description="An instant in UTC, to the second, such as `2025-01-15T10:30:00Z`.",
    specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    serialize=write_instant,
    parse_value=datetime.fromisoformat,
)
