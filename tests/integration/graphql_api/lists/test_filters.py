"""Lists narrowed down: everything that is given has to be true."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import (
    MONDAY_NOON,
    PERIOD,
    a_job,
    a_membership,
    a_study,
    a_subscription,
    a_user,
)
from tests.integration.graphql_api.asking import ask, ids_of
from tests.integration.graphql_api.client import ApiClient
from tests.integration.graphql_api.rows import Rows
from trial_reports.delivery.models import Claim, Delivery
from trial_reports.identifiers import new_id
from trial_reports.jobs.models import Job, JobError, OpenDeadLetter
from trial_reports.users.models import User

SUBSCRIPTIONS = """
query ($filter: SubscriptionsFilter) {
  subscriptions(filter: $filter) { edges { node { id } } }
}
"""
JOBS = "query ($filter: JobsFilter) { jobs(filter: $filter) { edges { node { id } } } }"
LETTERS = """
query ($filter: DeadLettersFilter) {
  deadLetters(filter: $filter) { edges { node { id } } }
}
"""


@pytest.fixture
def operator(database: Rows) -> User:
    user = a_user(memberships=(a_membership("*", role="operator"),))
    database["users"].insert_one(user.to_row())
    for study in ("stu_one", "stu_two"):
        database["studies"].insert_one(a_study(study).to_row())
    return user


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, {"plain", "paused", "site", "two"}),
        ({"studyId": "stu_two"}, {"two"}),
        ({"siteId": "site_a"}, {"site"}),
        ({"status": "PAUSED"}, {"paused"}),
        ({"studyId": "stu_one", "status": "ACTIVE"}, {"plain", "site"}),
        ({"studyId": "stu_two", "siteId": "site_a"}, set()),
        ({"studyId": "stu_none"}, set()),
    ],
)
def test_subscriptions(
    api: ApiClient,
    database: Rows,
    operator: User,
    wanted: dict[str, Any],
    found: set[str],
) -> None:
    rows = {
        "plain": {},
        "paused": {"status": "paused"},
        "site": {"site_id": "site_a"},
        "two": {"study_id": "stu_two"},
    }
    for name, changes in rows.items():
        row = a_subscription(a_user(), id=f"sub_{name}", **changes).to_row()
        database["subscriptions"].insert_one(row)

    page = ask(api, operator, SUBSCRIPTIONS, filter=wanted)

    assert set(ids_of(page)) == {f"sub_{name}" for name in found}


def _mailed(database: Rows, job: Job, status: str, send_no: int = 0) -> None:
    delivery = Delivery(
        id=new_id("del"),
        job_id=job.id,
        user_id=job.user_id,
        send_no=send_no,
        status=status,
        claim=Claim(attempt="a", at=MONDAY_NOON),
    )
    database["deliveries"].insert_one(delivery.to_row())


def test_subscriptions_by_what_became_of_the_present_mail_of_the_newest_job(
    api: ApiClient, database: Rows, operator: User
) -> None:
    def subscribed(name: str, *, sends: int = 0) -> tuple[Job, Job]:
        old, new = (
            a_job(
                subscription_id=name,
                period=PERIOD.earlier(weeks),
                created_at=MONDAY_NOON - timedelta(weeks=weeks),
                send_no=0 if weeks else sends,
            )
            for weeks in (1, 0)
        )
        row = a_subscription(a_user(), id=name).to_row()
        database["subscriptions"].insert_one(row)
        database["report_jobs"].insert_many([old.to_row(), new.to_row()])
        return old, new

    _, bounced = subscribed("sub_bounced")
    _mailed(database, bounced, "bounced")
    older, newest = subscribed("sub_bounced_before")
    _mailed(database, older, "bounced")
    _mailed(database, newest, "delivered")
    _, resent = subscribed("sub_resent", sends=1)
    _mailed(database, resent, "bounced")
    _mailed(database, resent, "delivered", send_no=1)
    subscribed("sub_not_mailed")

    def found(status: str) -> set[str]:
        wanted = {"deliveryStatus": status}
        return set(ids_of(ask(api, operator, SUBSCRIPTIONS, filter=wanted)))

    assert found("BOUNCED") == {"sub_bounced"}
    assert found("DELIVERED") == {"sub_bounced_before", "sub_resent"}
    assert found("UNKNOWN") == set()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, {"plain", "failed", "two", "old"}),
        ({"studyId": "stu_two"}, {"two"}),
        ({"subscriptionId": "sub_plain"}, {"plain"}),
        ({"status": "FAILED"}, {"failed"}),
        ({"period": "2026-W46"}, {"old"}),
        ({"status": "FAILED", "period": "2026-W46"}, set()),
        ({"period": "no week"}, set()),
    ],
)
def test_jobs(
    api: ApiClient,
    database: Rows,
    operator: User,
    wanted: dict[str, Any],
    found: set[str],
) -> None:
    rows: dict[str, dict[str, Any]] = {
        "plain": {},
        "failed": {"status": "failed"},
        "two": {"study_id": "stu_two"},
        "old": {"period": PERIOD.earlier(1)},
    }
    for name, changes in rows.items():
        job = a_job(id=f"job_{name}", subscription_id=f"sub_{name}", **changes)
        database["report_jobs"].insert_one(job.to_row())

    page = ask(api, operator, JOBS, filter=wanted)

    assert set(ids_of(page)) == {f"job_{name}" for name in found}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, {"plain", "render", "crash", "two"}),
        ({"studyId": "stu_two"}, {"two"}),
        ({"stage": "RENDER"}, {"render"}),
        ({"cause": "CRASH"}, {"crash"}),
        ({"stage": "RENDER", "cause": "CRASH"}, set()),
    ],
)
def test_dead_letters(
    api: ApiClient,
    database: Rows,
    operator: User,
    wanted: dict[str, Any],
    found: set[str],
) -> None:
    letters: dict[str, dict[str, Any]] = {
        "plain": {},
        "render": {"stage": "render"},
        "crash": {"cause": "crash"},
        "two": {},
    }
    for name, changes in letters.items():
        letter = OpenDeadLetter(**{"id": f"dl_{name}", "stage": "fetch"} | changes)
        failed = a_job(
            study_id="stu_two" if name == "two" else "stu_one",
            status="failed",
            error=JobError(code="broken", message="It broke."),
            dead_letter=letter,
        )
        database["report_jobs"].insert_one(failed.to_row())
    database["report_jobs"].insert_one(a_job(status="failed").to_row())

    page = ask(api, operator, LETTERS, filter=wanted)

    assert set(ids_of(page)) == {f"dl_{name}" for name in found}
