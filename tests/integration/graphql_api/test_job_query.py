"""Asking about a report through GraphQL."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON, a_job, a_user
from tests.integration.graphql_api.client import PDF, ApiClient, Clock
from trial_reports.jobs.models import Job, JobError
from trial_reports.users.models import User

STATUS = """
query ($id: ID!) {
  job(id: $id) {
    ... on Job {
      id subscriptionId status createdAt completedAt
      period { key firstDay lastDay timeZone }
      error { code message }
    }
    ... on Error { message code }
  }
}
"""
URL = "query ($id: ID!) { job(id: $id) { ... on Job { reportUrl } } }"


def _url(api: ApiClient, user: User, job: Job) -> str | None:
    answer = api.graphql(user, URL, id=job.id)
    assert "errors" not in answer
    url: str | None = answer["data"]["job"]["reportUrl"]
    return url


def test_the_reader_sees_how_their_report_is_coming_along(
    api: ApiClient, participant: User, reported: Job
) -> None:
    answer = api.graphql(participant, STATUS, id=reported.id)

    assert answer["data"]["job"] == {
        "id": reported.id,
        "subscriptionId": reported.subscription_id,
        "status": "COMPLETED",
        "createdAt": "2026-11-23T12:00:00Z",
        "completedAt": "2026-11-23T12:00:00Z",
        "period": {
            "key": "2026-W47",
            "firstDay": "2026-11-16",
            "lastDay": "2026-11-22",
            "timeZone": "UTC",
        },
        "error": None,
    }


def test_a_failed_job_says_why(
    api: ApiClient, participant: User, database: Database[dict[str, Any]]
) -> None:
    why = JobError(code="file_unreadable", message="The file fil_1 cannot be read.")
    job = a_job(user_id=participant.id, status="failed", error=why)
    database["report_jobs"].insert_one(job.to_row())

    found = api.graphql(participant, STATUS, id=job.id)["data"]["job"]

    assert found["status"] == "FAILED"
    assert found["completedAt"] is None
    assert found["error"] == {"code": why.code, "message": why.message}


@pytest.mark.usefixtures("participant")
def test_somebody_elses_job_looks_like_a_missing_one(
    api: ApiClient, database: Database[dict[str, Any]], reported: Job
) -> None:
    other = a_user()
    database["users"].insert_one(other.to_row())

    foreign = api.graphql(other, STATUS, id=reported.id)
    missing = api.graphql(other, STATUS, id="job_none")

    refusal = {"message": "There is no such job.", "code": "JOB_NOT_FOUND"}
    assert foreign == missing == {"data": {"job": refusal}}


def test_the_reader_downloads_the_report_under_a_neutral_name(
    api: ApiClient, participant: User, reported: Job
) -> None:
    url = _url(api, participant, reported)
    assert url is not None

    download = httpx.get(url, timeout=5, trust_env=False)

    assert download.content == PDF
    assert "report.pdf" in download.headers["Content-Disposition"]
    assert httpx.URL(url).params["X-Amz-Expires"] == "60"


def test_a_url_is_made_only_for_those_who_ask(
    api: ApiClient,
    participant: User,
    reported: Job,
    database: Database[dict[str, Any]],
) -> None:
    # A store that is not set up here: signing would fail.
    elsewhere = {"report.artifact.uri": "gs://elsewhere/report.pdf"}
    database["report_jobs"].update_one({"_id": reported.id}, {"$set": elsewhere})

    status = api.graphql(participant, STATUS, id=reported.id)
    url = api.graphql(participant, URL, id=reported.id)

    assert "errors" not in status
    assert url["data"]["job"] == {"reportUrl": None}
    assert url["errors"][0]["extensions"]["code"] == "INTERNAL_ERROR"


def test_a_job_without_a_report_has_no_url(
    api: ApiClient, participant: User, database: Database[dict[str, Any]]
) -> None:
    job = a_job(user_id=participant.id)
    database["report_jobs"].insert_one(job.to_row())

    assert _url(api, participant, job) is None


def test_whoever_left_the_study_gets_no_url_any_more(
    api: ApiClient,
    participant: User,
    reported: Job,
    database: Database[dict[str, Any]],
    clock: Clock,
) -> None:
    left = {"memberships.0.until": MONDAY_NOON}
    database["users"].update_one({"_id": participant.id}, {"$set": left})
    clock.now = MONDAY_NOON + timedelta(seconds=1)

    assert _url(api, participant, reported) is None


def test_a_url_that_cannot_be_made_is_missing_alone(
    api: ApiClient,
    participant: User,
    database: Database[dict[str, Any]],
    reported: Job,
) -> None:
    assert reported.report is not None
    lost = reported.report.artifact.model_copy(update={"uri": "gs://elsewhere/a.pdf"})
    odd = a_job(
        user_id=participant.id,
        status="completed",
        completed_at=MONDAY_NOON,
        report=reported.report.model_copy(update={"artifact": lost}),
    )
    database["report_jobs"].insert_one(odd.to_row())

    answer = api.graphql(participant, "{ jobs { edges { node { id reportUrl } } } }")

    nodes = [edge["node"] for edge in answer["data"]["jobs"]["edges"]]
    found = {node["id"]: node["reportUrl"] for node in nodes}
    assert found[reported.id] is not None
    assert found[odd.id] is None
    assert len(answer["errors"]) == 1
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_ERROR"
