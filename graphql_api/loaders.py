"""Data loaders: one reading for all nodes of an answer that need something.

They live as long as the request, so nothing that is read here is shared between
people or outlives a right.
"""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from anyio.to_thread import run_sync
from strawberry.dataloader import DataLoader

from graphql_api.services import Services
from trial_reports.access.scope import Scope
from trial_reports.delivery.models import Delivery
from trial_reports.errors import ReportError
from trial_reports.jobs.models import Job
from trial_reports.studies.models import Study
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.users.models import User

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Loaders:
    """What nodes are completed with.

    Args:
        services: The library.
        user: Who is asking.
        scope: What they may see.
        now: The time of the request, UTC.
    """

    def __init__(
        self, services: Services, user: User, scope: Scope, now: datetime
    ) -> None:
        jobs, opening = services.visible_jobs, services.opening

        def readable(some: Iterable[Job]) -> Mapping[str, bool]:
            ids = opening.readable_among(list(some), user, now)
            return dict.fromkeys(ids, True)

        def urls(some: Iterable[Job]) -> Mapping[str, str | ReportError]:
            by_id = {job.id: job for job in some}
            ids = opening.readable_among(by_id.values(), user, now)
            return {id_: _or_error(opening.mint, by_id[id_]) for id_ in ids}

        self.subscription: DataLoader[str, ReportSubscription | None] = _loader(
            lambda ids: services.visible_subscriptions.find_many(scope, ids)
        )
        """Of an id."""
        self.study: DataLoader[str, Study | None] = _loader(services.studies.find_many)
        """Of an id."""
        self.latest_job: DataLoader[str, Job | None] = _loader(
            lambda ids: jobs.latest_of(scope, ids)
        )
        """Of a subscription's id."""
        self.delivery: DataLoader[Job, Delivery | None] = _loader(
            services.ledger.present_of, key=_id_of
        )
        """Of a job: its present mail."""
        self.is_readable: DataLoader[Job, bool | None] = _loader(readable, key=_id_of)
        """Of a job: whether the person asking may read its report."""
        self.report_url: DataLoader[Job, str | None] = _loader(urls, key=_id_of)
        """Of a job: a download of its report, if the person asking may read it."""


def _id_of(job: Job) -> str:
    return job.id


def _or_error(make: Callable[[Job], str], job: Job) -> str | ReportError:
    # The loader raises it for this job alone, and the others have their answer.
    try:
        return make(job)
    except ReportError as error:
        return error


def _loader(
    read: Callable[[Iterable[K]], Mapping[str, T | ReportError]],
    key: Callable[[K], str] = str,
) -> DataLoader[K, T | None]:
    async def load(wanted: list[K]) -> list[T | BaseException | None]:
        found = await run_sync(read, wanted)
        return [found.get(key(it)) for it in wanted]

    load_fn: Callable[[list[K]], Awaitable[list[T | BaseException | None]]] = load
    return DataLoader(load_fn=load_fn, cache_key_fn=key)
