"""Opening a report: every condition, every time, and a URL that lives briefly."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from trial_reports.access.caller import Caller
from trial_reports.audit.trail import AuditTrail, Decision
from trial_reports.delivery.links import Links
from trial_reports.delivery.models import Link
from trial_reports.delivery.recalls import Recalls
from trial_reports.errors import RequestError
from trial_reports.identifiers import fingerprint, new_id
from trial_reports.jobs.models import Job
from trial_reports.jobs.repository import Jobs
from trial_reports.storage.storage import Storage
from trial_reports.users.models import User
from trial_reports.users.repository import Users

DOWNLOAD_NAME = "report.pdf"
"""Says nothing about the reader or the study on a shared device."""


@dataclass(frozen=True)
class ReportOpening:
    """Gives out URLs of reports.

    Args:
        links: The links in the mails.
        recalls: The recalled weeks, whose reports open for nobody.
        jobs: The jobs with their reports.
        users: The readers.
        storage: Where the reports are.
        audit: Where a coordinator's opening is noted.
        url_seconds: How long a URL works; whoever holds it can download.
    """

    links: Links
    recalls: Recalls
    jobs: Jobs
    users: Users
    storage: Storage
    audit: AuditTrail
    url_seconds: int

    def by_link(self, token: str, now: datetime) -> str:
        """Return a download URL for whoever holds the token of a mailed link.

        Unsubscribing does not close a link; withdrawing from the study or from
        e-mail, a change of address and a revocation do.

        Args:
            token: What the link ends with.
            now: The time of the request, UTC.

        Raises:
            RequestError: ``link_expired``; otherwise ``report_unavailable``,
                the same for a token that never was and for a withdrawn person.
            StageError: Storage cannot sign at the moment.
        """
        link = self.links.find(token)
        if link is None or link.revoked_at is not None:
            raise _unavailable()
        if link.expires_at <= now:
            raise RequestError("link_expired", "This link has expired.")
        user = self.users.find(link.user_id)
        if user is None or not _still_reaches(link, user):
            raise _unavailable()
        url = self.for_reader(user, self.jobs.find(link.job_id), now)
        if url is None or not self.links.record_opening(link, now):
            raise _unavailable()
        return url

    def for_reader(self, user: User, job: Job | None, now: datetime) -> str | None:
        """Return a download URL for a person known to be the reader.

        Args:
            user: The person.
            job: The job, ``None`` if there is none.
            now: The time of the request, UTC.

        Returns:
            The URL, or ``None`` if there is no report or it is not theirs to
            read: somebody else's, recalled, or of a study they have left.

        Raises:
            StageError: Storage cannot sign at the moment.
        """
        if job is None or job.id not in self.readable_among([job], user, now):
            return None
        return self.mint(job)

    def readable_among(
        self, jobs: Collection[Job], user: User, now: datetime
    ) -> set[str]:
        """Return the ids of those jobs that have a report which a person may read.

        Args:
            jobs: Any jobs.
            user: The person.
            now: The time of the request, UTC.
        """
        own = [
            job
            for job in jobs
            if job.report is not None
            and job.user_id == user.id
            and user.participates(job.study_id, now)
        ]
        return {job.id for job in own} - self.recalls.close_among(own)

    def for_coordinator(
        self, job: Job, caller: Caller, purpose: str, now: datetime
    ) -> str:
        """Return a download URL for a coordinator whom the study allows that.

        It is an audit event before it is a URL.

        Args:
            job: A job of the coordinator's.
            caller: The coordinator.
            purpose: What for, in their words.
            now: The time of the request, UTC.

        Raises:
            RequestError: ``report_unavailable``: there is none, it is recalled,
                or its reader has left the study.
            StageError: Storage cannot sign at the moment.
        """
        reader = self.users.find(job.user_id)
        if reader is None or not self.readable_among([job], reader, now):
            raise _unavailable()
        opening = Decision(new_id("dec"), caller.user_id, purpose)
        self.audit.record(opening, "open_report", job.id, now)
        return self.mint(job)

    def mint(self, job: Job) -> str:
        """Return a download URL of a report that may be read.

        Raises:
            StageError: Storage cannot sign at the moment.
        """
        if job.report is None:
            raise LookupError(f"{job.id} has no report")
        uri = job.report.artifact.uri
        return self.storage.presign(uri, self.url_seconds, DOWNLOAD_NAME)


def _still_reaches(link: Link, user: User) -> bool:
    return user.email_consent and fingerprint(user.email) == link.sent_to


def _unavailable() -> RequestError:
    return RequestError("report_unavailable", "This report is no longer available.")
