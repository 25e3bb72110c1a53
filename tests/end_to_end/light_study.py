"""A few people with a diary each: a study whose reports are quick to make."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from local_stack.airflow_models import DagRun, TaskInstance
from local_stack.demo.prepare import Installation
from tests.builders import a_document, a_membership, a_study, a_subscription, a_user
from trial_reports.identifiers import derived_id, new_id
from trial_reports.jobs.models import Job, Stage
from trial_reports.periods.models import ReportingPeriod
from trial_reports.periods.owed import last_tick
from trial_reports.runs.models import Run
from trial_reports.runs.repository import Runs
from trial_reports.studies.models import Study
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.users.models import User
from trial_reports_airflow.names import DISPATCH_REPORTS, WEEKLY_REPORTS

_WEEK = timedelta(days=7)
_RUN_SECONDS = 120
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Reader:
    """A person of the study, their subscription, and the id of their job."""

    user: User
    subscription: ReportSubscription
    job_id: str


@dataclass(frozen=True)
class LightStudy:
    """A loaded study, and the run that reports to its readers."""

    installation: Installation
    study: Study
    readers: Sequence[Reader]
    run: str

    @property
    def of(self) -> tuple[str, str]:
        """The DAG and its run, as Airflow's API wants them."""
        return WEEKLY_REPORTS, self.run

    def job(self, reader: Reader) -> Job:
        job = self.installation.jobs.find(reader.job_id)
        assert job is not None
        return job

    def task(self, stage: Stage, reader: Reader) -> tuple[str, int]:
        """Return the mapped task that does a stage for a reader."""
        batch = self.job(reader).batch
        assert batch is not None
        return f"report.{stage}", batch

    def instance(self, task: tuple[str, int]) -> TaskInstance:
        """Return a mapped task as it is now."""
        airflow = self.installation.stack.airflow
        return next(
            instance
            for instance in airflow.task_instances(*self.of)
            if (instance.task_id, instance.map_index) == task
        )

    def start(self, batch_size: int = 1) -> None:
        """Have Airflow run the study's week, with jobs in batches of this size."""
        now = datetime.now(UTC)
        runs = Runs(self.installation.database)
        runs.open(Run(id=self.run, as_of=now, reason="test", planned_at=now))
        runs.set_batch_size(self.run, batch_size)
        airflow = self.installation.stack.airflow
        airflow.unpause(WEEKLY_REPORTS)
        conf = {"subscriptions": [reader.subscription.id for reader in self.readers]}
        airflow.trigger_dag(WEEKLY_REPORTS, conf, self.run)

    def wait(self) -> DagRun:
        """Return the study's run once it has ended."""
        airflow = self.installation.stack.airflow
        return airflow.wait_for_run(*self.of, _RUN_SECONDS)

    def begun(self, stage: Stage, reader: Reader) -> int:
        """Return how often a stage has begun for a reader without coming to an end."""
        job = self.installation.jobs.find(reader.job_id)
        work = job.work if job is not None else None
        return work.begun if work is not None and work.stage == stage else 0


def light_study(
    installation: Installation, readers: int, entries: int = 1
) -> LightStudy:
    """Load a study of readers who are owed a report on last week.

    Args:
        installation: Where to.
        readers: How many of them.
        entries: The number of each one's diary entries: the more, the longer a
            render takes.
    """
    tick = last_tick(datetime.now(UTC), installation.settings.schedule)
    period = ReportingPeriod.containing(tick - _WEEK, "UTC")
    study = a_study(new_id("stu"))
    found = [_reader(study, period, tick) for _ in range(readers)]
    found.sort(key=lambda reader: reader.subscription.id)  # the order of batches
    recorded = period.start + timedelta(days=2)
    diaries = [
        a_document(
            reader.user,
            recorded_at=recorded + timedelta(minutes=minute),
            stored_at=recorded + timedelta(minutes=minute),
        )
        for reader in found
        for minute in range(entries)
    ]
    database = installation.database
    database["studies"].insert_one(study.to_row())
    database["users"].insert_many([reader.user.to_row() for reader in found])
    database["documents"].insert_many([entry.to_row() for entry in diaries])
    database["subscriptions"].insert_many(
        [reader.subscription.to_row() for reader in found]
    )
    return LightStudy(installation, study, found, new_id("run"))


def dispatch(installation: Installation) -> None:
    """Do what happens every five minutes, and wait for the run it may start."""
    airflow = installation.stack.airflow
    airflow.unpause(DISPATCH_REPORTS)
    airflow.unpause(WEEKLY_REPORTS)
    looked = airflow.trigger_dag(DISPATCH_REPORTS, {})
    run = airflow.wait_for_run(DISPATCH_REPORTS, looked, _RUN_SECONDS)
    airflow.pause(DISPATCH_REPORTS)
    assert run.state == "success"
    for started in airflow.dag_runs(WEEKLY_REPORTS):
        airflow.wait_for_run(WEEKLY_REPORTS, started.dag_run_id, _RUN_SECONDS)


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    """Watch closely until something is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "It took too long."
        time.sleep(_POLL_SECONDS)


def _reader(study: Study, period: ReportingPeriod, tick: datetime) -> Reader:
    subscribed = period.start + timedelta(days=1)
    user = a_user(memberships=(a_membership(study.id, since=period.start - _WEEK),))
    subscription = a_subscription(
        user,
        reported_through=period.start,
        next_run=tick,
        created_at=subscribed,
        updated_at=subscribed,
    )
    return Reader(user, subscription, derived_id("job", subscription.id, period.key))
