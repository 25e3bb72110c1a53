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
        jobs = services.visible_jobs

        def readable(some: Iterable[Job]) -> Mapping[str, bool]:
            ids = services.opening.readable_among(list(some), user, now)
            return dict.fromkeys(ids, True)

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


def _id_of(job: Job) -> str:
    return job.id


def _loader(
    read: Callable[[Iterable[K]], Mapping[str, T]],
    key: Callable[[K], str] = str,
) -> DataLoader[K, T | None]:
    async def load(wanted: list[K]) -> list[T | None]:
        found = await run_sync(read, wanted)
        return [found.get(key(it)) for it in wanted]

    load_fn: Callable[[list[K]], Awaitable[list[T | None]]] = load
    return DataLoader(load_fn=load_fn, cache_key_fn=key)
