"""Asking for a report that no weekly run has made."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pymongo.database import Database

from trial_reports.audit.trail import AuditTrail, Decision
from trial_reports.database.model import Row
from trial_reports.errors import RequestError
from trial_reports.identifiers import derived_id, new_id
from trial_reports.jobs.models import Job
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions
from trial_reports.periods.asked import asked_period
from trial_reports.periods.models import ReportingPeriod
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.subscriptions.rights import check_may_request
from trial_reports.users.models import User

REQUESTED = "requested"
_KEPT = timedelta(days=2)  # a local day has ended everywhere by then


class AskedTooOften(RequestError):  # noqa: N818 - says what happened
    """Somebody has had another new report made on this local day.

    Args:
        today: The day.
        time_zone: Where it is.
    """

    def __init__(self, today: date, time_zone: str) -> None:
        super().__init__("one_report_a_day", "You can ask for one new report a day.")
        tomorrow = today + timedelta(days=1)
        self.retry_at = datetime.combine(tomorrow, time(), ZoneInfo(time_zone))


class RequestDays:
    """The collection ``rate_windows``: which new report somebody's day was for.

    The row remembers its job, so that a request which died after this one write
    is finished by its repetition, and not refused.

    Args:
        database: The product's database.
    """

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["rate_windows"]

    def take(self, user_id: str, day: str, job_id: str, now: datetime) -> bool:
        """Take a person's day for a job.

        Returns:
            False if it was taken for another one.
        """
        row = self._rows.find_one_and_update(
            {"_id": f"requested-report:{user_id}:{day}"},
            {"$setOnInsert": {"jobId": job_id, "expireAt": now + _KEPT}},
            upsert=True,
            return_document=True,
        )
        return row is not None and row["jobId"] == job_id


@dataclass(frozen=True)
class ReportRequesting:
    """Creates jobs that people ask for.

    A job is created pending and without a run; ``dispatch_reports`` starts one
    for it within minutes.
    """

    jobs: Jobs
    transitions: Transitions
    days: RequestDays
    audit: AuditTrail

    def request_report(
        self,
        subscription: ReportSubscription,
        user: User,
        period_key: str | None,
        *,
        now: datetime,
        correlation_id: str | None = None,
    ) -> tuple[Job, bool]:
        """Have a week's report made, unless there is a job for it already.

        The job is the one that a weekly run would plan, so the week's report is
        made and mailed once, whoever is first.

        Args:
            subscription: The person's subscription.
            user: The person.
            period_key: An ISO week such as ``2026-W47``; ``None`` for the last
                one that has ended.
            now: The time of the request, UTC.
            correlation_id: Of the request; a new job keeps it.

        Returns:
            The week's job, and whether it is new.

        Raises:
            RequestError: ``period_unknown``; ``one_report_a_day`` where the
                person has had another new one made on this local day; or why
                there can be no such report.
        """
        period = asked_period(period_key, subscription.time_zone, now)
        wanted = job_for(subscription, period, REQUESTED, now, correlation_id)
        if (existing := self.jobs.find(wanted.id)) is not None:
            return existing, False
        check_may_request(subscription, user, period, now)
        today = now.astimezone(ZoneInfo(subscription.time_zone)).date()
        if not self.days.take(user.id, today.isoformat(), wanted.id, now):
            raise AskedTooOften(today, subscription.time_zone)
        created = self.transitions.create([wanted]) == 1
        if created:
            self._note(wanted, now)
        return self.jobs.find(wanted.id) or wanted, created

    def _note(self, job: Job, now: datetime) -> None:
        asked = Decision(new_id("dec"), job.user_id, "The subscriber asked for it.")
        self.audit.record(
            asked,
            "request_report",
            job.id,
            now,
            subscription=job.subscription_id,
            period=job.period.key,
        )


def job_for(
    subscription: ReportSubscription,
    period: ReportingPeriod,
    reason: str,
    now: datetime,
    correlation_id: str | None = None,
) -> Job:
    """Return the one job of a subscription and a week, still to be stored.

    Args:
        subscription: The subscription.
        period: The week.
        reason: Why it is made.
        now: The time of the call, UTC.
        correlation_id: Of the request or the run by which it is made.
    """
    return Job(
        id=derived_id("job", subscription.id, period.key),
        subscription_id=subscription.id,
        user_id=subscription.user_id,
        study_id=subscription.study_id,
        site_id=subscription.site_id,
        period=period,
        reason=reason,
        correlation_id=correlation_id,
        created_at=now,
        updated_at=now,
    )
