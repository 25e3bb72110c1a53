"""The provider's webhook: what is signed is taken in, and nothing else is read."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from pymongo.database import Database

from graphql_api.app import create_app
from graphql_api.services import assemble
from tests.builders import MONDAY_NOON as NOW
from tests.builders import a_job, a_subscription, a_user
from tests.integration.graphql_api.client import ApiClient, Clock, Started
from tests.signed_events import a_signer, an_event, as_body
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.delivery.ledger import Ledger
from trial_reports.errors import ConfigurationError
from trial_reports.jobs.models import Job
from trial_reports.jobs.transitions import Transitions
from trial_reports.settings import Mongo, Settings
from trial_reports.storage.storage import Storage
from trial_reports.subscriptions.repository import Subscriptions

Rows = Database[dict[str, Any]]
CANARY = "Canary.Person@example.org"
SIGNER = a_signer()
PATH = "/webhooks/sendgrid"
Tell = Callable[..., httpx.Response]


@pytest.fixture
def webhook_settings(settings: Settings) -> Settings:
    keys = {"webhook_keys": (a_signer().public_key, SIGNER.public_key)}
    return settings.model_copy(update={"mail": settings.mail.model_copy(update=keys)})


@pytest.fixture
def api(
    webhook_settings: Settings,
    database: Rows,
    storage: Storage,
    queues: DeadLetterQueues,
    clock: Clock,
    started: Started,
) -> ApiClient:
    services = assemble(webhook_settings, database, storage, queues, clock)
    return started(create_app(webhook_settings, services))


@pytest.fixture
def tell(api: ApiClient) -> Tell:
    """Tell the API of events, as the provider does; they are signed and taken."""

    def send(*events: object) -> httpx.Response:
        body = as_body(*events)
        answer = api.post(PATH, content=body, headers=SIGNER.headers(body, NOW))
        assert answer.status_code == 200
        return answer

    return send


@pytest.fixture
def job(database: Rows) -> Job:
    """A job whose mail is being sent."""
    reader = a_user(email=CANARY)
    database["users"].insert_one(reader.to_row())
    subscription = Subscriptions(database).add(a_subscription(reader))
    job = a_job(user_id=reader.id, subscription_id=subscription.id)
    Transitions(database).create([job])
    Ledger(database, timedelta(minutes=1)).claim(job.id, job.user_id, NOW)
    return job


def _mail(database: Rows, job: Job) -> str:
    found = Ledger(database, timedelta(minutes=1)).find(job.id, job.user_id)
    assert found is not None
    return found.status


def test_the_rest_of_a_request_is_taken_whatever_is_in_it(
    tell: Tell, database: Rows, job: Job, caplog: pytest.LogCaptureFixture
) -> None:
    good = an_event("delivered", job, CANARY)
    unreadable = a_job()
    row = {"_id": unreadable.id, "status": "pending", "period": CANARY}
    database["report_jobs"].insert_one(row)
    strange = [
        7,
        good | {"sg_event_id": None},
        an_event("delivered", a_job(), CANARY),
        an_event("delivered", unreadable, CANARY),
        an_event("click", job, CANARY),
        {"event": "delivered", "email": CANARY},
    ]

    with caplog.at_level(logging.INFO):
        tell(*strange, good, good)

    assert _mail(database, job) == "delivered"
    assert (
        "foreign=1 ignored=1 malformed=2 repeated=1 taken=1 unknown_job=1 unreadable=1"
    ) in caplog.text


def test_neither_log_nor_collection_tells_whose_mail_it_was(
    tell: Tell, database: Rows, job: Job, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        tell(
            *(an_event(kind, job, CANARY) for kind in ("processed", "spamreport")),
            an_event("bounce", job, CANARY, type="bounce", status="5.1.1"),
            an_event("dropped", job, CANARY),
            an_event("delivered", job, CANARY, sg_event_id=CANARY),
        )

    kept = str(list(database["mail_events"].find()))
    audited = str(list(database["audit_events"].find()))
    for trace in (CANARY, CANARY.lower(), "192.0.2.7", "no such person"):
        assert trace not in kept + audited + caplog.text
    bounce = database["mail_events"].find_one({"event": "bounce"})
    assert bounce is not None
    assert (bounce["hard"], bounce["smtpClass"], bounce["at"]) == (True, 5, NOW)


def test_what_is_not_signed_changes_and_tells_nothing(
    api: ApiClient, database: Rows, job: Job
) -> None:
    body = as_body(an_event("bounce", job, CANARY, type="bounce"))
    stranger = a_signer().headers(body, NOW)
    old = SIGNER.headers(body, NOW - timedelta(hours=26))
    answers = [
        api.post(PATH, content=body, headers=headers)
        for headers in ({}, stranger, old, SIGNER.headers(b"[]", NOW))
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.json()["detail"] for answer in answers}) == 1
    assert _mail(database, job) == "claimed"


def test_a_thousand_events_come_at_once_and_more_than_a_megabyte_does_not(
    api: ApiClient, tell: Tell, job: Job
) -> None:
    tell(*(an_event("open", job, CANARY) for _ in range(1000)))
    too_much = b" " * (1024 * 1024 + 1)

    answer = api.post(PATH, content=too_much, headers=SIGNER.headers(too_much, NOW))

    assert answer.status_code == 413


def test_without_the_database_the_provider_is_asked_to_come_again(
    webhook_settings: Settings, started: Started
) -> None:
    uri = SecretStr("mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=100")
    nowhere = Mongo(uri=uri, timeout_seconds=0.2)
    api = started(create_app(webhook_settings.model_copy(update={"mongo": nowhere})))
    body = as_body(an_event("delivered", a_job(), CANARY))
    headers = SIGNER.headers(body, datetime.now(UTC))  # it has a clock of its own

    answer = api.post(PATH, content=body, headers=headers)

    assert answer.status_code == 503


def test_without_a_key_there_is_no_webhook_and_no_production(
    settings: Settings,
    database: Rows,
    storage: Storage,
    queues: DeadLetterQueues,
    clock: Clock,
    started: Started,
) -> None:
    api = started(
        create_app(settings, assemble(settings, database, storage, queues, clock))
    )
    assert api.post(PATH, content=b"[]").status_code == 404

    production = settings.model_copy(update={"environment": "production"})
    with pytest.raises(ConfigurationError, match="webhook_keys"):
        create_app(production)
