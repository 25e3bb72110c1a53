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
    [url] = _report_urls([job], caller, services, now)
    return JobAnswered.of(job, url)


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
    return JobsAnswered.of(page, _report_urls(page.jobs, caller, services, now))


def _report_urls(
    jobs: list[Job], reader: User, services: Services, now: datetime
) -> list[str | None]:
    opening = services.opening
    completed = [job for job in jobs if job.status == "completed"]
    readable = opening.readable_among(completed, reader, now)
    return [opening.mint(job) if job.id in readable else None for job in jobs]
