"""Opening a report: every condition, every time, and a URL that lives briefly."""

from dataclasses import dataclass
from datetime import datetime

from trial_reports.delivery.links import Links
from trial_reports.delivery.models import Link
from trial_reports.delivery.recalls import Recalls
from trial_reports.errors import RequestError
from trial_reports.identifiers import fingerprint
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
        url_seconds: How long a URL works; whoever holds it can download.
    """

    links: Links
    recalls: Recalls
    jobs: Jobs
    users: Users
    storage: Storage
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
        if job is None or job.report is None:
            return None
        if job.user_id != user.id or not user.participates(job.study_id, now):
            return None
        if self.recalls.closes(job):
            return None
        uri = job.report.artifact.uri
        return self.storage.presign(uri, self.url_seconds, DOWNLOAD_NAME)


def _still_reaches(link: Link, user: User) -> bool:
    return user.email_consent and fingerprint(user.email) == link.sent_to


def _unavailable() -> RequestError:
    return RequestError("report_unavailable", "This report is no longer available.")
