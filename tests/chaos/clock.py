"""Starts ``dispatch_reports`` every few seconds, as its schedule does in minutes."""

import logging
from contextlib import AbstractContextManager
from threading import Event, Thread
from types import TracebackType
from typing import Self

import httpx

from tests.chaos.person import Person
from trial_reports_airflow.names import DISPATCH_REPORTS

_logger = logging.getLogger(__name__)


class Clock(AbstractContextManager["Clock"]):
    """Ticks while its ``with`` block runs, unless Airflow's API is away.

    Args:
        person: Starts the runs.
        seconds: How often.
    """

    def __init__(self, person: Person, seconds: float) -> None:
        self._person = person
        self._seconds = seconds
        self._ended = Event()
        self._thread = Thread(target=self._tick, name="clock")

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

    def _tick(self) -> None:
        while not self._ended.wait(self._seconds):
            try:
                # One at a time, as its schedule does: the next sees the same.
                if not self._person.unfinished_runs(DISPATCH_REPORTS):
                    self._person.trigger_dag(DISPATCH_REPORTS, {})
            except httpx.HTTPError as error:
                _logger.info("no tick: %s", type(error).__name__)
