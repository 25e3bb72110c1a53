"""Calling back a study's reports of a week that should not be read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from trial_reports.audit.trail import AuditTrail
from trial_reports.delivery.links import Links
from trial_reports.delivery.models import Link
from trial_reports.delivery.recalls import RECALLED, Recalls
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import JobError
from trial_reports.jobs.repository import Jobs

_CHUNK = 1000
_REASON = JobError(
    code=RECALLED, message="The study's reports of the week are recalled."
)


@dataclass(frozen=True)
class RecallResult:
    """What a recall did, or would do.

    ``opened`` are the links through which somebody had opened a report before.
    """

    reports: int
    unsent: int
    links: int
    opened: list[Link]


@dataclass(frozen=True)
class ReportRecalling:
    """Recalls a study's reports of one period."""

    jobs: Jobs
    decisions: Decisions
    recalls: Recalls
    links: Links
    audit: AuditTrail

    def preview(self, study_id: str, period: str) -> RecallResult:
        """Tell what a recall would do, and do nothing."""
        jobs = list(self.jobs.of_period(study_id, period))
        ids = [job.id for job in jobs]
        return RecallResult(
            reports=sum(job.report is not None for job in jobs),
            unsent=sum(job.status not in ("completed", "cancelled") for job in jobs),
            links=sum(self.links.count_open(chunk) for chunk in _chunks(ids)),
            opened=self._opened(ids),
        )

    def recall(
        self, study_id: str, period: str, by: str, reason: str, now: datetime
    ) -> RecallResult:
        """Cancel what is not sent, and close every link to what is.

        The recall is written first: from then on no mail goes and no report
        opens. A mail that is with the provider already arrives, and leads to a
        closed link. Repeating a recall that was interrupted finishes it.

        Args:
            study_id: The study.
            period: The week's key, such as ``2026-W47``.
            by: The person's account name.
            reason: Why, in their words.
            now: The time of the call, UTC.
        """
        self.recalls.add(study_id, period, by, reason, now)
        unsent = self.decisions.cancel_period(study_id, period, _REASON, now)
        jobs = list(self.jobs.of_period(study_id, period))
        ids = [job.id for job in jobs]
        result = RecallResult(
            reports=sum(job.report is not None for job in jobs),
            unsent=unsent,
            links=sum(self.links.revoke(chunk, now) for chunk in _chunks(ids)),
            opened=self._opened(ids),
        )
        self.audit.record(
            actor=by,
            action="recall_reports",
            subject=study_id,
            reason=reason,
            now=now,
            period=period,
            links=result.links,
            unsent=result.unsent,
            opened=len(result.opened),
        )
        return result

    def lift(
        self, study_id: str, period: str, by: str, reason: str, now: datetime
    ) -> bool:
        """Let the period's reports be made and read again; closed links stay closed.

        Returns:
            Whether the period was recalled.
        """
        lifted = self.recalls.lift(study_id, period, now)
        if lifted:
            self.audit.record(
                actor=by,
                action="lift_recall",
                subject=study_id,
                reason=reason,
                now=now,
                period=period,
            )
        return lifted

    def _opened(self, job_ids: list[str]) -> list[Link]:
        return [link for chunk in _chunks(job_ids) for link in self.links.opened(chunk)]


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
