"""People of every role, and what they may and may not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from tests.builders import MONDAY_NOON as NOW
from tests.builders import PERIOD, a_job, a_membership, a_study, a_subscription, a_user
from tests.integration.graphql_api.rows import Rows
from trial_reports.identifiers import new_id
from trial_reports.jobs.models import Artifact, Job, JobError, OpenDeadLetter, Report
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.users.models import Membership, User

Role = Literal[
    "participant",
    "coordinator of the site",
    "coordinator of another site",
    "coordinator of the study",
    "operator of the study",
    "operator of all studies",
    "operator of another study",
    "nothing any more",
]
Whose = Literal["own", "same site", "another site", "another study", "missing"]
ROLES: tuple[Role, ...] = get_args(Role)
WHOSE: tuple[Whose, ...] = get_args(Whose)

PAST = datetime(2026, 6, 1, tzinfo=UTC)
HOME = "stu_home"
"""Where everybody but the participant takes part; they have no other role in it."""


@dataclass(frozen=True)
class Place:
    """What somebody may ask for: a person's rows, or ids that lead nowhere."""

    user_id: str
    study_id: str
    site_id: str
    subscription_id: str
    job_id: str
    """Of a completed report."""
    failed_job_id: str
    exists: bool = True


MISSING = Place(
    user_id="usr_none",
    study_id="stu_none",
    site_id="site_none",
    subscription_id="sub_none",
    job_id="job_none",
    failed_job_id="job_none_failed",
    exists=False,
)


def _at_home(*others: Membership) -> tuple[Membership, ...]:
    return (a_membership(HOME, site_id="site_home"), *others)


def _ended() -> tuple[Membership, ...]:
    running = _at_home(
        a_membership(role="coordinator"),
        a_membership(role="operator"),
        a_membership("*", role="operator"),
    )
    return tuple(place.model_copy(update={"until": PAST}) for place in running)


MEMBERSHIPS: dict[Role, tuple[Membership, ...]] = {
    "participant": (a_membership(site_id="site_a"),),
    "coordinator of the site": _at_home(
        a_membership(role="coordinator", site_id="site_a")
    ),
    "coordinator of another site": _at_home(
        a_membership(role="coordinator", site_id="site_b")
    ),
    "coordinator of the study": _at_home(a_membership(role="coordinator")),
    "operator of the study": _at_home(a_membership(role="operator")),
    "operator of all studies": _at_home(a_membership("*", role="operator")),
    "operator of another study": _at_home(a_membership("stu_two", role="operator")),
    "nothing any more": _ended(),
}


class World:
    """Three studies with everybody's rows, in the database."""

    def __init__(self, database: Rows) -> None:
        self._database = database
        allowing = {"coordinators_open_reports": True}
        for study in ("stu_one", "stu_two", HOME):
            row = a_study(study).model_copy(update=allowing).to_row()
            database["studies"].insert_one(row)
        self.people = {role: self._settle(MEMBERSHIPS[role]) for role in ROLES}
        self._shared: dict[Whose, Place] = {
            "same site": self._stranger("stu_one", "site_a"),
            "another site": self._stranger("stu_one", "site_b"),
            # A site's id means nothing in another study.
            "another study": self._stranger("stu_two", "site_a"),
            "missing": MISSING,
        }

    def place(self, role: Role, whose: Whose) -> Place:
        """Return what somebody of a role asks for."""
        return self.people[role][1] if whose == "own" else self._shared[whose]

    def user(self, role: Role) -> User:
        return self.people[role][0]

    def _stranger(self, study: str, site: str) -> Place:
        return self._settle((a_membership(study, site_id=site),))[1]

    def _settle(self, memberships: Sequence[Membership]) -> tuple[User, Place]:
        user = a_user(memberships=tuple(memberships))
        home = user.memberships[0]
        subscription = a_subscription(user, site_id=home.site_id)
        done, failed = _completed(subscription), _failed(subscription)
        self._database["users"].insert_one(user.to_row())
        self._database["subscriptions"].insert_one(subscription.to_row())
        jobs = [done.to_row(), failed.to_row()]
        self._database["report_jobs"].insert_many(jobs)
        place = Place(
            user_id=user.id,
            study_id=home.study_id,
            site_id=home.site_id or "",
            subscription_id=subscription.id,
            job_id=done.id,
            failed_job_id=failed.id,
        )
        return user, place


def _of(subscription: ReportSubscription, **more: Any) -> Job:
    return a_job(
        subscription_id=subscription.id,
        user_id=subscription.user_id,
        study_id=subscription.study_id,
        site_id=subscription.site_id,
        run="run_one",
        batch=0,
        **more,
    )


def _completed(subscription: ReportSubscription) -> Job:
    artifact = Artifact(uri="s3://bucket/report.pdf", sha256="0" * 64, size=1)
    report = Report(artifact=artifact, pages=1, cut_off=NOW, made_at=NOW)
    return _of(subscription, status="completed", completed_at=NOW, report=report)


def _failed(subscription: ReportSubscription) -> Job:
    letter = OpenDeadLetter(id=new_id("dl"), stage="fetch", failed_at=NOW, sent_at=NOW)
    return _of(
        subscription,
        period=PERIOD.earlier(1),
        status="failed",
        error=JobError(code="file_unreadable", message="A file cannot be read."),
        dead_letter=letter,
        failures=1,
    )
