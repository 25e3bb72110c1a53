"""The one table of who may do what through GraphQL."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.integration.graphql_api.rights.grids import (
    CHANGE,
    LIST,
    LIST_BY_SITE,
    LIST_LETTERS,
    LIST_RUNS,
    OPEN_REPORT,
    OPERATE_JOB,
    OPERATE_STUDY,
    SEE,
    SUBSCRIBE,
    Grid,
    everybody,
    told_as,
)
from tests.integration.graphql_api.rights.world import Place
from trial_reports.identifiers import new_id

_REFUSAL = "__typename ... on Error { message code }"
_NODES = "edges { node { id } } pageInfo { hasNextPage }"


@dataclass(frozen=True)
class Operation:
    """A field of a root type: how it is asked, and what comes of it.

    ``is_noted``: whether the refusal of something that exists is an audit event.
    """

    document: str
    variables: Callable[[Place], dict[str, Any]]
    outcomes: Grid
    is_noted: bool = True


def _query(
    arguments: str,
    field: str,
    variables: Callable[[Place], dict[str, Any]],
    outcomes: Grid,
    selected: str = _REFUSAL,
) -> Operation:
    declared = f"({arguments})" if arguments else ""
    return Operation(
        f"query {declared} {{ {field} {{ {selected} }} }}", variables, outcomes
    )


def _mutation(
    name: str,
    type_: str,
    input_: Callable[[Place], dict[str, Any]],
    outcomes: Grid,
    *,
    is_noted: bool = True,
) -> Operation:
    document = (
        f"mutation ($input: {type_}!) {{ {name}(input: $input) {{ {_REFUSAL} }} }}"
    )
    return Operation(document, lambda at: {"input": input_(at)}, outcomes, is_noted)


def _decision(
    name: str, type_: str, input_: Callable[[Place], dict[str, Any]], outcomes: Grid
) -> Operation:
    def decided(at: Place) -> dict[str, Any]:
        return {"reason": "A test.", "idempotencyKey": new_id("key"), **input_(at)}

    return _mutation(name, type_, decided, outcomes)


def _subscription(at: Place) -> dict[str, Any]:
    return {"id": at.subscription_id}


def _job(at: Place) -> dict[str, Any]:
    return {"jobId": at.job_id}


def _study(at: Place) -> dict[str, Any]:
    return {"studyId": at.study_id}


OPERATIONS: dict[str, Operation] = {
    "Query.me": _query("", "me", lambda _: {}, everybody("allowed"), "id"),
    "Query.node": _query(
        "$id: ID!",
        "node(id: $id)",
        _subscription,
        told_as(SEE, "null"),
        "__typename id",
    ),
    "Query.subscription": _query(
        "$id: ID!", "subscription(id: $id)", _subscription, SEE
    ),
    "Query.subscriptions": _query(
        "$filter: SubscriptionsFilter",
        "subscriptions(filter: $filter)",
        lambda at: {"filter": {"studyId": at.study_id, "siteId": at.site_id}},
        LIST_BY_SITE,
        _NODES,
    ),
    "Query.job": _query("$id: ID!", "job(id: $id)", lambda at: {"id": at.job_id}, SEE),
    "Query.jobs": _query(
        "$filter: JobsFilter",
        "jobs(filter: $filter)",
        lambda at: {"filter": {"subscriptionId": at.subscription_id}},
        LIST,
        _NODES,
    ),
    "Query.explainDelivery": _query(
        "$id: ID!", "explainDelivery(subscriptionId: $id)", _subscription, SEE
    ),
    "Query.deadLetters": _query(
        "$filter: DeadLettersFilter",
        "deadLetters(filter: $filter)",
        lambda at: {"filter": _study(at)},
        LIST_LETTERS,
        "edges { node { job { id } } } pageInfo { hasNextPage }",
    ),
    "Query.runs": _query("", "runs", lambda _: {}, LIST_RUNS, _NODES),
    "Mutation.createSubscription": _mutation(
        # No id is asked for: people are told which studies they take part in.
        "createSubscription",
        "CreateSubscriptionInput",
        _study,
        SUBSCRIBE,
        is_noted=False,
    ),
    "Mutation.updateSubscription": _mutation(
        "updateSubscription",
        "UpdateSubscriptionInput",
        lambda at: _subscription(at) | {"filters": {"fileTypes": ["PDF"]}},
        CHANGE,
    ),
    "Mutation.pauseSubscription": _mutation(
        "pauseSubscription", "SubscriptionInput", _subscription, CHANGE
    ),
    "Mutation.resumeSubscription": _mutation(
        "resumeSubscription", "SubscriptionInput", _subscription, CHANGE
    ),
    "Mutation.deleteSubscription": _mutation(
        "deleteSubscription", "SubscriptionInput", _subscription, CHANGE
    ),
    "Mutation.requestReport": _mutation(
        "requestReport",
        "RequestReportInput",
        lambda at: {"subscriptionId": at.subscription_id},
        CHANGE,
    ),
    "Mutation.openReport": _mutation(
        "openReport",
        "OpenReportInput",
        lambda at: _job(at) | {"purpose": "A call from the participant."},
        OPEN_REPORT,
    ),
    "Mutation.rerunJob": _decision("rerunJob", "JobDecisionInput", _job, OPERATE_JOB),
    "Mutation.resendReport": _decision(
        "resendReport", "JobDecisionInput", _job, OPERATE_JOB
    ),
    "Mutation.redriveDeadLetters": _decision(
        "redriveDeadLetters",
        "RedriveDeadLettersInput",
        lambda at: _study(at) | {"dryRun": True},
        OPERATE_STUDY,
    ),
    "Mutation.recallReports": _decision(
        "recallReports",
        "RecallReportsInput",
        lambda at: _study(at) | {"period": "2026-W47"},
        OPERATE_STUDY,
    ),
    "Mutation.pauseDelivery": _decision(
        "pauseDelivery", "DeliveryInput", _study, OPERATE_STUDY
    ),
    "Mutation.resumeDelivery": _decision(
        "resumeDelivery", "DeliveryInput", _study, OPERATE_STUDY
    ),
    "Subscription.jobStatus": Operation(
        f"subscription ($id: ID!) {{ jobStatus(jobId: $id) {{ {_REFUSAL} }} }}",
        lambda at: {"id": at.job_id},
        SEE,
    ),
}
"""By root type and field; a new field fails the tests until it stands here."""
