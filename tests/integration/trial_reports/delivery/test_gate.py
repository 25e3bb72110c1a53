"""Whether the next mail may go: on a real database, with a clock that stands still."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON, a_decision, a_study
from trial_reports.alarms.repository import Alarms
from trial_reports.audit.trail import AuditTrail
from trial_reports.delivery.controls import EVERYBODY, Controls
from trial_reports.delivery.gate import DeliveryGate
from trial_reports.delivery.pace import Pace
from trial_reports.delivery.pausing import DeliveryPausing
from trial_reports.errors import RequestError, ServicePaused
from trial_reports.settings import Mail
from trial_reports.studies.repository import Studies

PROBE = timedelta(seconds=300)


@dataclass
class Delivery:
    """The gate, and those who open and close it."""

    database: Database[dict[str, Any]]
    now: datetime = MONDAY_NOON
    slept: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.alarms = Alarms(self.database)
        controls = Controls(self.database)
        studies = Studies(self.database)
        self.database["studies"].insert_one(a_study().to_row())
        self.pausing = DeliveryPausing(
            studies, controls, self.alarms, AuditTrail(self.database)
        )

    def gate(self, **settings: Any) -> DeliveryGate:
        mail = Mail(**{"pause_after": 3, **settings})
        return DeliveryGate(
            controls=Controls(self.database),
            pace=Pace(self.database, mail.per_minute),
            alarms=self.alarms,
            settings=mail,
            clock=lambda: self.now,
            sleep=self.slept.append,
        )

    def alarm_codes(self) -> list[str]:
        return [alarm.code for alarm in self.alarms.raised()]


@pytest.fixture
def delivery(database: Database[dict[str, Any]]) -> Delivery:
    return Delivery(database)


def refuses(gate: DeliveryGate, times: int) -> list[bool]:
    return [gate.was_not_taken() for _ in range(times)]


def test_a_person_stops_one_study_and_the_others_go_on(delivery: Delivery) -> None:
    gate = delivery.gate()
    delivery.pausing.pause(
        "stu_one", a_decision(by="olivia", reason="a wrong chart"), delivery.now
    )
    with pytest.raises(ServicePaused, match="paused by a person"):
        gate.admit("stu_one")
    gate.admit("stu_two")
    assert delivery.pausing.resume(
        "stu_one", a_decision(by="olivia", reason="corrected"), delivery.now
    )
    gate.admit("stu_one")


def test_a_person_stops_everybody_until_a_person_says_otherwise(
    delivery: Delivery,
) -> None:
    gate = delivery.gate()
    delivery.pausing.pause(
        EVERYBODY, a_decision(by="olivia", reason="an incident"), delivery.now
    )
    delivery.now += timedelta(days=3)
    gate.was_taken()  # by somebody whose mail was on its way
    with pytest.raises(ServicePaused):
        gate.admit("stu_one")
    delivery.pausing.resume(
        EVERYBODY, a_decision(by="olivia", reason="over"), delivery.now
    )
    gate.admit("stu_one")


def test_who_paused_and_who_resumed_and_why_can_be_asked_later(
    delivery: Delivery,
) -> None:
    delivery.pausing.pause(
        "stu_one", a_decision(by="olivia", reason="a wrong chart"), delivery.now
    )
    delivery.pausing.resume(
        "stu_one", a_decision(by="oscar", reason="corrected"), delivery.now
    )
    assert not delivery.pausing.resume(
        "stu_one", a_decision(by="oscar", reason="again"), delivery.now
    )
    events = AuditTrail(delivery.database).about("stu_one")
    assert {(e.actor, e.action, e.reason) for e in events} == {
        ("olivia", "pause_delivery", "a wrong chart"),
        ("oscar", "resume_delivery", "corrected"),
        ("oscar", "resume_delivery", "again"),
    }


def test_a_study_that_does_not_exist_is_not_said_to_be_paused(
    delivery: Delivery,
) -> None:
    with pytest.raises(RequestError, match="study_not_found"):
        delivery.pausing.pause("stu_onne", a_decision(), delivery.now)


def test_each_probe_that_ends_in_doubt_doubles_the_wait_for_the_next(
    delivery: Delivery,
) -> None:
    gate = delivery.gate()
    refuses(gate, 3)
    for wait in (300, 600, 1200, 2400):
        with pytest.raises(ServicePaused) as paused:
            gate.admit("stu_one")
        assert paused.value.retry_after == wait
        delivery.now += timedelta(seconds=wait)
        gate.admit("stu_one")
        gate.was_in_doubt()


def test_delivery_pauses_by_itself_and_alarms_once(delivery: Delivery) -> None:
    gate = delivery.gate()
    assert refuses(gate, 5) == [False, False, True, True, True]
    assert delivery.alarm_codes() == ["delivery_paused"]
    with pytest.raises(ServicePaused, match="by itself") as paused:
        gate.admit("stu_one")
    assert paused.value.retry_after == PROBE.total_seconds()


def test_a_mail_that_is_taken_starts_the_count_anew(delivery: Delivery) -> None:
    gate = delivery.gate()
    refuses(gate, 2)
    gate.was_taken()
    assert refuses(gate, 2) == [False, False]
    assert delivery.alarm_codes() == []


def test_in_our_own_pause_one_mail_in_a_while_is_tried(delivery: Delivery) -> None:
    gate = delivery.gate()
    refuses(gate, 3)
    delivery.now += PROBE
    gate.admit("stu_one")
    with pytest.raises(ServicePaused):
        gate.admit("stu_one")
    assert gate.was_not_taken()
    delivery.now += PROBE
    gate.admit("stu_two")
    gate.was_taken()
    gate.admit("stu_one")
    assert delivery.alarm_codes() == []


def test_a_person_resumes_what_paused_by_itself(delivery: Delivery) -> None:
    gate = delivery.gate()
    refuses(gate, 3)
    assert delivery.pausing.resume(
        EVERYBODY, a_decision(by="olivia", reason="new key"), delivery.now
    )
    gate.admit("stu_one")
    assert delivery.alarm_codes() == []
    assert refuses(gate, 2) == [False, False]


def test_everybody_rests_as_long_as_the_provider_asks(delivery: Delivery) -> None:
    gate = delivery.gate()
    gate.rest(40)
    gate.rest(20)
    with pytest.raises(ServicePaused, match="mail_rate_limited") as waits:
        delivery.gate().admit("stu_one")
    assert waits.value.retry_after == 40
    delivery.now += timedelta(seconds=40)
    gate.admit("stu_one")
    assert delivery.alarm_codes() == []


def test_all_workers_together_keep_to_one_pace(delivery: Delivery) -> None:
    one, another = delivery.gate(per_minute=3), delivery.gate(per_minute=3)
    for gate in (one, another, one):
        gate.admit("stu_one")
    with pytest.raises(ServicePaused, match="mail_rate_limited") as waits:
        another.admit("stu_one")
    assert waits.value.retry_after is not None
    assert 0 < waits.value.retry_after <= 60


def test_a_short_wait_keeps_the_worker_slot(delivery: Delivery) -> None:
    gate = delivery.gate(per_minute=1)
    gate.admit("stu_one")
    # The window's only entry is made to be nearly a minute old.
    delivery.database["rate_windows"].update_one(
        {}, [{"$set": {"entries": [{"$subtract": [{"$first": "$entries"}, 59.5]}]}}]
    )
    rest: list[float] = []

    def sleep(seconds: float) -> None:
        rest.append(seconds)
        delivery.database["rate_windows"].delete_many({})

    slow = DeliveryGate(
        gate.controls, gate.pace, gate.alarms, gate.settings, gate.clock, sleep
    )
    slow.admit("stu_one")
    assert len(rest) == 1
    assert 0 < rest[0] <= 0.5
