"""The background service: what has no run gets one.

Requests, redrives, reopened jobs and lost runs all become "pending without a
run"; whoever is overdue is owed a run. Both are looked for here, so nothing
depends on a single trigger having worked.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from trial_reports.deadletters.outbox import Outbox
from trial_reports.jobs.models import Failure
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions
from trial_reports.subscriptions.repository import Subscriptions

log = logging.getLogger(__name__)

_ORPHANED = Failure(
    code="orphaned",
    message="Its runs ended without finishing it, too many times.",
    cause="orphaned",
)


@dataclass(frozen=True)
class Dispatcher:
    """Finds work that has no run, over the product's collections."""

    subscriptions: Subscriptions
    jobs: Jobs
    transitions: Transitions
    outbox: Outbox
    max_releases: int

    def release_orphans(self, run_is_over: Callable[[str], bool], now: datetime) -> int:
        """Take jobs from runs that are over; one that is lost too often fails.

        Args:
            run_is_over: Tells whether a run has finished or is gone.
            now: The time of the call, UTC.

        Returns:
            How many jobs wait for a new run.
        """
        released = 0
        for run in filter(run_is_over, self.jobs.unfinished_runs()):
            for job in self.jobs.unfinished_of(run):
                if job.releases + 1 >= self.max_releases:
                    self.transitions.give_up(job, job.stage, _ORPHANED, now)
                else:
                    released += self.transitions.release(job, now)
        self.outbox.send_unsent(now)
        if released:
            log.warning(
                "%d jobs were left by their run and wait for a new one", released
            )
        return released

    def is_run_needed(self, as_of: datetime) -> bool:
        """Tell whether a job waits for a run, or somebody is overdue."""
        return self.jobs.any_unowned() or self.subscriptions.any_owed(as_of)
