"""What the stand-in can be told to do wrong."""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Status = Literal[400, 401, 403, 413, 429, 500, 502, 503, 504]
Fault = Status | Literal["hang", "drop_before", "drop_after_accept"]
"""A status to answer with, or what happens to the connection instead.

``hang`` takes the request and never answers; ``drop_before`` closes without
taking it (unread, unless the rule names a recipient); ``drop_after_accept``
keeps the mail and closes without an answer.
"""


class FaultRule(BaseModel):
    """When to go wrong, and how.

    ``rate`` is the share of matching requests, spread evenly and not at random;
    ``times`` is how often in all; ``retry_after`` is what a 429 asks for, in
    seconds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    fault: Fault
    recipient: str | None = None
    rate: float = Field(1.0, gt=0, le=1)
    times: int | None = Field(None, ge=1)
    retry_after: int = Field(1, ge=0)


class Faults:
    """The rules in force; the first that applies decides."""

    def __init__(self) -> None:
        self._rules: list[_Counter] = []

    def add(self, rule: FaultRule) -> None:
        """Put a rule in force, after those that are."""
        self._rules.append(_Counter(rule))

    def clear(self) -> None:
        """Behave well again."""
        self._rules.clear()

    def rules(self) -> list[FaultRule]:
        """Return the rules in force."""
        return [counter.rule for counter in self._rules]

    def before_reading(self) -> FaultRule | None:
        """Return the rule for a request that nobody has read yet."""
        return self._first(counter for counter in self._rules if counter.applies_unread)

    def for_recipients(self, recipients: set[str]) -> FaultRule | None:
        """Return the rule for a request to these addresses, in lower case."""
        return self._first(
            counter for counter in self._rules if counter.applies_to(recipients)
        )

    @staticmethod
    def _first(candidates: Iterator["_Counter"]) -> FaultRule | None:
        return next((c.rule for c in candidates if c.strikes()), None)


class _Counter:
    """A rule, and how often it matched and struck."""

    def __init__(self, rule: FaultRule) -> None:
        self.rule = rule
        self._matches = 0
        self._strikes = 0

    @property
    def applies_unread(self) -> bool:
        return self.rule.fault == "drop_before" and self.rule.recipient is None

    def applies_to(self, recipients: set[str]) -> bool:
        if self.applies_unread:
            return False
        recipient = self.rule.recipient
        return recipient is None or recipient.lower() in recipients

    def strikes(self) -> bool:
        """Count a match, and tell whether the rule strikes this time."""
        if self.rule.times is not None and self._strikes >= self.rule.times:
            return False
        before = int(self._matches * self.rule.rate)
        self._matches += 1
        struck = int(self._matches * self.rule.rate) > before
        self._strikes += struck
        return struck
