"""Waiting until all is well again, without helping."""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

import httpx
from pymongo.database import Database
from pymongo.errors import PyMongoError

from local_stack.mailbox.client import Mailbox
from tests.chaos.decisions import arrived, has_unknown_mail
from tests.chaos.person import Person
from trial_reports.database.model import Row
from trial_reports.jobs.models import Job
from trial_reports_airflow.names import WEEKLY_REPORTS

_POLL_SECONDS = 1.0
_UNFINISHED = ("pending", "processing")


@dataclass(frozen=True)
class Recovery:
    """Looks at jobs, runs and events until nothing happens any more.

    Attributes:
        database: The product's.
        mailbox: Tells the product what becomes of its mails.
        person: Sees Airflow's runs.
        owed: How many jobs there have to be.
        patience: How many seconds it may take.
    """

    database: Database[Row]
    mailbox: Mailbox
    person: Person
    owed: int
    patience: float

    def wait(self) -> float | None:
        """Wait until every job has ended, and then every run and event.

        What was cleared late has to come to its end too: it must change nothing.
        A job whose unknown mail has arrived has not ended: an event says so.

        Returns:
            The seconds until the last job had ended, ``None`` if they were not
            enough.
        """
        seconds = self._wait_until(self._jobs_have_ended)
        if seconds is not None:
            self._wait_until(self._runs_have_ended)
            self._wait_until(self._events_have_been_told)
        return seconds

    def jobs(self) -> list[Job]:
        """Return every job."""
        rows = self.database["report_jobs"].find().sort("_id", 1)
        return [Job.from_row(row) for row in rows]

    def _wait_until(self, well: Callable[[], bool]) -> float | None:
        began = time.monotonic()
        while (passed := time.monotonic() - began) < self.patience:
            # What is still coming up cannot be asked.
            with suppress(httpx.HTTPError, PyMongoError):
                if well():
                    return round(passed, 1)
            time.sleep(_POLL_SECONDS)
        return None

    def _jobs_have_ended(self) -> bool:
        jobs = self.jobs()
        ended = all(job.status not in _UNFINISHED for job in jobs)
        told = all(job.dead_letter is None or job.dead_letter.sent_at for job in jobs)
        return len(jobs) >= self.owed and ended and told and self._is_settled(jobs)

    def _is_settled(self, jobs: Iterable[Job]) -> bool:
        unknown = [job for job in jobs if has_unknown_mail(job)]
        mails = self.mailbox.messages() if unknown else []
        return not any(arrived(job, mails) for job in unknown)

    def _events_have_been_told(self) -> bool:
        return self.mailbox.waiting_events() == 0

    def _runs_have_ended(self) -> bool:
        return not self.person.unfinished_runs(WEEKLY_REPORTS)
