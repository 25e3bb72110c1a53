"""The dispatcher's look at the alarms: what is over ends, what is late is told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON, a_job, a_subscription, a_user
from trial_reports.alarms.repository import Alarms
from trial_reports.delivery.controls import EVERYBODY, Controls, Pause
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions
from trial_reports.pipeline.watch import AlarmWatch
from trial_reports.subscriptions.repository import Subscriptions

NOW = MONDAY_NOON
DAY = timedelta(hours=24)
MINUTE = timedelta(minutes=1)


class Desk:
    """The watch, and what it watches."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self.alarms, self.controls = Alarms(database), Controls(database)
        self.subscriptions = Subscriptions(database)
        self.transitions = Transitions(database)
        self.watch = AlarmWatch(
            self.subscriptions, Jobs(database), self.controls, self.alarms, DAY
        )

    def raised(self, now: datetime) -> list[tuple[str, str]]:
        self.watch.look(now)
        return [(alarm.code, alarm.subject) for alarm in self.alarms.raised()]


@pytest.fixture
def desk(database: Database[dict[str, Any]]) -> Desk:
    return Desk(database)


def pause(at: datetime, *, automatic: bool = False) -> Pause:
    return Pause(by="olivia", reason="an incident", at=at, automatic=automatic)


def test_a_pause_that_a_person_has_forgotten_is_told_after_a_day(desk: Desk) -> None:
    desk.controls.pause("stu_one", pause(NOW))
    assert desk.raised(NOW + DAY) == []
    assert desk.raised(NOW + DAY + MINUTE) == [("delivery_paused", "stu_one")]
    desk.controls.resume("stu_one")
    assert desk.raised(NOW + DAY + MINUTE) == []


def test_our_own_pause_is_told_though_whoever_paused_died_before_saying_so(
    desk: Desk,
) -> None:
    desk.controls.pause(EVERYBODY, pause(NOW, automatic=True))
    assert desk.raised(NOW) == [("delivery_paused", EVERYBODY)]


def test_the_alarm_ends_though_whoever_resumed_died_before_saying_so(
    desk: Desk,
) -> None:
    desk.controls.pause(EVERYBODY, pause(NOW, automatic=True))
    desk.raised(NOW)
    desk.controls.resume_ourselves()
    assert desk.raised(NOW) == []


def test_a_service_is_well_again_once_nobody_was_refused_for_an_hour(
    desk: Desk,
) -> None:
    hour = timedelta(hours=1)
    desk.alarms.raise_once("service_refuses", "fetch", "No.", NOW)
    desk.alarms.raise_once("service_refuses", "fetch", "No.", NOW + hour)
    assert desk.raised(NOW + hour + MINUTE) == [("service_refuses", "fetch")]
    assert desk.raised(NOW + 2 * hour + MINUTE) == []


def test_a_report_that_is_not_finished_for_a_day_is_told(desk: Desk) -> None:
    job = a_job()
    desk.transitions.create([job])
    assert desk.raised(NOW + DAY) == []
    assert desk.raised(NOW + DAY + MINUTE) == [("reports_late", EVERYBODY)]


def test_a_subscription_that_no_run_takes_up_is_told(desk: Desk) -> None:
    desk.subscriptions.add(a_subscription(a_user()))
    assert desk.raised(NOW + MINUTE) == []
    assert desk.raised(NOW + DAY + MINUTE) == [("reports_late", EVERYBODY)]


def test_a_run_is_complete_once_its_left_jobs_have_ended_elsewhere(desk: Desk) -> None:
    job = a_job()
    desk.transitions.create([job])
    desk.transitions.claim("run_one", {}, NOW)
    desk.alarms.raise_once("run_incomplete", "run_one", "1 job.", NOW)
    assert desk.raised(NOW) == [("run_incomplete", "run_one")]
    owned = job.model_copy(update={"run": "run_one"})
    assert desk.transitions.release(owned, NOW)
    assert desk.raised(NOW) == []
