"""Small builders of the product's values, complete but for what a test is about."""

from datetime import UTC, datetime
from typing import Any

from trial_reports.audit.trail import Decision
from trial_reports.documents.models import Document
from trial_reports.identifiers import derived_id, new_id
from trial_reports.jobs.models import Attempt, Job, Stage
from trial_reports.periods.models import ReportingPeriod
from trial_reports.studies.models import KindRule, ParticipantReport, Study
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.users.models import Membership, User

MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""A weekly tick; the week it reports on is 2026-W47."""

WEDNESDAY = datetime(2026, 11, 18, 9, tzinfo=UTC)
"""A moment in the reported week."""

PERIOD = ReportingPeriod.parse("2026-W47", "UTC")


def a_user(**changes: Any) -> User:
    defaults: dict[str, Any] = {
        "id": new_id("usr"),
        "name": "Ada Example",
        "email": f"{new_id('ada')}@example.org",
        "email_verified_at": datetime(2026, 1, 1, tzinfo=UTC),
        "email_consent": True,
        "memberships": (a_membership(),),
    }
    return User(**defaults | changes)


def a_membership(study_id: str = "stu_one", **changes: Any) -> Membership:
    defaults: dict[str, Any] = {
        "study_id": study_id,
        "role": "participant",
        "since": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Membership(**defaults | changes)


def a_study(study_id: str = "stu_one", **kinds: KindRule) -> Study:
    listed = kinds or {"diary": KindRule(fields=("mood", "text"))}
    return Study(
        id=study_id,
        title="A study of examples",
        contact="study@example.org",
        emergency="112",
        participant_report=ParticipantReport(kinds=listed),
    )


def a_document(user: User, **changes: Any) -> Document:
    defaults: dict[str, Any] = {
        "id": new_id("doc"),
        "study_id": user.memberships[0].study_id,
        "user_id": user.id,
        "kind": "diary",
        "recorded_at": WEDNESDAY,
        "stored_at": WEDNESDAY,
        "data": {"mood": 4, "text": "A walk in the park."},
    }
    return Document(**defaults | changes)


def a_subscription(user: User, **changes: Any) -> ReportSubscription:
    defaults: dict[str, Any] = {
        "id": new_id("sub"),
        "user_id": user.id,
        "study_id": user.memberships[0].study_id,
        "time_zone": "UTC",
        "reported_through": PERIOD.start,
        "next_run": MONDAY_NOON,
        "created_at": WEDNESDAY,
        "updated_at": WEDNESDAY,
    }
    return ReportSubscription(**defaults | changes)


def a_job(**changes: Any) -> Job:
    subscription = changes.pop("subscription_id", new_id("sub"))
    period = changes.get("period", PERIOD)
    defaults: dict[str, Any] = {
        "id": derived_id("job", subscription, period.key),
        "subscription_id": subscription,
        "user_id": new_id("usr"),
        "study_id": "stu_one",
        "period": period,
        "created_at": MONDAY_NOON,
        "updated_at": MONDAY_NOON,
    }
    return Job(**defaults | changes)


def a_decision(**changes: Any) -> Decision:
    defaults = {"id": new_id("run"), "by": "olivia", "reason": "a reason"}
    return Decision(**defaults | changes)


def an_attempt(stage: Stage = "fetch", **changes: Any) -> Attempt:
    defaults: dict[str, Any] = {
        "run": "run_one",
        "round": 2,
        "number": 1,
        "last": False,
    }
    return Attempt(stage=stage, **defaults | changes)
