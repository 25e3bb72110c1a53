"""What operators ask: the open dead letters and the runs."""

from datetime import datetime

import strawberry

from graphql_api.connections import After, Connection, First, page_of
from graphql_api.context import Info
from graphql_api.inputs import Id, Input
from graphql_api.jobs.enums import Cause, Stage
from graphql_api.jobs.types import Job
from trial_reports.jobs import models as job_models
from trial_reports.jobs.visible import JobFilter
from trial_reports.runs import models


@strawberry.pydantic.input(description="Which dead letters are meant.")
class DeadLettersFilter(Input):
    """Everything that is given has to be true."""

    study_id: Id | None = None
    stage: Stage | None = None
    cause: Cause | None = None

    def to_filter(self) -> JobFilter:
        """Return it as the library knows it."""
        return JobFilter(dead_letter=True, **self.model_dump(mode="json"))


@strawberry.type(description="A failed job's letter, which waits for somebody.")
class DeadLetter:
    """An open dead letter."""

    id: strawberry.ID
    job: Job
    stage: Stage
    cause: Cause
    code: str
    failures: int = strawberry.field(description="How often the job has failed.")
    failed_at: datetime | None
    sent_at: datetime | None = strawberry.field(description="To its queue.")
    log_url: str | None

    @classmethod
    def of(cls, job: job_models.Job) -> "DeadLetter":
        """Return what the API tells of a failed job's letter."""
        letter = job.dead_letter
        if letter is None:
            raise LookupError(f"{job.id} has no open dead letter")
        return cls(
            id=strawberry.ID(letter.id),
            job=Job.of(job),
            stage=Stage(letter.stage),
            cause=Cause(letter.cause),
            code=job.error.code if job.error else "",
            failures=job.failures,
            failed_at=letter.failed_at,
            sent_at=letter.sent_at,
            log_url=letter.log_url,
        )


@strawberry.type(description="How the jobs of a run ended.")
class Totals:
    """Counts."""

    jobs: int
    completed: int
    failed: int
    cancelled: int
    unaccounted: int


@strawberry.type(description="One weekly run.")
class Run:
    """A DAG run of `weekly_reports`."""

    id: strawberry.ID = strawberry.field(description="Airflow's run id.")
    as_of: datetime
    reason: str
    planned_at: datetime
    closed_at: datetime | None
    totals: Totals | None
    url: str | None = strawberry.field(description="In Airflow.")

    @classmethod
    def of(cls, run: models.Run, url: str | None) -> "Run":
        """Return what the API tells of a run."""
        totals = run.totals
        return cls(
            id=strawberry.ID(run.id),
            as_of=run.as_of,
            reason=run.reason,
            planned_at=run.planned_at,
            closed_at=run.closed_at,
            totals=None if totals is None else Totals(**totals.model_dump()),
            url=url,
        )


@strawberry.type
class OperatorQueries:
    """What operators can ask; for others these lists are empty."""

    @strawberry.field(
        description="The open dead letters of the studies that one operates, by the "
        "newest job first."
    )
    async def dead_letters(
        self,
        info: Info,
        filter: DeadLettersFilter | None = None,  # noqa: A002 - GraphQL's name
        first: First = 20,
        after: After = None,
    ) -> Connection[DeadLetter]:
        """Return a page of them."""
        context = info.context
        return await page_of(
            info,
            context.services.visible_jobs.page,
            context.caller.operated(context.now),
            (filter or DeadLettersFilter()).to_filter(),
            node=DeadLetter.of,
            cursor=lambda job: job.id,
            after=after,
            first=first,
        )

    @strawberry.field(
        description="The weekly runs, for who operates all studies. The newest first."
    )
    async def runs(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[Run]:
        """Return a page of them."""
        context = info.context
        url_of = context.services.airflow_run_url
        return await page_of(
            info,
            context.services.runs.page,
            context.caller.operated(context.now),
            node=lambda run: Run.of(run, url_of(run.id)),
            cursor=lambda run: run.id,
            after=after,
            first=first,
        )
