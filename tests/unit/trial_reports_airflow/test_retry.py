"""When a failed stage is tried again: later each time, and never all at once."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import RetryDecision, RetryPolicy
from airflow.sdk.definitions.retry_policy import RetryAction

from trial_reports.errors import PermanentError, TransientError
from trial_reports_airflow.retry import StageRetryPolicy

RETRIES = 4
FIRST = timedelta(seconds=30)
LONGEST = timedelta(minutes=15)
THROTTLED = TransientError("throttled", "Too fast.")


def evaluate(
    error: BaseException, try_number: int, max_tries: int, map_index: int = 0
) -> RetryDecision:
    context: dict[str, Any] = {
        "task": SimpleNamespace(retries=RETRIES),
        "ti": SimpleNamespace(map_index=map_index),
    }
    return StageRetryPolicy(FIRST).evaluate(error, try_number, max_tries, context)


def delay(try_number: int, max_tries: int = RETRIES, map_index: int = 0) -> timedelta:
    decision = evaluate(THROTTLED, try_number, max_tries, map_index)
    assert decision.action is RetryAction.RETRY
    assert decision.retry_delay is not None
    return decision.retry_delay


def test_what_will_never_succeed_is_not_tried_again() -> None:
    decision = evaluate(PermanentError("jobs_failed", "2 jobs failed."), 1, RETRIES)

    assert decision.action is RetryAction.FAIL
    assert decision.reason == "jobs_failed"


@pytest.mark.parametrize("error", [THROTTLED, ValueError("a bug"), MemoryError()])
def test_everything_else_is_tried_again(error: BaseException) -> None:
    assert evaluate(error, 1, RETRIES).action is RetryAction.RETRY


def test_within_a_round_each_try_waits_longer() -> None:
    waits = [delay(number) for number in range(1, RETRIES + 1)]

    assert waits == sorted(set(waits))
    for earlier_tries, wait in enumerate(waits):
        assert FIRST * 2**earlier_tries <= wait <= FIRST * 2**earlier_tries * 1.5


def test_after_a_clear_the_waits_begin_anew() -> None:
    # Cleared at its third try: Airflow allows the third and four retries more.
    cleared = 2 + RETRIES

    assert delay(3, max_tries=cleared) == delay(1)
    assert delay(4, max_tries=cleared) == delay(2)


def test_the_tasks_of_a_wave_do_not_come_back_together() -> None:
    assert len({delay(1, map_index=index) for index in range(100)}) == 100


@pytest.mark.parametrize("earlier_tries", [10, 50, 1000])
def test_no_wait_is_longer_than_the_longest(earlier_tries: int) -> None:
    assert StageRetryPolicy(FIRST).delay(earlier_tries, 0) == LONGEST


def test_without_a_context_the_first_delay_is_taken() -> None:
    decision = StageRetryPolicy(FIRST).evaluate(THROTTLED, 3, RETRIES)

    assert decision.retry_delay == FIRST


def test_the_policy_survives_airflows_serialisation() -> None:
    policy: RetryPolicy = StageRetryPolicy(timedelta(seconds=5))

    again = StageRetryPolicy.deserialize(policy.serialize())

    assert again.first_delay == timedelta(seconds=5)
