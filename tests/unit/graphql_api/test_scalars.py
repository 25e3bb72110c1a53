"""Instants as frontends read them."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from graphql_api.scalars import write_instant

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
INSTANTS = st.datetimes(
    min_value=datetime(1000, 1, 2),  # noqa: DTZ001 - Hypothesis adds the zone
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001 - the same
    timezones=ZONES,
)


@given(INSTANTS)
def test_an_instant_is_written_in_utc_to_the_second(instant: datetime) -> None:
    written = write_instant(instant)

    assert written.endswith("Z")
    assert len(written) == len("2025-01-15T10:30:00Z")
    assert datetime.fromisoformat(written) == instant.astimezone(UTC).replace(
        microsecond=0
    )
