"""Telling followers that a job has changed: one reading a second for all of them."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from anyio.to_thread import run_sync
from pymongo.errors import PyMongoError

from graphql_api.web.logs import log_failure
from trial_reports.database.model import Row
from trial_reports.jobs.visible import VisibleJobs

SECONDS = 1.0


class JobWatch:
    """Reads how the followed jobs stand, as long as anybody follows one.

    It tells only that something has changed: what, and whether the follower may
    still know, they ask themselves.

    Args:
        jobs: Where jobs are read.
        seconds: Between two readings.
    """

    def __init__(self, jobs: VisibleJobs, seconds: float = SECONDS) -> None:
        self._jobs = jobs
        self._seconds = seconds
        self._followers: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._seen: dict[str, Row] = {}
        self._polling: asyncio.Task[None] | None = None

    @property
    def followers(self) -> int:
        """How many follow something at the moment."""
        return sum(map(len, self._followers.values()))

    @contextmanager
    def following(self, job_id: str) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever a job may have changed.

        Args:
            job_id: The job; whoever waits clears the event before reading it.
        """
        changed = asyncio.Event()
        self._followers[job_id].add(changed)
        if self._polling is None:
            self._polling = asyncio.create_task(self._poll())
        try:
            yield changed
        finally:
            self._followers[job_id].discard(changed)
            if not self._followers[job_id]:
                del self._followers[job_id]
                self._seen.pop(job_id, None)
            if not self._followers:
                self._polling.cancel()
                self._polling = None

    def forget(self, job_id: str) -> None:
        """Tell of a job again with the next reading, as if it had changed.

        Args:
            job_id: A job that a follower was told of and could not read.
        """
        self._seen.pop(job_id, None)

    async def _poll(self) -> None:
        while True:
            try:
                self._tell(await run_sync(self._jobs.versions, list(self._followers)))
            except PyMongoError as error:
                # Followers wait: what they missed meanwhile is told afterwards.
                log_failure(error)
            await asyncio.sleep(self._seconds)

    def _tell(self, versions: Mapping[str, Row]) -> None:
        for job_id, version in versions.items():
            if self._seen.get(job_id) == version:
                continue
            for changed in self._followers.get(job_id, ()):
                changed.set()
            if job_id in self._followers:
                self._seen[job_id] = version
