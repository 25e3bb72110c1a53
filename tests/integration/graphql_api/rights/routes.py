"""The one table of who may do what through REST."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.integration.graphql_api.rights.grids import CHANGE, SEE, Grid, grid
from tests.integration.graphql_api.rights.world import Place

SUBSCRIBE_AS = grid("""
    participant                 | ok  --  --  --  --
    coordinator of the site     | ok  --  --  --  --
    coordinator of another site | ok  --  --  --  --
    coordinator of the study    | ok  --  --  --  --
    operator of the study       | ok  --  --  --  --
    operator of all studies     | ok  --  --  --  --
    operator of another study   | ok  --  --  --  --
    nothing any more            | --  --  --  --  --
""")
"""Subscribing under a person's id: everybody for themselves."""


@dataclass(frozen=True)
class Route:
    """How a route is asked, and what comes of it.

    ``is_noted``: whether the refusal of something that exists is an audit event.
    """

    path: Callable[[Place], str]
    outcomes: Grid
    body: Callable[[Place], object] = lambda _: None
    is_noted: bool = True


def _subscription(at: Place) -> str:
    return f"/api/subscriptions/{at.subscription_id}"


ROUTES: dict[tuple[str, str], Route] = {
    ("POST", "/api/subscriptions"): Route(
        lambda _: "/api/subscriptions",
        SUBSCRIBE_AS,
        lambda at: {
            "userId": at.user_id,
            "studyId": at.study_id,
            "reportType": "weekly",
        },
        is_noted=False,
    ),
    ("GET", "/api/subscriptions/{subscription_id}"): Route(_subscription, SEE),
    ("PATCH", "/api/subscriptions/{subscription_id}"): Route(
        _subscription, CHANGE, lambda _: {"status": "paused"}
    ),
    ("DELETE", "/api/subscriptions/{subscription_id}"): Route(_subscription, CHANGE),
    ("GET", "/api/subscriptions/{subscription_id}/jobs"): Route(
        lambda at: f"{_subscription(at)}/jobs", SEE
    ),
    ("GET", "/api/jobs/{job_id}"): Route(lambda at: f"/api/jobs/{at.job_id}", SEE),
}
"""By method and path; a new route fails the tests until it stands here."""

ELSEWHERE = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/graphql"),
    ("POST", "/graphql"),
}
"""Probes and the IDE's page are for everybody; GraphQL has a table of its own."""
