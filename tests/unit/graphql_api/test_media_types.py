"""Which of two media types a client gets."""

import pytest

from graphql_api.media_types import preferred

JSON = "application/json"
RESPONSE = "application/graphql-response+json"
EITHER = (JSON, RESPONSE)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", JSON),
        (",", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (RESPONSE, RESPONSE),
        (f"{RESPONSE}; charset=utf-8, {JSON}; charset=utf-8", RESPONSE),
        (f"{JSON}, {RESPONSE}", JSON),
        (f"{JSON};q=0.9, {RESPONSE}", RESPONSE),
        (f"{RESPONSE};q=0.5, {JSON};q=0.501", JSON),
        (f"*/*, {JSON};q=0", RESPONSE),
        (f"*/*;q=0.1, {RESPONSE};q=0.2", RESPONSE),
        (f"application/*;q=0, {JSON};Q=0.3", JSON),
        ("Application/GraphQL-Response+JSON", RESPONSE),
        ("multipart/mixed;deferSpec=20220824, application/json", JSON),
        (f'text/x;note="a, {RESPONSE}", {JSON}', JSON),
        ("text/html", None),
        ("text/*, image/png", None),
        (f"{JSON};q=0", None),
        ("*/*;q=0", None),
        (f"{JSON};q=very", None),
        (f"{JSON};q=nan, {RESPONSE};q=2", None),
    ],
)
def test_what_the_client_likes_best_of_what_there_is(
    accept: str, chosen: str | None
) -> None:
    assert preferred(accept, EITHER) == chosen
