"""Telling whoever is on call: one SQS queue, from which a pager is fed.

A message may arrive twice, as always with SQS; it carries the alarm's id.
"""

import json
import logging
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from trial_reports.alarms.models import Alarm
from trial_reports.alarms.repository import Alarms
from trial_reports.deadletters.queues import create_queue

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

log = logging.getLogger(__name__)


class Bell:
    """The queue ``<prefix>-alarms``.

    Args:
        client: An SQS client with time-outs.
        prefix: The installation's queue prefix.
        alarms: What there is to tell.
    """

    def __init__(self, client: "SQSClient", prefix: str, alarms: Alarms) -> None:
        self._client = client
        self._name = f"{prefix}-alarms"
        self._alarms = alarms

    def create(self) -> None:
        """Create the queue; repeating it changes nothing."""
        create_queue(self._client, self._name)

    def ring(self) -> int:
        """Tell each alarm that was raised or is over; return how many.

        A queue that is away does not fail the caller: the next one tells.
        """
        told = 0
        for alarm in self._alarms.untold():
            try:
                url = self._client.get_queue_url(QueueName=self._name)["QueueUrl"]
                self._client.send_message(QueueUrl=url, MessageBody=_message(alarm))
            except (BotoCoreError, ClientError):
                log.warning("SQS did not take the alarm %s; it is told later", alarm.id)
                break
            self._alarms.mark_told(alarm)
            told += 1
        return told


def _message(alarm: Alarm) -> str:
    at = alarm.over_at if alarm.over_at is not None else alarm.raised_at
    return json.dumps(
        {
            "version": 1,
            "id": alarm.id,
            "code": alarm.code,
            "subject": alarm.subject,
            "message": alarm.message,
            "state": alarm.state,
            "at": at.isoformat(),
        }
    )
