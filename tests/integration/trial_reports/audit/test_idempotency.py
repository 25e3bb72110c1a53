"""Deciding once, however often the decision arrives."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON as NOW
from trial_reports.audit.idempotency import KEPT, Answer, Asked, IdempotencyKeys
from trial_reports.audit.trail import Decision
from trial_reports.errors import RequestError

ASKED = Asked("usr_one", "pauseDelivery", "key-00000001", "The provider is ill.", "{}")


class Acts:
    """Counts how often it was carried out, and by which decision."""

    def __init__(self) -> None:
        self.decisions: list[Decision] = []

    def __call__(self, decision: Decision) -> Answer:
        self.decisions.append(decision)
        return {"times": len(self.decisions)}


@pytest.fixture
def keys(database: Database[dict[str, Any]]) -> IdempotencyKeys:
    return IdempotencyKeys(database)


def test_a_repetition_gets_the_first_answer_and_does_nothing(
    keys: IdempotencyKeys,
) -> None:
    act = Acts()

    answers = [keys.once(ASKED, act, NOW) for _ in range(3)]

    assert answers == [{"times": 1}] * 3
    assert [(d.by, d.reason) for d in act.decisions] == [(ASKED.by, ASKED.reason)]


@pytest.mark.parametrize(
    "other", [{"by": "usr_two"}, {"operation": "resumeDelivery"}, {"key": "key-2"}]
)
def test_a_key_belongs_to_one_person_and_one_operation(
    keys: IdempotencyKeys, other: dict[str, str]
) -> None:
    act = Acts()

    keys.once(ASKED, act, NOW)
    keys.once(replace(ASKED, **other), act, NOW)

    first, second = act.decisions
    assert first.id != second.id


@pytest.mark.parametrize("other", [{"what": '{"a":1}'}, {"reason": "Another."}])
def test_a_key_cannot_be_used_for_something_else(
    keys: IdempotencyKeys, other: dict[str, str]
) -> None:
    act = Acts()
    keys.once(ASKED, act, NOW)

    with pytest.raises(RequestError, match="idempotency_key_reused"):
        keys.once(replace(ASKED, **other), act, NOW)

    assert len(act.decisions) == 1


def test_what_died_or_was_refused_is_carried_out_by_its_repetition(
    keys: IdempotencyKeys,
) -> None:
    def refuse(_decision: Decision) -> Answer:
        raise RequestError("study_not_found", "There is no such study.")

    with pytest.raises(RequestError, match="study_not_found"):
        keys.once(ASKED, refuse, NOW)
    act = Acts()

    assert keys.once(ASKED, act, NOW) == {"times": 1}
    assert act.decisions == [ASKED.decision]


def test_one_that_arrives_while_it_is_carried_out_is_refused(
    keys: IdempotencyKeys,
) -> None:
    early, late = Acts(), Acts()

    def act(decision: Decision) -> Answer:
        with pytest.raises(RequestError, match="decision_in_progress"):
            keys.once(ASKED, late, NOW)
        return early(decision)

    assert keys.once(ASKED, act, NOW) == {"times": 1}
    assert keys.once(ASKED, late, NOW) == {"times": 1}
    assert late.decisions == []


def test_one_whose_process_died_can_be_asked_for_again_after_a_minute(
    keys: IdempotencyKeys, database: Database[dict[str, Any]]
) -> None:
    keys.once(ASKED, Acts(), NOW)
    database["idempotency_keys"].update_one({}, {"$set": {"answer": None}})
    act = Acts()

    with pytest.raises(RequestError, match="decision_in_progress"):
        keys.once(ASKED, act, NOW + timedelta(seconds=59))
    assert keys.once(ASKED, act, NOW + timedelta(minutes=1)) == {"times": 1}


def test_keys_are_kept_for_thirty_days(
    keys: IdempotencyKeys, database: Database[dict[str, Any]]
) -> None:
    keys.once(ASKED, Acts(), NOW)

    row = database["idempotency_keys"].find_one() or {}
    index = database["idempotency_keys"].index_information()["expireAt_1"]
    assert row["expireAt"] == NOW + KEPT
    assert index["expireAfterSeconds"] == 0
