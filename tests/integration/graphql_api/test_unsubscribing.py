"""Leaving the mailing from a mail (RFC 8058)."""

import re
from typing import Any
from urllib.parse import urljoin

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON, a_subscription
from tests.integration.graphql_api.client import ApiClient
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.subscriptions.unsubscribing import UnsubscribeTokens
from trial_reports.users.models import User

Rows = Database[dict[str, Any]]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def subscription(database: Rows, participant: User) -> ReportSubscription:
    return Subscriptions(database).add(a_subscription(participant))


@pytest.fixture
def token(database: Rows, subscription: ReportSubscription) -> str:
    return UnsubscribeTokens(database).mint(subscription.id, MONDAY_NOON)


def _is_open(database: Rows, subscription: ReportSubscription) -> bool:
    stored = Subscriptions(database).find(subscription.id)
    assert stored is not None
    return stored.open


def test_opening_the_address_changes_and_tells_nothing(
    api: ApiClient, token: str, database: Rows, subscription: ReportSubscription
) -> None:
    known, unknown = api.get(f"/u/{token}"), api.get("/u/none")

    assert known.status_code == 200
    assert known.content == unknown.content
    assert "does not end your part in the study" in known.text
    assert _is_open(database, subscription)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"data": ONE_CLICK}, id="one click as a form"),
        pytest.param(
            {"files": {"List-Unsubscribe": (None, "One-Click")}},
            id="one click as multipart",
        ),
        pytest.param({}, id="the button of the page"),
    ],
)
def test_one_post_ends_the_subscription_without_signing_in(
    api: ApiClient,
    token: str,
    database: Rows,
    subscription: ReportSubscription,
    body: dict[str, Any],
) -> None:
    answer = api.post(f"/u/{token}", **body)

    assert answer.status_code == 200
    assert "does not end your part in the study" in answer.text
    assert not answer.cookies
    stored = Subscriptions(database).find(subscription.id)
    assert stored is not None
    assert (stored.open, stored.status) == (False, "unsubscribed")
    assert stored.updated_at == MONDAY_NOON


def test_repeating_it_is_harmless_and_an_unknown_token_looks_the_same(
    api: ApiClient, token: str, database: Rows, subscription: ReportSubscription
) -> None:
    answers = [api.post(f"/u/{path}", data=ONE_CLICK) for path in (token, token, "x")]

    assert {answer.status_code for answer in answers} == {200}
    texts = [answer.text for answer in answers]
    assert texts[0] == texts[1] == texts[2].replace("./x/undo", f"./{token}/undo")
    stored = Subscriptions(database).find(subscription.id)
    assert stored is not None
    assert stored.revision == subscription.revision + 1


def test_an_old_mail_does_not_end_a_newer_subscription(
    api: ApiClient, token: str, database: Rows, participant: User
) -> None:
    api.post(f"/u/{token}", data=ONE_CLICK)
    newer = Subscriptions(database).add(a_subscription(participant))

    api.post(f"/u/{token}", data=ONE_CLICK)

    assert _is_open(database, newer)


def _undo_address(page: str) -> str:
    """Return where the page's button leads, as a browser resolves it."""
    found = re.search(r'<form method="post" action="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_the_page_offers_to_undo_it(
    api: ApiClient, token: str, database: Rows, subscription: ReportSubscription
) -> None:
    address = urljoin(f"/u/{token}", _undo_address(api.post(f"/u/{token}").text))
    assert address == f"/u/{token}/undo"
    assert not _is_open(database, subscription)

    undone, unknown = api.post(address), api.post("/u/none/undo")

    assert _is_open(database, subscription)
    assert (undone.status_code, undone.content) == (200, unknown.content)


def test_a_token_cannot_lead_the_button_elsewhere(api: ApiClient) -> None:
    page = api.post("/u/javascript%3Aalert(1)%22%3E%3Cb%3E").text

    assert _undo_address(page) == "./javascript%3Aalert%281%29%22%3E%3Cb%3E/undo"


def test_opening_the_address_of_undo_undoes_nothing(
    api: ApiClient, token: str, database: Rows, subscription: ReportSubscription
) -> None:
    api.post(f"/u/{token}")

    assert api.get(f"/u/{token}/undo").status_code == 405
    assert not _is_open(database, subscription)
