"""``/api/jobs`` and a subscription's jobs: how reports are coming along."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from graphql_api.rest.answered import JobAnswered, JobsAnswered
from graphql_api.rest.asked import PageAsked
from graphql_api.rest.caller import SignedIn
from graphql_api.rest.description import refused
from graphql_api.services import Services
from graphql_api.web.dependencies import Now, TheServices
from trial_reports.access.caller import Caller
from trial_reports.jobs.models import Job
from trial_reports.users.models import User

router = APIRouter(tags=["Jobs"])


@router.get("/jobs/{job_id}", operation_id="getJob", responses=refused(404, 422))
def get_job(
    job_id: str, caller: SignedIn, services: TheServices, now: Now
) -> JobAnswered:
    """Return how a report is coming along, and to its reader where it is."""
    job = services.door.job(Caller.of(caller), job_id, now)
    return JobAnswered.of(job, _report_url(job, caller, services, now))


@router.get(
    "/subscriptions/{subscription_id}/jobs",
    operation_id="listSubscriptionJobs",
    responses=refused(404, 422),
)
def list_jobs(
    subscription_id: str,
    asked: Annotated[PageAsked, Query()],
    caller: SignedIn,
    services: TheServices,
    now: Now,
) -> JobsAnswered:
    """Return the jobs of a subscription that the caller may see, page by page."""
    subscription = services.door.subscription(Caller.of(caller), subscription_id, now)
    page = services.history.page(subscription.id, asked.limit, asked.after)
    urls = [_report_url(job, caller, services, now) for job in page.jobs]
    return JobsAnswered.of(page, urls)


def _report_url(
    job: Job, reader: User, services: Services, now: datetime
) -> str | None:
    if job.status != "completed":
        return None
    return services.opening.for_reader(reader, job, now)
