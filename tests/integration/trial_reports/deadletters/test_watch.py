"""Dead letters that nobody takes up raise an alarm, once, until somebody does."""

from datetime import timedelta
from typing import Any

from pymongo.database import Database

from tests.builders import MONDAY_NOON, a_job
from trial_reports.alarms.repository import Alarms
from trial_reports.deadletters.open_letters import OpenLetters
from trial_reports.deadletters.watch import LetterWatch
from trial_reports.jobs.models import Failure, Stage
from trial_reports.jobs.transitions import Transitions

NOW = MONDAY_NOON
DAY = timedelta(hours=24)
BROKEN = Failure(code="broken", message="It broke.", cause="bug")


def fail_a_job(database: Database[dict[str, Any]], stage: Stage) -> str:
    job = a_job()
    transitions = Transitions(database)
    transitions.create([job])
    transitions.give_up(job, stage, BROKEN, NOW)
    return job.id


def test_an_alarm_for_each_stage_is_raised_once_and_ends_when_nothing_waits(
    database: Database[dict[str, Any]],
) -> None:
    alarms = Alarms(database)
    watch = LetterWatch(OpenLetters(database), alarms, DAY)
    jobs = [fail_a_job(database, stage) for stage in ("fetch", "fetch", "render")]

    watch.look(NOW + DAY)
    assert alarms.raised() == []

    later = NOW + DAY + timedelta(minutes=5)
    watch.look(later)
    watch.look(later)
    raised = {alarm.subject: alarm.message for alarm in alarms.raised()}
    assert raised.keys() == {"fetch", "render"}
    assert raised["fetch"].startswith("2 dead letters")

    database["report_jobs"].update_many(
        {"_id": {"$in": jobs[:2]}}, {"$set": {"status": "pending", "deadLetter": None}}
    )
    watch.look(later)
    assert [alarm.subject for alarm in alarms.raised()] == ["render"]
