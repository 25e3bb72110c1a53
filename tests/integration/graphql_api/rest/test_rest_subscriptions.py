"""``/api/subscriptions``, beyond the examples of the product's document."""

from typing import Any

import httpx
import pytest
from pymongo.database import Database

from tests.builders import a_job, a_membership, a_study, a_user
from tests.integration.graphql_api.client import ApiClient
from tests.integration.graphql_api.rest.person import Person
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions

Rows = Database[dict[str, Any]]


def _refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is a problem, and return it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["requestId"] == answer.headers["X-Request-Id"]
    return problem


def _somebody_else(api: ApiClient, database: Rows) -> Person:
    other = a_user()
    database["users"].insert_one(other.to_row())
    return Person(api, other)


def test_repeating_a_wish_is_answered_with_the_same_subscription(
    person: Person,
) -> None:
    first = person.subscribe(filters={"fileTypes": ["pdf", "jpg"]})
    again = person.subscribe(filters={"fileTypes": ["jpg", "pdf"]})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert "Location" not in again.headers


def test_another_wish_is_a_conflict_that_shows_what_there_is(person: Person) -> None:
    subscription_id = person.subscribed()

    problem = _refused(
        person.subscribe(filters={"dateRange": "last_4_weeks"}), 409, "conflict"
    )

    there = person.ask("GET", f"/subscriptions/{subscription_id}").json()
    assert problem["subscription"] == there


def test_nobody_subscribes_for_somebody_else(
    person: Person, api: ApiClient, database: Rows
) -> None:
    other = _somebody_else(api, database)

    foreign = person.subscribe(userId=other.user.id)
    missing = person.subscribe(userId="usr_none")

    first, second = (
        _refused(answer, 404, "user_not_found") for answer in (foreign, missing)
    )
    assert first | {"requestId": ""} == second | {"requestId": ""}
    assert database["subscriptions"].count_documents({}) == 0


def test_who_takes_part_in_two_studies_names_one(
    api: ApiClient, database: Rows
) -> None:
    user = a_user(memberships=(a_membership(), a_membership("stu_two")))
    database["users"].insert_one(user.to_row())
    for study in (a_study(), a_study("stu_two")):
        database["studies"].insert_one(study.to_row())
    person = Person(api, user)

    _refused(person.subscribe(), 422, "study_not_named")

    subscription_id = person.subscribed(studyId="stu_two")
    found = person.ask("GET", f"/subscriptions/{subscription_id}").json()
    assert found["studyId"] == "stu_two"


@pytest.mark.parametrize("study", ["", "stu_none", "stu_other"])
def test_a_foreign_study_looks_like_a_missing_one(
    person: Person, database: Rows, study: str
) -> None:
    database["studies"].insert_one(a_study("stu_other").to_row())

    _refused(person.subscribe(studyId=study), 404, "study_not_found")


@pytest.mark.parametrize(
    ("lacking", "code"),
    [
        ({"emailVerifiedAt": None}, "email_not_verified"),
        ({"emailConsent": False}, "email_consent_missing"),
    ],
)
def test_who_cannot_be_mailed_is_told_what_to_do_first(
    person: Person, database: Rows, lacking: dict[str, Any], code: str
) -> None:
    database["users"].update_one({"_id": person.user.id}, {"$set": lacking})

    problem = _refused(person.subscribe(), 403, code)

    assert problem["detail"].startswith("Please ")


def test_a_whole_subscription_is_shown_with_its_revision(person: Person) -> None:
    subscription_id = person.subscribed()

    found = person.ask("GET", f"/subscriptions/{subscription_id}")

    assert found.headers["ETag"] == '"1"'
    assert found.json() == {
        "subscriptionId": subscription_id,
        "userId": person.user.id,
        "studyId": "stu_one",
        "reportType": "weekly",
        "filters": {"dateRange": "last_week", "fileTypes": None},
        "status": "active",
        "disabledReason": None,
        "timeZone": "UTC",
        "nextRun": "2026-11-30T12:00:00Z",
        "createdAt": "2026-11-23T12:00:00Z",
        "updatedAt": "2026-11-23T12:00:00Z",
    }


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"status": "paused"}),
        ("DELETE", "", None),
        ("GET", "/jobs", None),
    ],
)
def test_somebody_elses_subscription_looks_like_a_missing_one(
    person: Person,
    api: ApiClient,
    database: Rows,
    method: str,
    path: str,
    body: dict[str, str] | None,
) -> None:
    theirs = person.subscribed()
    other = _somebody_else(api, database)

    foreign = other.ask(method, f"/subscriptions/{theirs}{path}", body)
    missing = other.ask(method, f"/subscriptions/sub_none{path}", body)

    first, second = (
        _refused(answer, 404, "subscription_not_found") for answer in (foreign, missing)
    )
    assert first | {"requestId": ""} == second | {"requestId": ""}
    there = person.ask("GET", f"/subscriptions/{theirs}").json()
    assert there["status"] == "active"


def test_a_change_merges_into_the_revision_that_was_seen(person: Person) -> None:
    path = f"/subscriptions/{person.subscribed(filters={'fileTypes': ['pdf']})}"
    seen = {"If-Match": person.ask("GET", path).headers["ETag"]}

    paused = person.ask("PATCH", path, {"status": "paused"}, seen)
    late = person.ask("PATCH", path, {"filters": {"dateRange": "last_2_weeks"}}, seen)

    assert (paused.status_code, paused.headers["ETag"]) == (200, '"2"')
    assert paused.json()["nextRun"] is None
    problem = _refused(late, 412, "conflict")
    assert late.headers["ETag"] == '"2"'
    assert problem["subscription"] == paused.json()

    again = person.ask(
        "PATCH",
        path,
        {"status": "active", "filters": {"dateRange": "last_2_weeks"}},
        {"If-Match": late.headers["ETag"]},
    )
    assert again.json()["status"] == "active"
    assert again.json()["filters"] == {
        "dateRange": "last_2_weeks",
        "fileTypes": ["pdf"],
    }


@pytest.mark.parametrize("body", [{}, {"filters": {}}, {"status": "active"}])
def test_a_change_of_nothing_changes_nothing(
    person: Person, body: dict[str, Any]
) -> None:
    path = f"/subscriptions/{person.subscribed(filters={'fileTypes': []})}"
    before = person.ask("GET", path)

    changed = person.ask("PATCH", path, body)

    assert changed.json() == before.json()
    assert changed.headers["ETag"] == before.headers["ETag"]


def test_ending_cancels_the_jobs_and_is_final(person: Person, database: Rows) -> None:
    subscription_id = person.subscribed()
    path = f"/subscriptions/{subscription_id}"
    job = a_job(subscription_id=subscription_id, user_id=person.user.id)
    Transitions(database).create([job])

    assert person.ask("DELETE", path).status_code == 204

    cancelled = Jobs(database).find(job.id)
    assert cancelled is not None
    assert cancelled.status == "cancelled"
    shown = person.ask("GET", path).json()
    assert (shown["status"], shown["nextRun"]) == ("unsubscribed", None)
    _refused(person.ask("PATCH", path, {"status": "active"}), 409, "subscription_ended")
    assert person.subscribed() != subscription_id


SECRET = "cutaneous-melanoma"


@pytest.mark.parametrize(
    ("wrong", "place", "hint"),
    [
        ({"filters": {"dateRange": SECRET}}, "#/filters/dateRange", "'last_4_weeks'"),
        ({"filters": {"fileTypes": ["pdf", SECRET]}}, "#/filters/fileTypes/1", "'gif'"),
        ({"reportType": SECRET}, "#/reportType", "'weekly'"),
        ({"filters": {SECRET: 1}}, "#/filters", "not permitted"),
        ({SECRET: 1}, "#", "not permitted"),
        ({"user_id": SECRET}, "#", "not permitted"),
        ({"userId": 7}, "#/userId", "string"),
        ({"studyId": SECRET * 9}, "#/studyId", "64 characters"),
    ],
)
def test_what_does_not_fit_is_told_where_and_why_but_not_repeated(
    person: Person, database: Rows, wrong: dict[str, Any], place: str, hint: str
) -> None:
    answer = person.subscribe(**wrong)

    problem = _refused(answer, 422, "invalid_request")
    assert [error["place"] for error in problem["errors"]] == [place]
    assert hint in problem["errors"][0]["detail"]
    assert SECRET not in answer.text
    assert database["subscriptions"].count_documents({}) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "unsubscribed"},
        {"status": "disabled"},
        {"filters": None},
        {"filters": {"dateRange": None}},
        {"revision": 3},
        [],
        "paused",
    ],
)
def test_a_change_that_is_none_of_the_contracts_is_refused(
    person: Person, wrong: object
) -> None:
    path = f"/subscriptions/{person.subscribed()}"

    _refused(person.ask("PATCH", path, wrong), 422, "invalid_request")

    assert person.ask("GET", path).headers["ETag"] == '"1"'


def test_what_is_no_json_is_refused_as_such(person: Person, api: ApiClient) -> None:
    token = person.ask("GET", "/jobs/none").request.headers["Authorization"]
    answer = api.post(
        "/api/subscriptions",
        content=b'{"userId": cutaneous',
        headers={"Authorization": token, "Content-Type": "application/json"},
    )

    problem = _refused(answer, 422, "invalid_request")
    assert problem["errors"] == [{"place": "#", "detail": "JSON decode error"}]


def test_who_has_not_signed_in_is_asked_to(api: ApiClient) -> None:
    for path in ("subscriptions/sub_one", "subscriptions/sub_one/jobs", "jobs/job_one"):
        answer = api.get(f"/api/{path}")

        _refused(answer, 401, "not_signed_in")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_ways_that_lead_nowhere_are_problems_too(person: Person) -> None:
    _refused(person.ask("GET", "/reports"), 404, "http_404")
    _refused(person.ask("PUT", "/subscriptions/sub_one", {}), 405, "http_405")
