"""The week that somebody names."""

from datetime import datetime

from trial_reports.errors import RequestError
from trial_reports.periods.models import ReportingPeriod


def asked_period(key: str | None, time_zone: str, now: datetime) -> ReportingPeriod:
    """Return the week that somebody asks for.

    Args:
        key: An ISO week such as ``2026-W47``; ``None`` for the last one that
            has ended.
        time_zone: The IANA time zone whose week it is.
        now: The time of the request, UTC.

    Raises:
        RequestError: ``period_unknown``: ``key`` is no such week.
    """
    if key is None:
        return ReportingPeriod.containing(now, time_zone).earlier(1)
    try:
        period = ReportingPeriod.parse(key, time_zone)
    except (ValueError, OverflowError):
        raise _unknown_week() from None
    # Python also reads "2026-W047" and digits of other scripts.
    if period.key != key:
        raise _unknown_week()
    return period


def _unknown_week() -> RequestError:
    return RequestError("period_unknown", "Please name a week such as 2026-W47.")
