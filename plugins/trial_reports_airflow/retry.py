"""When a failed stage is tried again."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

from airflow.sdk import RetryDecision, RetryPolicy

from trial_reports.errors import PermanentError

_LONGEST_DELAY = timedelta(minutes=15)


class StageRetryPolicy(RetryPolicy):
    """Permanent errors fail at once; the rest waits longer with each try.

    Airflow's own backoff counts tries since the first run, so a cleared task
    would start with the longest delay, and gives all tasks of a wave the same
    jitter. Here the delay counts within the round and differs by map index.

    Args:
        first_delay: The delay after a round's first try.
    """

    def __init__(self, first_delay: timedelta) -> None:
        self.first_delay = first_delay

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,
        context: Mapping[str, Any] | None = None,
    ) -> RetryDecision:
        """Decide by the kind of error."""
        if isinstance(exception, PermanentError):
            return RetryDecision.fail(exception.code)
        if context is None:
            return RetryDecision.retry(self.first_delay)
        first_try = max_tries - context["task"].retries + 1
        map_index = context["ti"].map_index
        return RetryDecision.retry(self.delay(try_number - first_try, map_index))

    def delay(self, earlier_tries: int, map_index: int) -> timedelta:
        """Return the delay after a try: doubled each time, spread by up to half.

        Args:
            earlier_tries: Tries of the round before this one.
            map_index: The mapped task's index; each has its own spread.
        """
        spread = 1 + Random(f"{map_index}/{earlier_tries}").random() / 2  # noqa: S311 - spreads load, guards nothing
        seconds = self.first_delay.total_seconds() * 2.0**earlier_tries * spread
        return timedelta(seconds=min(seconds, _LONGEST_DELAY.total_seconds()))

    def serialize(self) -> dict[str, Any]:
        """Return what the serialized DAG shows; the worker parses the DAG itself."""
        return {"first_delay": self.first_delay.total_seconds()}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> "StageRetryPolicy":
        """Return the policy that was serialized."""
        return cls(timedelta(seconds=data["first_delay"]))
