"""``/api/jobs`` and a subscription's jobs."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON, PERIOD, a_decision, a_job, a_user
from tests.integration.graphql_api.client import ApiClient
from tests.integration.graphql_api.rest.person import Person
from trial_reports.delivery.recalls import Recalls
from trial_reports.jobs.models import Job, JobError
from trial_reports.jobs.transitions import Transitions

Rows = Database[dict[str, Any]]
LEFT = JobError(code="unsubscribed", message="The subscription has ended.")
BROKEN = JobError(code="file_unreadable", message="The file fil_1 cannot be read.")


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ({}, {"status": "pending", "error": None}),
        ({"status": "processing"}, {"status": "processing", "error": None}),
        (
            {"status": "failed", "error": BROKEN},
            {
                "status": "failed",
                "error": "file_unreadable: The file fil_1 cannot be read.",
            },
        ),
        (
            {"status": "cancelled", "error": LEFT, "completed_at": MONDAY_NOON},
            {
                "status": "failed",
                "error": "cancelled: The subscription has ended.",
                "completedAt": "2026-11-23T12:00:00Z",
            },
        ),
    ],
)
def test_a_job_says_how_it_is_coming_along_in_the_contracts_words(
    person: Person, database: Rows, state: dict[str, Any], shown: dict[str, Any]
) -> None:
    job = a_job(user_id=person.user.id, **state)
    Transitions(database).create([job])

    answer = person.ask("GET", f"/jobs/{job.id}")

    assert answer.status_code == 200
    assert answer.json() == {
        "jobId": job.id,
        "subscriptionId": job.subscription_id,
        "createdAt": "2026-11-23T12:00:00Z",
        "completedAt": None,
        "reportUrl": None,
        **shown,
    }


def test_a_report_that_is_made_anew_is_downloaded_when_it_is_there_again(
    person: Person, reported: Job, database: Rows
) -> None:
    path = f"/jobs/{reported.id}"
    assert person.ask("GET", path).json()["reportUrl"]
    anew = {"$set": {"status": "processing"}}
    database["report_jobs"].update_one({"_id": reported.id}, anew)

    assert person.ask("GET", path).json()["reportUrl"] is None


def test_whoever_left_the_study_gets_no_download(
    person: Person, reported: Job, database: Rows
) -> None:
    left = {"$set": {"memberships.0.until": MONDAY_NOON}}
    database["users"].update_one({"_id": person.user.id}, left)

    answer = person.ask("GET", f"/jobs/{reported.id}").json()

    assert (answer["status"], answer["reportUrl"]) == ("completed", None)


def test_somebody_elses_job_looks_like_a_missing_one(
    reported: Job, api: ApiClient, database: Rows
) -> None:
    user = a_user()
    database["users"].insert_one(user.to_row())
    other = Person(api, user)

    foreign = other.ask("GET", f"/jobs/{reported.id}")
    missing = other.ask("GET", "/jobs/job_none")

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.json()["code"] == "job_not_found"
    assert foreign.json()["detail"] == missing.json()["detail"]


def test_a_long_history_is_read_page_by_page(person: Person, database: Rows) -> None:
    subscription_id = person.subscribed()
    newest_first = [
        a_job(
            subscription_id=subscription_id,
            user_id=person.user.id,
            period=PERIOD.earlier(weeks),
            created_at=MONDAY_NOON - weeks * timedelta(days=7),
        )
        for weeks in range(25)
    ]
    Transitions(database).create(newest_first)
    path = f"/subscriptions/{subscription_id}/jobs"

    first = person.ask("GET", path).json()
    second = person.ask("GET", f"{path}?after={first['next']}").json()
    few = person.ask("GET", f"{path}?limit=2").json()

    shown = [job["jobId"] for job in first["jobs"] + second["jobs"]]
    assert shown == [job.id for job in newest_first]
    assert len(first["jobs"]) == 20
    assert second["next"] is None
    assert len(few["jobs"]) == 2


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "invalid_request"),
        ("limit=51", "invalid_request"),
        ("limit=many", "invalid_request"),
        ("offset=20", "invalid_request"),
        ("after=job_none", "cursor_unknown"),
    ],
)
def test_a_page_that_cannot_be_is_refused(
    person: Person, query: str, code: str
) -> None:
    path = f"/subscriptions/{person.subscribed()}/jobs"

    answer = person.ask("GET", f"{path}?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_page_has_the_urls_that_a_job_has_alone_and_reads_recalls_once(
    person: Person, reported: Job, database: Rows
) -> None:
    subscription_id = person.subscribed()
    others = [
        a_job(
            subscription_id=subscription_id,
            user_id=person.user.id,
            period=PERIOD.earlier(weeks),
            status=status,
            completed_at=MONDAY_NOON if status == "completed" else None,
            report=reported.report,
            created_at=MONDAY_NOON - timedelta(weeks=weeks),
        )
        for weeks, status in enumerate(["completed", "pending", "completed"])
    ]
    Transitions(database).create(others)
    recalled = others[2].period.key
    decision = a_decision()
    Recalls(database).add("stu_one", recalled, decision, MONDAY_NOON)
    database.command("profile", 2)

    page = person.ask("GET", f"/subscriptions/{subscription_id}/jobs").json()

    database.command("profile", 0)
    readings = {"op": "query", "ns": f"{database.name}.recalls"}
    assert database["system.profile"].count_documents(readings) == 1
    shown = [(job["jobId"], job["reportUrl"] is not None) for job in page["jobs"]]
    assert shown == [(others[0].id, True), (others[1].id, False), (others[2].id, False)]
    for job in page["jobs"]:
        alone = person.ask("GET", f"/jobs/{job['jobId']}").json()
        assert (alone["reportUrl"] is None) == (job["reportUrl"] is None)
