"""``jobStatus``: a job's changes as they happen."""

from collections.abc import AsyncGenerator

import strawberry
from pymongo.errors import PyMongoError

from graphql_api.context import Context, Info
from graphql_api.errors import ErrorCode, NotFoundError
from graphql_api.jobs.queries import JobResult
from graphql_api.jobs.types import Job
from graphql_api.web.logs import log_failure
from trial_reports.errors import RequestError
from trial_reports.jobs import models

_ENDED = ("completed", "failed", "cancelled")


@strawberry.type
class JobSubscriptions:
    """What can be followed."""

    @strawberry.subscription(
        description="The whole job at once, then again after each change; completes "
        "when the job has ended. What one may not see is a `NotFoundError`."
    )
    async def job_status(
        self, info: Info, job_id: strawberry.ID
    ) -> AsyncGenerator[JobResult, None]:
        """Read the job, and one's right to it, after each change."""
        context, told = info.context, None
        with context.job_watch.following(str(job_id)) as changed:
            while told is None or told.status not in _ENDED:
                changed.clear()
                try:
                    job = await _present(context, str(job_id))
                except RequestError as refusal:
                    yield NotFoundError(
                        message=refusal.message, code=ErrorCode(refusal.code)
                    )
                    return
                except PyMongoError as error:
                    # The database is away: whoever follows waits for it.
                    log_failure(error)
                    context.job_watch.forget(str(job_id))
                    await changed.wait()
                    continue
                if job != told:
                    yield Job.of(job)
                    told = job
                    continue
                await changed.wait()


async def _present(context: Context, job_id: str) -> models.Job:
    services = context.services
    user = await context.ask(services.users.find, context.user.id)
    if user is None:
        raise RequestError("job_not_found", "There is no such job.")
    context.renew(user)
    return await context.enter(services.door.job, job_id)
