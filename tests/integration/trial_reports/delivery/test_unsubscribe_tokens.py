"""The token that ends a subscription, and can do nothing else."""

from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON
from trial_reports.delivery.links import Links
from trial_reports.subscriptions.unsubscribing import UnsubscribeTokens


@pytest.fixture
def tokens(database: Database[dict[str, Any]]) -> UnsubscribeTokens:
    return UnsubscribeTokens(database)


def test_every_mails_token_ends_the_same_subscription(
    tokens: UnsubscribeTokens,
) -> None:
    first, second = (tokens.mint("sub_one", MONDAY_NOON) for _ in range(2))
    tokens.mint("sub_two", MONDAY_NOON)

    assert first != second
    assert tokens.subscription_of(first) == "sub_one"
    assert tokens.subscription_of(second) == "sub_one"


@pytest.mark.parametrize("token", ["", "sub_one", "a" * 43, "ü", "\0", '{"$ne": 1}'])
def test_no_other_text_ends_a_subscription(
    tokens: UnsubscribeTokens, token: str
) -> None:
    tokens.mint("sub_one", MONDAY_NOON)

    assert tokens.subscription_of(token) is None


def test_the_token_is_stored_nowhere_and_opens_no_report(
    tokens: UnsubscribeTokens, database: Database[dict[str, Any]]
) -> None:
    token = tokens.mint("sub_one", MONDAY_NOON)

    assert token not in str(list(database["unsubscribe_tokens"].find()))
    assert Links(database).find(token) is None
