"""The judge of fuzzed answers sees what it is there for."""

import pytest

from graphql_api.schema import build_schema
from tests.fuzzing.verdict import Answer, Verdict
from tests.fuzzing.world import World

WORLD = World(
    people={}, known={}, hidden={"ada": ["CANARY-ben"], "stranger": ["CANARY-ada"]}
)


@pytest.fixture
def verdict() -> Verdict:
    schema = build_schema(introspection=True)
    return Verdict(WORLD, schema._schema)  # noqa: SLF001 - Strawberry has no other way to it


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (503, "Please try again."),
        (200, "Traceback (most recent call last)"),
        (200, "KeyError: 'x'"),
        (200, "E11000 duplicate key"),
        (200, "see /home/reports/app"),
        (200, '{"code":"INTERNAL_ERROR"}'),
        (200, "CANARY-ben"),
    ],
)
def test_what_may_not_be_told_is_found(
    verdict: Verdict, status: int, text: str
) -> None:
    with pytest.raises(AssertionError):
        verdict.on(Answer("ada", "{ me { id } }", status, text))


@pytest.mark.parametrize(
    ("caller", "text"),
    [
        ("ada", "CANARY-ada"),
        ("nobody", "CANARY-ben"),
        ("ada", '{"__typename":"NotFoundError"}'),
        ("ada", "no operation KeyError"),
    ],
)
def test_what_is_ones_own_or_was_sent_may_be_told(
    verdict: Verdict, caller: str, text: str
) -> None:
    verdict.on(Answer(caller, "query KeyError { me { id } }", 200, text))

    assert str(verdict) == "1 requests: 1 with 200"
