"""The schema is a contract: reviewed as a file, and in step with the library."""

from enum import Enum
from pathlib import Path
from typing import get_args

import pytest

from graphql_api import jobs, subscriptions
from graphql_api.errors import _TYPES, ErrorCode
from graphql_api.schema import build_schema
from trial_reports.jobs import models as job_models
from trial_reports.subscriptions import models as subscription_models

EXPORT = Path(__file__).parents[3] / "graphql_api" / "schema.graphql"


def test_the_committed_schema_is_what_the_api_serves() -> None:
    served = build_schema(introspection=True).as_str()

    assert EXPORT.read_text() == f"{served}\n", (
        "PYTHONPATH=plugins:. python -m graphql_api.schema > graphql_api/schema.graphql"
    )


@pytest.mark.parametrize(
    ("shown", "known"),
    [
        (jobs.JobStatus, job_models.JobStatus),
        (subscriptions.DateRange, subscription_models.DateRange),
        (subscriptions.FileType, subscription_models.FileType),
        (
            subscriptions.SubscriptionStatus,
            subscription_models.SubscriptionStatus,
        ),
    ],
)
def test_frontends_can_see_and_say_all_that_the_library_knows(
    shown: type[Enum], known: object
) -> None:
    assert [member.value for member in shown] == list(get_args(known))


def test_every_code_has_a_type() -> None:
    assert {*_TYPES, ErrorCode.CONFLICT} == set(ErrorCode)


def test_in_production_nobody_can_ask_for_the_schema() -> None:
    hidden = build_schema(introspection=False).execute_sync(
        "{ __schema { __typename } }"
    )
    shown = build_schema(introspection=True).execute_sync("{ __schema { __typename } }")

    assert hidden.errors
    assert not shown.errors
