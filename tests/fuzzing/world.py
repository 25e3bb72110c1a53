"""People of every role, rows about several of them, and what nobody may be shown."""

from dataclasses import dataclass
from typing import Any

from pymongo.database import Database

from tests.builders import (
    MONDAY_NOON,
    PERIOD,
    a_document,
    a_job,
    a_membership,
    a_study,
    a_subscription,
    a_user,
)
from trial_reports.delivery.models import Claim, Delivery
from trial_reports.identifiers import new_id
from trial_reports.jobs.models import (
    Artifact,
    JobError,
    OpenDeadLetter,
    Report,
)
from trial_reports.runs.models import Run
from trial_reports.storage.storage import Storage
from trial_reports.users.models import Membership, User

MEMBERSHIPS: dict[str, tuple[Membership, ...]] = {
    "ada": (a_membership("stu_one", site_id="sit_a"),),
    "ben": (a_membership("stu_one", site_id="sit_b"),),
    "cho": (a_membership("stu_two", site_id="sit_a"),),
    "coordinator": (a_membership("stu_one", role="coordinator", site_id="sit_a"),),
    "operator": (a_membership("stu_one", role="operator"),),
    "chief": (a_membership("*", role="operator"),),
    "stranger": (),
}
_ROWS_SEEN_BY = {
    "ada": {"ada", "coordinator", "operator", "chief"},
    "ben": {"ben", "operator", "chief"},
    "cho": {"cho", "chief"},
}
"""Whose rows are whose to see; a coordinator's site means nothing elsewhere."""


@dataclass(frozen=True)
class World:
    """Who there is, by a name of the test's own, and what there is to ask for."""

    people: dict[str, User]
    known: dict[str, list[str]]
    """Values that mean something, by the name of the argument that takes them."""
    hidden: dict[str, list[str]]
    """For each person what must not stand in an answer to them."""


def a_world(database: Database[dict[str, Any]], storage: Storage, uri: str) -> World:
    """Put everything in its place.

    Args:
        database: The test's own.
        storage: The test's own.
        uri: Of the folder for reports.
    """
    people = {
        name: a_user(
            name=f"CANARY-name-of-{name}",
            email=f"canary-{name}-{new_id('ada')}@example.org",
            memberships=memberships,
        )
        for name, memberships in MEMBERSHIPS.items()
    }
    database["users"].insert_many([it.to_row() for it in people.values()])
    database["studies"].insert_many([a_study(it).to_row() for it in _STUDIES])
    database["runs"].insert_one(
        Run(
            id="run_one", as_of=MONDAY_NOON, reason="weekly", planned_at=MONDAY_NOON
        ).to_row()
    )
    rows = {
        name: _rows_of(people[name], database, storage, uri) for name in _ROWS_SEEN_BY
    }
    ids = [it for those in rows.values() for it in those]
    return World(
        people,
        known={
            "id": ids,
            "jobId": [it for it in ids if it.startswith("job_")],
            "subscriptionId": [it for it in ids if it.startswith("sub_")],
            "studyId": list(_STUDIES),
            "siteId": ["sit_a", "sit_b"],
            "userId": [it.id for it in people.values()],
            "period": ["2026-W47", "2026-W46", "2026-W48"],
            "idempotencyKey": ["key-of-a-decision-1", "key-of-a-decision-2"],
            "reason": ["because"],
            "purpose": ["a question by phone"],
            "after": ids,
        },
        hidden={
            name: [
                "CANARY-diary",
                *(it.name for it in people.values() if it != user),
                *(it.email for it in people.values() if it != user),
                *(
                    row
                    for whose, those in rows.items()
                    if name not in _ROWS_SEEN_BY[whose]
                    for row in those
                ),
            ]
            for name, user in people.items()
        },
    )


_STUDIES = ("stu_one", "stu_two")


def _rows_of(
    user: User, database: Database[dict[str, Any]], storage: Storage, uri: str
) -> list[str]:
    """Write a person's documents, subscription and two jobs; return their ids."""
    study, site = user.memberships[0].study_id, user.memberships[0].site_id
    diary = a_document(user, data={"mood": 2, "text": "CANARY-diary"})
    subscription = a_subscription(user, study_id=study, site_id=site)
    about: dict[str, Any] = {
        "subscription_id": subscription.id,
        "user_id": user.id,
        "study_id": study,
        "site_id": site,
        "run": "run_one",
        "batch": 0,
    }
    name = f"{uri}/{new_id('obj')}.pdf"
    stored = storage.create(name, b"%PDF CANARY-diary", "application/pdf")
    reported = a_job(
        id=new_id("job"),
        status="completed",
        completed_at=MONDAY_NOON,
        report=Report(
            artifact=Artifact(uri=name, sha256=stored.sha256, size=stored.size),
            pages=1,
            cut_off=MONDAY_NOON,
            made_at=MONDAY_NOON,
        ),
        **about,
    )
    failed = a_job(
        id=new_id("job"),
        period=PERIOD.parse("2026-W46", "UTC"),
        status="failed",
        error=JobError(code="unreadable", message="A record cannot be read."),
        dead_letter=OpenDeadLetter(
            id=new_id("dlt"), stage="fetch", failed_at=MONDAY_NOON
        ),
        failures=1,
        **about,
    )
    mailed = Delivery(
        id=new_id("dlv"),
        job_id=reported.id,
        user_id=user.id,
        status="accepted",
        claim=Claim(attempt="run_one/email/0/1", at=MONDAY_NOON),
        provider_message_id=new_id("msg"),
        settled_at=MONDAY_NOON,
    )
    database["documents"].insert_one(diary.to_row())
    database["subscriptions"].insert_one(subscription.to_row())
    database["report_jobs"].insert_many([reported.to_row(), failed.to_row()])
    database["deliveries"].insert_one(mailed.to_row())
    return [subscription.id, reported.id, failed.id]
