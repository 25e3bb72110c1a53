"""Starts ``dispatch_reports`` every few seconds, as its schedule does in minutes."""

import logging

import httpx

from tests.chaos.person import Person
from tests.chaos.repeating import Repeating
from trial_reports_airflow.names import DISPATCH_REPORTS

_logger = logging.getLogger(__name__)


class Clock(Repeating):
    """Ticks while its ``with`` block runs, unless Airflow's API is away.

    Args:
        person: Starts the runs.
        seconds: How often.
    """

    def __init__(self, person: Person, seconds: float) -> None:
        super().__init__("clock", seconds)
        self._person = person

    def act(self) -> None:
        """Start a run, unless there is one: its schedule allows one at a time."""
        try:
            if not self._person.unfinished_runs(DISPATCH_REPORTS):
                self._person.trigger_dag(DISPATCH_REPORTS, {})
        except httpx.HTTPError as error:
            _logger.info("no tick: %s", type(error).__name__)
