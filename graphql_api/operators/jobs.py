"""Operators' decisions about jobs: making anew, mailing again, redriving."""

from typing import Annotated

import strawberry

from graphql_api.context import Info
from graphql_api.errors import Refusal
from graphql_api.jobs.types import Job
from graphql_api.operators.deciding import decide
from graphql_api.operators.inputs import JobDecisionInput, RedriveDeadLettersInput
from trial_reports.access.caller import EVERY_STUDY
from trial_reports.audit.idempotency import Answer
from trial_reports.audit.trail import Decision
from trial_reports.deadletters.redrive import RedriveRequest


@strawberry.type(description="The job as it is now; the next run goes on with it.")
class JobDecisionSuccess:
    """What a decision about a job came to."""

    job: Job


@strawberry.type(description="How many dead letters were meant, and what came of it.")
class RedriveDeadLettersSuccess:
    """Counts."""

    selected: int
    redriven: int = strawberry.field(description="Jobs that wait for a run now.")
    moved_on: int = strawberry.field(description="Somebody else was faster.")
    to_decide: int = strawberry.field(
        description="Nobody knows whether their mail was accepted: a person has to "
        "settle them."
    )


RerunJobResult = Annotated[
    JobDecisionSuccess | Refusal, strawberry.union("RerunJobResult")
]
ResendReportResult = Annotated[
    JobDecisionSuccess | Refusal, strawberry.union("ResendReportResult")
]
RedriveDeadLettersResult = Annotated[
    RedriveDeadLettersSuccess | Refusal, strawberry.union("RedriveDeadLettersResult")
]


@strawberry.type
class JobDecisions:
    """What operators decide about jobs."""

    @strawberry.mutation(
        description="Have an ended report made anew from the beginning. Its mail is "
        "not repeated."
    )
    async def rerun_job(
        self,
        info: Info,
        input: JobDecisionInput,  # noqa: A002 - GraphQL's name
    ) -> RerunJobResult:
        """Reopen the job."""
        context, services = info.context, info.context.services
        now = context.now
        job = await context.enter(services.door.operated_job, str(input.job_id))

        def rerun(decision: Decision) -> Answer:
            services.rerunning.rerun(job, decision, now)
            return {"job": job.id}

        await decide(info, "rerunJob", input, rerun)
        return await _present(info, job.id)

    @strawberry.mutation(
        description="Have a completed job's report mailed once more. The PDF stays as "
        "it is."
    )
    async def resend_report(
        self,
        info: Info,
        input: JobDecisionInput,  # noqa: A002 - the same
    ) -> ResendReportResult:
        """Have it sent under the next number."""
        context, services = info.context, info.context.services
        now = context.now
        job = await context.enter(services.door.operated_job, str(input.job_id))

        def resend(decision: Decision) -> Answer:
            services.desk.settling.resend(job.id, decision, now)
            return {"job": job.id}

        await decide(info, "resendReport", input, resend)
        return await _present(info, job.id)

    @strawberry.mutation(
        description="Take failed jobs up again where they failed, once what failed "
        "them has been put right."
    )
    async def redrive_dead_letters(
        self,
        info: Info,
        input: RedriveDeadLettersInput,  # noqa: A002 - the same
    ) -> RedriveDeadLettersResult:
        """Redrive, or count."""
        context, services = info.context, info.context.services
        now, study = context.now, input.study_id or EVERY_STUDY
        await context.enter(services.door.require_operator, str(study))

        def redrive(decision: Decision) -> Answer:
            request = RedriveRequest(
                selection=input.to_selection(),
                by=decision.by,
                reason=decision.reason,
                dry_run=input.dry_run,
                run=decision.id,
            )
            counts = services.desk.redriver.run(request, now).counts()
            wanted = ("selected", "redriven", "moved_on", "to_decide")
            return {name: counts[name] for name in wanted}

        answer = await decide(info, "redriveDeadLetters", input, redrive)
        return RedriveDeadLettersSuccess(**answer)


async def _present(info: Info, job_id: str) -> JobDecisionSuccess:
    context = info.context
    job = await context.enter(context.services.door.operated_job, job_id)
    return JobDecisionSuccess(job=Job.of(job))
