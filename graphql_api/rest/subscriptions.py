"""``/api/subscriptions``: taking, seeing, changing and ending a subscription."""

from typing import Annotated

from fastapi import APIRouter, Header
from starlette.responses import Response

from graphql_api.rest.answered import SubscriptionAnswered, SubscriptionCreated
from graphql_api.rest.asked import ChangeAsked, SubscriptionAsked
from graphql_api.rest.caller import SignedIn
from graphql_api.rest.description import ETAG, LOCATION, refused
from graphql_api.rest.revisions import entity_tag, expected_revision
from graphql_api.web.dependencies import Now, TheServices
from graphql_api.web.problems import Problem
from trial_reports.access.caller import Caller
from trial_reports.subscriptions.subscribing import only_study, subscribe

router = APIRouter(prefix="/subscriptions", tags=["Subscriptions"])


@router.post(
    "",
    operation_id="createSubscription",
    status_code=201,
    responses={
        200: {
            "description": "It was there already",
            "model": SubscriptionCreated,
            "headers": ETAG,
        },
        201: {"description": "It is new", "headers": ETAG | LOCATION},
        **refused(403, 404, 409, 413, 422),
    },
)
def create_subscription(
    wanted: SubscriptionAsked,
    caller: SignedIn,
    services: TheServices,
    now: Now,
    response: Response,
) -> SubscriptionCreated:
    """Subscribe to the weekly report of a study one takes part in.

    Repeating it returns the open subscription; with other filters it is a
    conflict, and the subscription is changed with PATCH.
    """
    if wanted.user_id != caller.id:
        raise Problem(404, "user_not_found", "There is no such user.")
    study_id = only_study(caller, now) if wanted.study_id is None else wanted.study_id
    stored, created = subscribe(
        caller,
        study_id,
        wanted.filters.to_filters(),
        studies=services.studies,
        subscriptions=services.subscriptions,
        schedule=services.schedule,
        now=now,
    )
    response.headers["ETag"] = entity_tag(stored)
    if created:
        response.headers["Location"] = f"/api/subscriptions/{stored.id}"
    else:
        response.status_code = 200
    return SubscriptionCreated(subscription_id=stored.id, status=stored.status)


@router.get(
    "/{subscription_id}",
    operation_id="getSubscription",
    responses={200: {"headers": ETAG}, **refused(404, 422)},
)
def get_subscription(
    subscription_id: str,
    caller: SignedIn,
    services: TheServices,
    now: Now,
    response: Response,
) -> SubscriptionAnswered:
    """Return a subscription that the caller may see, also one that has ended."""
    stored = services.door.subscription(Caller.of(caller), subscription_id, now)
    response.headers["ETag"] = entity_tag(stored)
    return SubscriptionAnswered.of(stored)


@router.patch(
    "/{subscription_id}",
    operation_id="changeSubscription",
    responses={200: {"headers": ETAG}, **refused(403, 404, 409, 412, 413, 422)},
)
def change_subscription(
    subscription_id: str,
    wanted: ChangeAsked,
    caller: SignedIn,
    services: TheServices,
    now: Now,
    response: Response,
    if_match: Annotated[
        str | None, Header(description="The `ETag` that the change is based on.")
    ] = None,
) -> SubscriptionAnswered:
    """Change filters, pause or resume; what is left out stays as it is.

    With `If-Match` only the revision that was seen is changed.
    """
    services.door.own_subscription(Caller.of(caller), subscription_id, now)
    changed = services.changing.change(
        subscription_id,
        filters=wanted.filters.to_filters(),
        status=wanted.status,
        expected_revision=expected_revision(if_match),
        by=caller.id,
        now=now,
    )
    response.headers["ETag"] = entity_tag(changed)
    return SubscriptionAnswered.of(changed)


@router.delete(
    "/{subscription_id}",
    operation_id="endSubscription",
    status_code=204,
    responses=refused(403, 404, 422),
)
def end_subscription(
    subscription_id: str, caller: SignedIn, services: TheServices, now: Now
) -> None:
    """Unsubscribe, and cancel the reports that have not been sent."""
    services.door.own_subscription(Caller.of(caller), subscription_id, now)
    services.changing.change(
        subscription_id, status="unsubscribed", by=caller.id, now=now
    )
