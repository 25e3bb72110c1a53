"""Tells the webhook what becomes of mails, as SendGrid does."""

import json
import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event as Signal
from threading import Thread
from types import TracebackType
from typing import Self

import httpx

from local_stack.mailbox.event_queue import EventQueue
from local_stack.mailbox.event_signing import EventSigner

_logger = logging.getLogger(__name__)

_REST_SECONDS = 0.5
"""In which events gather into one request."""

_LONGEST_REST_SECONDS = 5.0
"""SendGrid's pauses between tries grow too, for a day; here nobody waits so long."""

_ANSWER_SECONDS = 5.0


@dataclass(frozen=True)
class Webhook:
    """Where events are posted; ``private_key`` signs them."""

    url: str
    private_key: str = field(repr=False)


class Courier(AbstractContextManager["Courier"]):
    """Posts events in the background while its ``with`` block runs.

    What is not answered with success is posted again, for as long as it takes.

    Args:
        webhook: Where to.
        queue: What.
    """

    def __init__(self, webhook: Webhook, queue: EventQueue) -> None:
        self._url = webhook.url
        self._signer = EventSigner(webhook.private_key)
        self._queue = queue
        self._ended = Signal()
        self._thread = Thread(target=self._work, name="courier")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _work(self) -> None:
        rest = _REST_SECONDS
        with httpx.Client(timeout=_ANSWER_SECONDS, trust_env=False) as client:
            while not self._ended.wait(rest):
                well = self._tell(client)
                rest = _REST_SECONDS if well else min(2 * rest, _LONGEST_REST_SECONDS)

    def _tell(self, client: httpx.Client) -> bool:
        """Post what is due; return whether nothing stood in the way."""
        while not self._ended.is_set():
            batch = self._queue.next_batch(datetime.now(UTC))
            if not batch:
                break
            body = json.dumps([event.item() for event in batch]).encode()
            # A try that is repeated is signed anew.
            headers = self._signer.headers(body, datetime.now(UTC))
            try:
                answer = client.post(self._url, content=body, headers=headers)
            except httpx.HTTPError as error:
                _logger.warning("%d events: %s", len(batch), type(error).__name__)
                return False
            if not answer.is_success:
                _logger.warning("%d events: %d", len(batch), answer.status_code)
                return False
            self._queue.note_told(batch)
        return True
