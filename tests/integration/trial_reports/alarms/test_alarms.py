"""Alarms on a real database and queue: each is told once, and once that it is over."""

import json
from datetime import timedelta
from typing import Any

import pytest
from mypy_boto3_sqs import SQSClient
from pymongo.database import Database

from tests.builders import MONDAY_NOON
from trial_reports.alarms.bell import Bell
from trial_reports.alarms.repository import Alarms
from trial_reports.settings import Settings

NOW = MONDAY_NOON
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def alarms(database: Database[dict[str, Any]]) -> Alarms:
    return Alarms(database)


@pytest.fixture
def bell(alarms: Alarms, sqs: SQSClient, settings: Settings) -> Bell:
    return Bell(sqs, settings.dead_letters.queue_prefix, alarms)


def heard(sqs: SQSClient, settings: Settings) -> list[dict[str, Any]]:
    name = f"{settings.dead_letters.queue_prefix}-alarms"
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in messages.get("Messages", [])]


def test_an_alarm_is_raised_and_logged_once_until_it_is_over(
    alarms: Alarms, caplog: pytest.LogCaptureFixture
) -> None:
    assert alarms.raise_once("delivery_paused", "all", "Refused.", NOW)
    assert not alarms.raise_once("delivery_paused", "all", "Refused.", LATER)
    assert caplog.text.count("ALARM delivery_paused (all): Refused.") == 1
    assert alarms.raise_once("service_refuses", "fetch", "No.", NOW)
    assert alarms.end("delivery_paused", "all", LATER)
    assert not alarms.end("delivery_paused", "all", LATER)
    assert [alarm.code for alarm in alarms.raised()] == ["service_refuses"]
    assert alarms.raise_once("delivery_paused", "all", "Refused.", LATER)


def test_whoever_is_on_call_is_told_once_and_once_that_it_is_over(
    alarms: Alarms, bell: Bell, sqs: SQSClient, settings: Settings
) -> None:
    alarms.raise_once("delivery_paused", "all", "Refused.", NOW)
    assert (bell.ring(), bell.ring()) == (1, 0)
    alarms.end("delivery_paused", "all", LATER)
    assert (bell.ring(), bell.ring()) == (1, 0)
    told = heard(sqs, settings)
    assert [(m["code"], m["state"], m["at"]) for m in told] == [
        ("delivery_paused", "raised", NOW.isoformat()),
        ("delivery_paused", "over", LATER.isoformat()),
    ]
    assert told[0]["id"] == told[1]["id"]


def test_an_alarm_that_was_over_before_anybody_heard_is_not_told(
    alarms: Alarms, bell: Bell
) -> None:
    alarms.raise_once("delivery_paused", "all", "Refused.", NOW)
    alarms.end("delivery_paused", "all", LATER)
    assert bell.ring() == 0


def test_a_queue_that_is_away_is_told_later(
    alarms: Alarms, bell: Bell, sqs: SQSClient, settings: Settings
) -> None:
    alarms.raise_once("delivery_paused", "all", "Refused.", NOW)
    elsewhere = Bell(sqs, "no-such-installation", alarms)
    assert elsewhere.ring() == 0
    assert bell.ring() == 1
    assert len(heard(sqs, settings)) == 1
