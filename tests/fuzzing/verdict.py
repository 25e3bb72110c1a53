"""What no answer may hold, whatever was asked."""

import re
from dataclasses import dataclass

from graphql import GraphQLSchema

from tests.fuzzing.world import World

_INTERNALS = re.compile(
    r"Traceback|File \"|site-packages|\.py\b|0x[0-9a-f]{8}"
    r"|/(home|opt|root|tmp|usr|var|work)/"
    r"|pymongo|bson|mongodb|E11000|errmsg|errors\.pydantic|pydantic|strawberry"
    r"|graphql_api|trial_reports|starlette|botocore|boto3|s3://"
    r"|INTERNAL_ERROR|internal_error"
)
_EXCEPTION = re.compile(r"\b[A-Z]\w*(?:Error|Exception)\b")


@dataclass(frozen=True)
class Answer:
    """An answer, to whom, and all that was sent to get it."""

    caller: str
    asked: str
    status: int
    text: str


class Verdict:
    """Judges answers and counts them.

    Args:
        world: Who there is and what they must not be shown.
        schema: Whose types may be called errors.
    """

    def __init__(self, world: World, schema: GraphQLSchema) -> None:
        self.statuses: dict[int, int] = {}
        self._hidden = world.hidden
        self._types = set(schema.type_map)

    def on(self, answer: Answer) -> None:
        """Judge one answer.

        What the client has sent may come back to it, so that is taken out first.
        """
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        told = answer.text
        assert answer.status < 500, f"{answer.asked} -> {answer.status} {told}"
        for pattern in (_INTERNALS, _EXCEPTION):
            for found in pattern.finditer(told):
                word = found.group()
                fine = word in answer.asked or word in self._types
                assert fine, f"{answer.asked} -> {word!r} in {told}"
        for secret in self._hidden.get(answer.caller, self._hidden["stranger"]):
            leaks = secret in told and secret not in answer.asked
            assert not leaks, f"{answer.caller}: {answer.asked} -> {secret} in {told}"

    def __str__(self) -> str:
        each = ", ".join(
            f"{n} with {status}" for status, n in sorted(self.statuses.items())
        )
        return f"{sum(self.statuses.values())} requests: {each}"
