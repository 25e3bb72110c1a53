"""Who wants which report."""

from datetime import datetime
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from trial_reports.database.model import Value

SubscriptionStatus = Literal["active", "paused", "unsubscribed", "disabled"]
DateRange = Literal["last_week", "last_2_weeks", "last_4_weeks"]
WEEKS: dict[str, int] = {"last_week": 1, "last_2_weeks": 2, "last_4_weeks": 4}
"""How many whole local weeks, ending with the period, a date range covers."""

FileType = Literal["pdf", "jpg", "png", "webp", "gif", "txt"]


def _is_known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        raise ValueError("is no time zone of the IANA database") from None
    return name


TimeZone = Annotated[str, AfterValidator(_is_known_zone)]
"""An IANA time zone that this machine knows."""


def _each_once(types: tuple[FileType, ...] | None) -> tuple[FileType, ...] | None:
    return types and tuple(dict.fromkeys(types))


class Filters(Value):
    """What a subscriber wants in the report.

    ``file_types`` of ``None`` means all files, an empty tuple means none.
    """

    date_range: DateRange = "last_week"
    file_types: Annotated[tuple[FileType, ...] | None, AfterValidator(_each_once)] = (
        None
    )

    def merged(self, wanted: Self) -> Self:
        """Return these filters with what ``wanted`` was given explicitly.

        A default of ``wanted`` that nobody asked for changes nothing.
        """
        return self.model_copy(update=wanted.model_dump(exclude_unset=True))

    def asks_for_the_same(self, other: Self) -> bool:
        """Tell whether two wishes come to the same report."""
        return (self.date_range, _as_set(self.file_types)) == (
            other.date_range,
            _as_set(other.file_types),
        )


def _as_set(types: tuple[FileType, ...] | None) -> frozenset[FileType] | None:
    return None if types is None else frozenset(types)


class Undo(Value):
    """How an unsubscription by a mail's token can be taken back.

    ``token`` is the SHA-256 of that token, ``until`` is UTC, and ``status`` what
    the subscription goes back to.
    """

    token: str
    until: datetime
    status: SubscriptionStatus


class ReportSubscription(Value):
    """One person's wish for one study's report.

    ``open`` is true until it is unsubscribed; only one open subscription
    exists for a user, study and report type. ``reported_through`` (UTC) is the
    end of the last period for which a job was planned, ``next_run`` the first
    weekly tick at which another one is owed.
    """

    id: str = Field(alias="_id")
    user_id: str
    study_id: str
    site_id: str | None = None
    """Where the person took part when they subscribed."""
    report_type: Literal["weekly"] = "weekly"
    filters: Filters = Filters()
    status: SubscriptionStatus = "active"
    disabled_reason: str | None = None
    open: bool = True
    undo: Undo | None = None
    time_zone: TimeZone
    reported_through: datetime
    next_run: datetime
    revision: int = 1
    created_at: datetime
    updated_at: datetime
