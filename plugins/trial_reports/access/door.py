"""The door of everything that is asked for by id: who is let in, who is refused.

Refusing is the same for what is missing and for what somebody may not see. What
was there and was refused is an audit event: an auditor has to see who tried
(ICH E6(R3), 4.3.4).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from trial_reports.access.caller import EVERY_STUDY, Caller
from trial_reports.access.scope import Scope
from trial_reports.audit.trail import AuditTrail, Decision
from trial_reports.errors import RequestError
from trial_reports.identifiers import new_id
from trial_reports.jobs.models import Job
from trial_reports.jobs.visible import VisibleJobs
from trial_reports.studies.repository import Studies
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.subscriptions.visible import VisibleSubscriptions

T = TypeVar("T")


@dataclass(frozen=True)
class Door:
    """Finds rows for people, each within what they may do with them."""

    jobs: VisibleJobs
    subscriptions: VisibleSubscriptions
    studies: Studies
    audit: AuditTrail

    def job(self, caller: Caller, job_id: str, now: datetime) -> Job:
        """Return a job that somebody may see.

        Raises:
            RequestError: ``job_not_found``.
        """
        found = self._seen(self.jobs.find_visible, caller, "see_job", job_id, now)
        if found is None:
            raise RequestError("job_not_found", "There is no such job.")
        return found

    def operated_job(self, caller: Caller, job_id: str, now: datetime) -> Job:
        """Return a job that somebody may act on as an operator.

        Raises:
            RequestError: ``job_not_found``, or ``not_permitted`` where they may
                see it and no more.
        """
        job = self.job(caller, job_id, now)
        if not caller.operates(job.study_id, now):
            self._note(caller, "operate_job", job_id, now)
            raise _not_permitted("Only operators may do this.")
        return job

    def report_for_coordinator(self, caller: Caller, job_id: str, now: datetime) -> Job:
        """Return a job whose report somebody may open as a coordinator.

        Raises:
            RequestError: ``job_not_found``, or ``not_permitted`` where they are
                no coordinator of its site, or the study does not allow it.
        """
        job = self.job(caller, job_id, now)
        theirs = caller.coordinated(now).holds(
            user_id=job.user_id, study_id=job.study_id, site_id=job.site_id
        )
        study = self.studies.find(job.study_id)
        if not theirs or study is None or not study.coordinators_open_reports:
            self._note(caller, "open_report", job_id, now)
            raise _not_permitted("The study does not allow you to open this report.")
        return job

    def subscription(
        self, caller: Caller, subscription_id: str, now: datetime
    ) -> ReportSubscription:
        """Return a subscription that somebody may see.

        Raises:
            RequestError: ``subscription_not_found``.
        """
        find = self.subscriptions.find_visible
        found = self._seen(find, caller, "see_subscription", subscription_id, now)
        if found is None:
            raise RequestError(
                "subscription_not_found", "There is no such subscription."
            )
        return found

    def own_subscription(
        self, caller: Caller, subscription_id: str, now: datetime
    ) -> ReportSubscription:
        """Return a subscription that is somebody's own, to be changed.

        Raises:
            RequestError: ``subscription_not_found``, or ``not_permitted`` where
                they may see it and no more.
        """
        found = self.subscription(caller, subscription_id, now)
        if found.user_id != caller.user_id:
            self._note(caller, "change_subscription", subscription_id, now)
            raise _not_permitted("Only the subscriber may do this.")
        return found

    def require_operator(self, caller: Caller, study_id: str, now: datetime) -> None:
        """Let an operator of a study through.

        Args:
            caller: The person.
            study_id: The study; `EVERY_STUDY` for what concerns all of them.
            now: The time of the request, UTC.

        Raises:
            RequestError: ``study_not_found``, for an operator of all studies as
                well, or ``not_permitted`` where the person belongs to the study
                as something else.
        """
        exists = study_id == EVERY_STUDY or self.studies.find(study_id) is not None
        if exists and caller.operates(study_id, now):
            return
        if exists:
            self._note(caller, "operate_study", study_id, now)
        if study_id == EVERY_STUDY or caller.belongs_to(study_id, now):
            raise _not_permitted("Only operators may do this.")
        raise RequestError("study_not_found", "There is no such study.")

    def _seen(
        self,
        find: Callable[[Scope, str], T | None],
        caller: Caller,
        action: str,
        id_: str,
        now: datetime,
    ) -> T | None:
        """Return what somebody may see; note it if they tried to see what is there."""
        found = find(caller.scope(now), id_)
        if found is None and find(Scope.everything(), id_) is not None:
            self._note(caller, action, id_, now)
        return found

    def _note(self, caller: Caller, action: str, subject: str, now: datetime) -> None:
        refused = Decision(new_id("dec"), caller.user_id, "Not permitted.")
        self.audit.record(refused, "deny", subject, now, what=action)


def _not_permitted(message: str) -> RequestError:
    return RequestError("not_permitted", message)
