"""Planning a run: who is owed a report, and which batch makes it.

The order of writes is the safety: run, jobs, ownership, batches, and last of
all the subscriptions move forward. A plan that died is finished by its retry,
and a plan that is repeated finds its own work and adds nothing.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from trial_reports.correlation import correlation_id_of_run
from trial_reports.database.model import Row
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import Job
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.requesting import job_for
from trial_reports.jobs.transitions import Transitions
from trial_reports.periods.models import ReportingPeriod
from trial_reports.periods.owed import next_run, owed_periods
from trial_reports.runs.models import Run
from trial_reports.runs.repository import Runs
from trial_reports.settings import Pipeline, Schedule
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.subscriptions.repository import Subscriptions

log = logging.getLogger(__name__)

_CHUNK = 1000


@dataclass(frozen=True)
class PlanRequest:
    """What a run was asked to do.

    Without ``period``, ``subscriptions`` and ``jobs`` it is the weekly run:
    everybody who is owed a report at ``as_of``, and every job without a run.
    ``jobs`` have their reports made anew; their mails are not repeated.
    """

    run: str
    as_of: datetime
    reason: str
    period: str | None = None
    subscriptions: tuple[str, ...] | None = None
    jobs: tuple[str, ...] | None = None

    @property
    def scope(self) -> Row:
        """The filter for jobs this run may make its own."""
        if self.jobs is not None:
            return {"_id": {"$in": list(self.jobs)}}
        if self.subscriptions is not None:
            return {"subscriptionId": {"$in": list(self.subscriptions)}}
        return {}


@dataclass(frozen=True)
class Planner:
    """Plans runs over the product's collections."""

    subscriptions: Subscriptions
    jobs: Jobs
    transitions: Transitions
    decisions: Decisions
    runs: Runs
    schedule: Schedule
    limits: Pipeline

    def plan(self, request: PlanRequest, now: datetime) -> list[str]:
        """Plan a run.

        Args:
            request: What the run was asked to do.
            now: The time of the call, UTC.

        Returns:
            A label for each batch, at the position that is its number: the
            subscription's id where the batch is one subscription's.
        """
        self.runs.open(
            Run(
                id=request.run,
                as_of=request.as_of,
                reason=request.reason,
                planned_at=now,
            )
        )
        steps: dict[str, tuple[datetime, datetime]] = {}
        if request.jobs is not None:
            self.decisions.reopen(request.run, request.jobs, now)
        else:
            steps = self._create_jobs(request, now)
        self.transitions.claim(request.run, request.scope, now)
        labels = self._divide(request.run)
        self.subscriptions.advance(steps)
        if not labels:
            log.info("Nothing to do: no report is owed as of %s.", request.as_of)
        return labels

    def _create_jobs(
        self, request: PlanRequest, now: datetime
    ) -> dict[str, tuple[datetime, datetime]]:
        steps: dict[str, tuple[datetime, datetime]] = {}
        wanted: list[Job] = []
        created = asked = 0
        correlation = correlation_id_of_run(request.run)
        anyone = request.subscriptions
        if request.period is not None and anyone is None:
            owed = self.subscriptions.active()
        else:
            owed = self.subscriptions.owed(request.as_of, anyone)
        for subscription in owed:
            periods = self._periods(subscription, request)
            wanted += [
                job_for(subscription, period, request.reason, now, correlation)
                for period in periods
            ]
            if periods and request.period is None:
                through = periods[-1].end
                steps[subscription.id] = (
                    through,
                    next_run(through, subscription.time_zone, self.schedule),
                )
            if len(wanted) >= _CHUNK:
                created += self.transitions.create(wanted)
                asked += len(wanted)
                wanted.clear()
        created += self.transitions.create(wanted)
        asked += len(wanted)
        log.info("%d jobs are new, %d existed already.", created, asked - created)
        return steps

    def _periods(
        self, subscription: ReportSubscription, request: PlanRequest
    ) -> list[ReportingPeriod]:
        zone = subscription.time_zone
        if request.period is None:
            return owed_periods(
                subscription.reported_through,
                request.as_of,
                zone,
                self.schedule.catch_up,
            )
        period = ReportingPeriod.parse(request.period, zone)
        ended = period.end <= request.as_of
        return [period] if ended and period.end > subscription.created_at else []

    def _divide(self, run: str) -> list[str]:
        owned = list(self.jobs.of_run(run))
        if not owned:
            return []
        limits = self.limits
        size = self.runs.set_batch_size(
            run,
            min(ceil(len(owned) / limits.max_mapped_tasks), limits.max_batch_size),
        )
        batches = _batches(owned, size)
        self.transitions.assign_batches(
            run, {job.id: batches[job.id] for job in owned if job.batch is None}
        )
        return _labels(owned, batches)


def _batches(owned: list[Job], size: int) -> dict[str, int]:
    """Return each job's batch; jobs that have one keep it.

    One person's several weeks stay together and in order.
    """
    batches = {job.id: job.batch for job in owned if job.batch is not None}
    number = max(batches.values(), default=-1)
    room = 0
    subscription = None
    for job in owned:
        if job.id in batches:
            continue
        if job.subscription_id != subscription and room <= 0:
            number, room = number + 1, size
        subscription = job.subscription_id
        batches[job.id] = number
        room -= 1
    return batches


def _labels(owned: list[Job], batches: dict[str, int]) -> list[str]:
    members: list[set[str]] = [set() for _ in range(max(batches.values()) + 1)]
    for job in owned:
        members[batches[job.id]].add(job.subscription_id)
    # A batch whose jobs have gone to another run keeps its place: a label's
    # position is its batch's number.
    return [
        next(iter(ids)) if len(ids) == 1 else f"batch-{number:04}"
        for number, ids in enumerate(members)
    ]
