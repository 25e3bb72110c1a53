"""What an answer costs does not grow with what it holds."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from graphql_api.app import create_app
from graphql_api.services import assemble
from tests.builders import (
    MONDAY_NOON,
    a_job,
    a_membership,
    a_study,
    a_subscription,
    a_user,
)
from tests.integration.graphql_api.asking import ask
from tests.integration.graphql_api.client import ApiClient, Clock, Started
from tests.integration.graphql_api.commands import Commands
from tests.integration.graphql_api.rows import Rows
from trial_reports import clients
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.jobs.models import Artifact, JobError, OpenDeadLetter, Report
from trial_reports.settings import Settings
from trial_reports.storage.storage import Storage
from trial_reports.users.models import User

JOB = "id reportUrl report { url } delivery { status } run { url }"
QUERIES = {
    "subscriptions": f"""
      query ($first: Int!) {{
        subscriptions(first: $first) {{
          edges {{ node {{
            id study {{ title }}
            latestJob {{ {JOB} subscription {{ study {{ title }} }} }}
          }} }}
        }}
      }}
    """,
    "jobs": f"""
      query ($first: Int!) {{
        jobs(first: $first) {{
          edges {{ node {{
            {JOB} subscription {{ study {{ title }} latestJob {{ {JOB} }} }}
          }} }}
        }}
      }}
    """,
    "deadLetters": f"""
      query ($first: Int!) {{
        deadLetters(first: $first) {{
          edges {{ node {{
            job {{ {JOB} subscription {{ study {{ title }} latestJob {{ {JOB} }} }} }}
          }} }}
        }}
      }}
    """,
}


@pytest.fixture
def counted_api(
    api_settings: Settings,
    database: Rows,
    storage: Storage,
    queues: DeadLetterQueues,
    clock: Clock,
    commands: Commands,
    started: Started,
) -> Iterator[ApiClient]:
    uri = api_settings.mongo.uri.get_secret_value()
    with MongoClient[dict[str, Any]](uri, event_listeners=[commands]) as client:
        counted = clients.with_guarantees(client, database.name)
        services = assemble(api_settings, counted, storage, queues, clock)
        yield started(create_app(api_settings, services))


@pytest.fixture
def person(database: Rows) -> User:
    """An operator who takes part in fifty studies, with a report of each."""
    studies = [f"stu_{number:02}" for number in range(50)]
    user = a_user(
        memberships=(
            a_membership("*", role="operator"),
            *(a_membership(study) for study in studies),
        )
    )
    database["users"].insert_one(user.to_row())
    database["studies"].insert_many([a_study(study).to_row() for study in studies])
    for number, study in enumerate(studies):
        subscription = a_subscription(user, study_id=study)
        database["subscriptions"].insert_one(subscription.to_row())
        _report(database, subscription.id, user, study, number)
    return user


def _report(
    database: Rows, subscription_id: str, user: User, study: str, number: int
) -> None:
    artifact = Artifact(uri="s3://bucket/report.pdf", sha256="0" * 64, size=1)
    job = a_job(
        subscription_id=subscription_id,
        user_id=user.id,
        study_id=study,
        run="run_one",
        # A rerun has failed; the last good report is still there.
        status="failed",
        error=JobError(code="broken", message="It broke."),
        dead_letter=OpenDeadLetter(id=f"dl_{number}", stage="fetch"),
        report=Report(
            artifact=artifact, pages=1, cut_off=MONDAY_NOON, made_at=MONDAY_NOON
        ),
        created_at=MONDAY_NOON + timedelta(minutes=number),
    )
    database["report_jobs"].insert_one(job.to_row())


@pytest.mark.parametrize("name", QUERIES)
def test_fifty_nodes_cost_as_many_commands_as_two(
    counted_api: ApiClient, person: User, commands: Commands, name: str
) -> None:
    costs = {}
    for first in (2, 50):
        commands.clear()
        page = ask(counted_api, person, QUERIES[name], first=first)
        assert len(page["edges"]) == first
        assert str(page).count("X-Amz-Signature") >= first
        costs[first] = commands.counts

    assert costs[50] == costs[2]
    assert sum(costs[50].values()) <= 10
