"""Calling back a study's reports of a week that should not be read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from trial_reports.audit.trail import AuditTrail, Decision
from trial_reports.delivery.links import Links
from trial_reports.delivery.models import Link
from trial_reports.delivery.recalls import RECALLED, Recalls
from trial_reports.errors import RequestError
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import Job, JobError
from trial_reports.jobs.repository import Jobs
from trial_reports.studies.repository import Studies

_CHUNK = 1000
_REASON = JobError(
    code=RECALLED, message="The study's reports of the week are recalled."
)


@dataclass(frozen=True)
class RecallResult:
    """What a recall did, or would do.

    Attributes:
        mailed: Jobs whose mail had been sent: only they need a resend once the
            reports are made anew, the others are mailed by themselves.
        unsent: How many jobs were cancelled.
        links: How many links were closed.
        opened: The links through which somebody had opened a report before.
    """

    mailed: list[str]
    unsent: int
    links: int
    opened: list[Link]


@dataclass(frozen=True)
class ReportRecalling:
    """Recalls a study's reports of one period."""

    studies: Studies
    jobs: Jobs
    decisions: Decisions
    recalls: Recalls
    links: Links
    audit: AuditTrail

    def preview(self, study_id: str, period: str) -> RecallResult:
        """Tell what a recall would do, and do nothing.

        Raises:
            RequestError: ``study_not_found``.
        """
        self._require(study_id)
        jobs = list(self.jobs.of_period(study_id, period))
        ids = [job.id for job in jobs]
        return RecallResult(
            mailed=_mailed(jobs),
            unsent=sum(job.status not in ("completed", "cancelled") for job in jobs),
            links=sum(self.links.count_open(chunk) for chunk in _chunks(ids)),
            opened=self._opened(ids),
        )

    def recall(
        self, study_id: str, period: str, decision: Decision, now: datetime
    ) -> RecallResult:
        """Cancel what is not sent, and close every link to what is.

        The recall is written first: from then on no mail goes and no report
        opens. A mail that is with the provider already arrives, and leads to a
        closed link. Repeating a recall that was interrupted finishes it.

        Args:
            study_id: The study.
            period: The week's key, such as ``2026-W47``.
            decision: Whose it is, and why.
            now: The time of the call, UTC.

        Raises:
            RequestError: ``study_not_found``.
        """
        self._require(study_id)
        self.audit.record(decision, "recall_reports", study_id, now, period=period)
        self.recalls.add(study_id, period, decision, now)
        unsent = self.decisions.cancel_period(study_id, period, _REASON, now)
        jobs = list(self.jobs.of_period(study_id, period))
        ids = [job.id for job in jobs]
        return RecallResult(
            mailed=_mailed(jobs),
            unsent=unsent,
            links=sum(self.links.revoke(chunk, now) for chunk in _chunks(ids)),
            opened=self._opened(ids),
        )

    def lift(
        self, study_id: str, period: str, decision: Decision, now: datetime
    ) -> bool:
        """Let new reports of the period be made and read.

        The recalled ones and their links stay closed.

        Returns:
            Whether the period was recalled.

        Raises:
            RequestError: ``study_not_found``.
        """
        self._require(study_id)
        self.audit.record(decision, "lift_recall", study_id, now, period=period)
        return self.recalls.lift(study_id, period, now)

    def _require(self, study_id: str) -> None:
        if self.studies.find(study_id) is None:
            raise RequestError("study_not_found", "There is no such study.")

    def _opened(self, job_ids: list[str]) -> list[Link]:
        return [link for chunk in _chunks(job_ids) for link in self.links.opened(chunk)]


def _mailed(jobs: Iterable[Job]) -> list[str]:
    return [job.id for job in jobs if job.status == "completed"]


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
