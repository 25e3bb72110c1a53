"""The product's own document, walked literally, example by example."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from pymongo.database import Database

from tests.builders import a_membership, a_study, a_user
from tests.integration.graphql_api.client import PDF, ApiClient, Clock
from tests.integration.graphql_api.rest.person import Person
from trial_reports.identifiers import derived_id
from trial_reports.jobs.models import Artifact, Job, Report
from trial_reports.jobs.requesting import job_for
from trial_reports.jobs.transitions import Transitions
from trial_reports.periods.models import ReportingPeriod
from trial_reports.settings import Settings
from trial_reports.storage.storage import Storage
from trial_reports.subscriptions.repository import Subscriptions

Rows = Database[dict[str, Any]]
SUBSCRIBED = datetime(2025, 1, 8, 9, tzinfo=UTC)
BEGUN = datetime(2025, 1, 15, 10, tzinfo=UTC)
DONE = BEGUN + timedelta(minutes=30)
REQUEST = {
    "userId": "123456",
    "reportType": "weekly",
    "filters": {"dateRange": "last_week", "fileTypes": ["pdf", "jpg"]},
}


@pytest.fixture
def person(api: ApiClient, database: Rows, clock: Clock) -> Person:
    """The document's user, a participant since long ago."""
    clock.now = SUBSCRIBED
    long_ago = a_membership(since=datetime(2024, 1, 1, tzinfo=UTC))
    user = a_user(id="123456", memberships=(long_ago,))
    database["users"].insert_one(user.to_row())
    database["studies"].insert_one(a_study().to_row())
    return Person(api, user)


def _completed(
    database: Rows, storage: Storage, settings: Settings, subscription_id: str
) -> Job:
    """Store what the pipeline makes of the subscription's first week."""
    subscription = Subscriptions(database).find(subscription_id)
    assert subscription is not None
    period = ReportingPeriod.containing(SUBSCRIBED, "UTC")
    uri = f"{settings.storage.reports_uri}/report.pdf"
    stored = storage.create(uri, PDF, "application/pdf")
    artifact = Artifact(uri=uri, sha256=stored.sha256, size=stored.size)
    report = Report(artifact=artifact, pages=1, cut_off=BEGUN, made_at=DONE)
    job = job_for(subscription, period, "scheduled", BEGUN).model_copy(
        update={"status": "completed", "completed_at": DONE, "report": report}
    )
    Transitions(database).create([job])
    return job


def test_the_documents_examples_are_answered_as_the_document_says(
    person: Person,
    database: Rows,
    storage: Storage,
    settings: Settings,
    clock: Clock,
) -> None:
    # Create a new subscription.
    created = person.ask("POST", "/subscriptions", REQUEST)
    assert created.status_code == 201
    assert created.json().keys() == {"subscriptionId", "status"}
    assert created.json()["status"] == "active"
    subscription_id = created.json()["subscriptionId"]
    assert created.headers["Location"] == f"/api/subscriptions/{subscription_id}"

    # Retrieve subscription details.
    found = person.ask("GET", f"/subscriptions/{subscription_id}")
    assert found.status_code == 200
    assert REQUEST.items() <= found.json().items()

    # Update subscription preferences.
    wish = {"filters": {"fileTypes": ["pdf"]}}
    changed = person.ask("PATCH", f"/subscriptions/{subscription_id}", wish)
    assert changed.status_code == 200
    assert changed.json()["filters"] == {"dateRange": "last_week", "fileTypes": ["pdf"]}

    # Get current job status.
    job = _completed(database, storage, settings, subscription_id)
    clock.now = DONE
    status = person.ask("GET", f"/jobs/{job.id}")
    assert status.status_code == 200
    url = status.json()["reportUrl"]
    assert status.json() == {
        "jobId": job.id,
        "subscriptionId": subscription_id,
        "status": "completed",
        "createdAt": "2025-01-15T10:00:00Z",
        "completedAt": "2025-01-15T10:30:00Z",
        "reportUrl": url,
        "error": None,
    }
    assert job.id == derived_id("job", subscription_id, "2025-W02")
    assert re.match("https?://", url)
    assert httpx.get(url, timeout=5, trust_env=False).content == PDF

    # List recent jobs for subscription.
    jobs = person.ask("GET", f"/subscriptions/{subscription_id}/jobs")
    assert jobs.status_code == 200
    assert [listed["jobId"] for listed in jobs.json()["jobs"]] == [job.id]
    assert jobs.json()["next"] is None

    # Unsubscribe a user and remove scheduled jobs.
    ended = person.ask("DELETE", f"/subscriptions/{subscription_id}")
    assert (ended.status_code, ended.content) == (204, b"")
    assert person.ask("DELETE", f"/subscriptions/{subscription_id}").status_code == 204
