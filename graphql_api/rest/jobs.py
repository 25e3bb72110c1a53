"""``/api/jobs`` and a subscription's jobs: how reports are coming along."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from graphql_api.rest.answered import JobAnswered, JobsAnswered
from graphql_api.rest.asked import PageAsked
from graphql_api.rest.caller import SignedIn
from graphql_api.rest.description import refused
from graphql_api.rest.refusals import no_such
from graphql_api.rest.subscriptions import own_subscription
from graphql_api.services import Services
from graphql_api.web.dependencies import Now, TheServices
from trial_reports.jobs.models import Job
from trial_reports.users.models import User

router = APIRouter(tags=["Jobs"])


@router.get("/jobs/{job_id}", operation_id="getJob", responses=refused(404, 422))
def get_job(
    job_id: str, caller: SignedIn, services: TheServices, now: Now
) -> JobAnswered:
    """Return how one of the caller's reports is coming along, and where it is."""
    job = services.jobs.find_own(job_id, caller.id)
    if job is None:
        raise no_such("job")
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
    """Return the jobs of one of the caller's subscriptions, page by page."""
    subscription = own_subscription(subscription_id, caller, services)
    page = services.history.page(subscription.id, asked.limit, asked.after)
    urls = [_report_url(job, caller, services, now) for job in page.jobs]
    return JobsAnswered.of(page, urls)


def _report_url(
    job: Job, reader: User, services: Services, now: datetime
) -> str | None:
    if job.status != "completed":
        return None
    return services.opening.for_reader(reader, job, now)
