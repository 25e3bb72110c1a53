"""The schema is a contract: reviewed as a file, and in step with the library."""

from enum import Enum
from pathlib import Path
from typing import get_args

import pytest

from graphql_api import explaining, viewer
from graphql_api.errors import ErrorCode, as_error
from graphql_api.jobs import enums
from graphql_api.schema import build_schema
from graphql_api.subscriptions import types
from trial_reports.delivery import models as delivery_models
from trial_reports.errors import RequestError
from trial_reports.explaining import models as explaining_models
from trial_reports.jobs import models as job_models
from trial_reports.subscriptions import models as subscription_models
from trial_reports.users import models as user_models

EXPORT = Path(__file__).parents[3] / "graphql_api" / "schema.graphql"


def test_the_committed_schema_is_what_the_api_serves() -> None:
    served = build_schema(introspection=True).as_str()

    assert EXPORT.read_text() == f"{served}\n", (
        "PYTHONPATH=plugins:. python -m graphql_api.schema > graphql_api/schema.graphql"
    )


@pytest.mark.parametrize(
    ("shown", "known"),
    [
        (enums.JobStatus, job_models.JobStatus),
        (enums.Stage, job_models.Stage),
        (enums.Cause, job_models.Cause),
        (types.DateRange, subscription_models.DateRange),
        (types.FileType, subscription_models.FileType),
        (types.SubscriptionStatus, subscription_models.SubscriptionStatus),
        (viewer.MailProblem, user_models.MailProblem),
        (explaining.Verdict, explaining_models.Verdict),
    ],
)
def test_frontends_can_see_and_say_all_that_the_library_knows(
    shown: type[Enum], known: object
) -> None:
    assert [member.value for member in shown] == list(get_args(known))


def test_frontends_can_see_all_states_of_a_mail() -> None:
    shown = {member.value for member in enums.DeliveryStatus}

    assert shown == set(get_args(delivery_models.DeliveryStatus))


OWN_TYPES = {ErrorCode.CONFLICT, ErrorCode.INVALID_INPUT, ErrorCode.ONE_REPORT_A_DAY}
"""They carry more than a message."""


@pytest.mark.parametrize("code", set(ErrorCode) - OWN_TYPES)
def test_every_code_has_a_type(code: ErrorCode) -> None:

    refusal = as_error(RequestError(code.value, "A sentence."))

    assert (refusal.message, refusal.code) == ("A sentence.", code)


@pytest.mark.parametrize(
    "query", ["{ __schema { __typename } }", '{ __type(name: "Job") { name } }']
)
def test_in_production_nobody_can_ask_for_the_schema(query: str) -> None:
    hidden = build_schema(introspection=False).execute_sync(query)
    shown = build_schema(introspection=True).execute_sync(query)

    assert hidden.errors
    assert not shown.errors
