"""A sample study and a week of reports about it, run as Airflow would run them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo.database import Database

from local_stack.mailbox.client import Mailbox
from local_stack.mailbox.faults import FaultRule
from local_stack.sample_study import Awkwardness, SampleStudy, load, subscribe_everybody
from tests.builders import MONDAY_NOON
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.errors import StageError
from trial_reports.jobs.models import STAGES, Attempt, Job, Stage
from trial_reports.pipeline.assembly import ReportPipeline
from trial_reports.pipeline.plan import PlanRequest
from trial_reports.runs.models import Totals
from trial_reports.settings import Settings
from trial_reports.storage.storage import Storage

_RETRIES = 2


@dataclass
class Week:
    """The product over real services, with Airflow's part played by a loop."""

    settings: Settings
    database: Database[dict[str, Any]]
    storage: Storage
    queues: DeadLetterQueues
    now: datetime = MONDAY_NOON

    def __post_init__(self) -> None:
        self.pipeline = ReportPipeline(
            self.settings, self.database, self.storage, self.queues, lambda: self.now
        )

    def load(self, sample: SampleStudy, mailbox: Mailbox) -> None:
        """Load the study and let everybody subscribe, and some leave again."""
        bucket = self.settings.storage.work_uri.removesuffix("/work")
        load(sample, self.database, self.storage, f"{bucket}/files")
        subscribe_everybody(sample, self.database, self.settings.schedule)
        refused = sample.odd(Awkwardness.REFUSED_ADDRESS).user.email
        mailbox.fail(FaultRule(recipient=refused, fault=400))

    def run(self, run: str = "run_one", **request: Any) -> Totals:
        """Plan a run, take every batch through the stages, and close it."""
        asked = PlanRequest(run=run, as_of=self.now, reason="test", **request)
        batches = range(len(self.pipeline.planner.plan(asked, self.now)))
        for stage in STAGES:
            for batch in batches:
                self.run_stage(stage, batch, run)
        return self.pipeline.closer.close(run, self.now)

    def run_stage(
        self, stage: Stage, batch: int, run: str = "run_one", round_: int = _RETRIES
    ) -> None:
        """Run one mapped task with its retries."""
        for number in range(1, _RETRIES + 2):
            last = number > _RETRIES
            attempt = Attempt(run, stage, round_, number, last)
            try:
                self.pipeline.runner.run(attempt, batch, self.pipeline.work(stage))
            except StageError:
                continue
            return

    def job_of(self, user_id: str) -> Job | None:
        """Return a person's only job."""
        row = self.database["report_jobs"].find_one({"userId": user_id})
        return Job.from_row(row) if row else None
