"""Looking back on a subscription's jobs, page by page."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON, PERIOD, a_job
from trial_reports.errors import RequestError
from trial_reports.jobs.history import JobHistory
from trial_reports.jobs.models import Job
from trial_reports.jobs.transitions import Transitions


def _weeks(database: Database[dict[str, Any]], *weeks_ago: int) -> list[Job]:
    """Store jobs of one subscription, two of them always created together."""
    jobs = [
        a_job(
            subscription_id="sub_one",
            period=PERIOD.earlier(weeks),
            created_at=MONDAY_NOON - (weeks // 2) * timedelta(days=14),
        )
        for weeks in weeks_ago
    ]
    Transitions(database).create(jobs)
    return jobs


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_the_pages_show_every_job_once_the_newest_first(
    database: Database[dict[str, Any]], size: int
) -> None:
    newest_first = _weeks(database, 0, 1, 2, 3, 4, 5, 6)
    Transitions(database).create([a_job(subscription_id="sub_two")])
    history = JobHistory(database)

    seen: list[Job] = []
    after = None
    while True:
        page = history.page("sub_one", size, after)
        assert len(page.jobs) <= size
        seen += page.jobs
        after = page.next
        if after is None:
            break

    assert seen == newest_first


def test_a_job_created_while_somebody_reads_moves_nothing(
    database: Database[dict[str, Any]],
) -> None:
    old = _weeks(database, 2, 3, 4)
    history = JobHistory(database)
    first = history.page("sub_one", 2, None)

    _weeks(database, 0)

    assert history.page("sub_one", 2, first.next).jobs == old[2:]


def test_somebody_elses_job_is_no_place_to_go_on_from(
    database: Database[dict[str, Any]],
) -> None:
    other = a_job(subscription_id="sub_two")
    Transitions(database).create([other])

    for place in (other.id, "job_none"):
        with pytest.raises(RequestError, match="cursor_unknown"):
            JobHistory(database).page("sub_one", 2, place)
