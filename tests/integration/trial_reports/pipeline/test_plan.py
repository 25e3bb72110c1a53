"""Planning: everybody who is owed a report gets one job, whatever is repeated."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON, PERIOD, WEDNESDAY, a_subscription, a_user
from trial_reports.correlation import correlation_id_of_run
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import Job
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions
from trial_reports.pipeline.plan import Planner, PlanRequest
from trial_reports.runs.repository import Runs
from trial_reports.settings import Pipeline, Schedule
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.subscriptions.repository import Subscriptions

WEEKLY = PlanRequest(run="run_one", as_of=MONDAY_NOON, reason="scheduled")


@pytest.fixture
def subscriptions(database: Database[dict[str, Any]]) -> Subscriptions:
    return Subscriptions(database)


@pytest.fixture
def planner(
    database: Database[dict[str, Any]], subscriptions: Subscriptions
) -> Planner:
    return Planner(
        subscriptions=subscriptions,
        jobs=Jobs(database),
        transitions=Transitions(database),
        decisions=Decisions(database),
        runs=Runs(database),
        schedule=Schedule(),
        limits=Pipeline(),
    )


def subscribed(subscriptions: Subscriptions, **changes: Any) -> ReportSubscription:
    return subscriptions.add(a_subscription(a_user(), **changes))


def jobs_of(planner: Planner, run: str = "run_one") -> list[Job]:
    return list(planner.jobs.of_run(run))


def test_each_subscription_gets_a_job_and_a_task_of_its_own(
    planner: Planner, subscriptions: Subscriptions
) -> None:
    ids = sorted(subscribed(subscriptions).id for _ in range(5))
    labels = planner.plan(WEEKLY, MONDAY_NOON)
    assert labels == ids
    assert [(j.subscription_id, j.batch) for j in jobs_of(planner)] == list(
        zip(ids, range(5), strict=True)
    )


def test_a_runs_jobs_have_its_correlation_id_which_others_do_not_change(
    planner: Planner, subscriptions: Subscriptions
) -> None:
    for _ in range(2):
        subscribed(subscriptions)
    planner.plan(WEEKLY, MONDAY_NOON)
    planner.plan(WEEKLY, MONDAY_NOON)
    jobs = jobs_of(planner)
    assert {job.correlation_id for job in jobs} == {correlation_id_of_run("run_one")}

    rerun = replace(WEEKLY, run="run_two", jobs=tuple(job.id for job in jobs))
    planner.transitions.database["report_jobs"].update_many(
        {}, {"$set": {"status": "completed"}}
    )
    planner.plan(rerun, MONDAY_NOON)
    again = jobs_of(planner, "run_two")
    assert [job.correlation_id for job in again] == [job.correlation_id for job in jobs]


def test_planning_the_same_week_again_finds_nothing_to_do(
    planner: Planner, subscriptions: Subscriptions
) -> None:
    subscription = subscribed(subscriptions)
    planner.plan(WEEKLY, MONDAY_NOON)
    assert planner.plan(replace(WEEKLY, run="run_two"), MONDAY_NOON) == []
    week = replace(WEEKLY, run="run_three", period=PERIOD.key)
    assert planner.plan(week, MONDAY_NOON) == []
    advanced = subscriptions.find(subscription.id)
    assert advanced is not None
    assert advanced.reported_through == PERIOD.end
    assert advanced.next_run == MONDAY_NOON + timedelta(days=7)


def test_a_repeated_plan_gives_every_task_the_same_index(
    planner: Planner, subscriptions: Subscriptions
) -> None:
    for _ in range(3):
        subscribed(subscriptions)
    first = planner.plan(WEEKLY, MONDAY_NOON)
    subscribed(subscriptions)
    again = planner.plan(WEEKLY, MONDAY_NOON)
    assert again[:3] == first
    assert len(again) == 4


@pytest.mark.parametrize("crash", ["create", "claim", "assign_batches"])
def test_a_plan_that_died_is_finished_by_its_retry(
    planner: Planner, subscriptions: Subscriptions, crash: str
) -> None:
    ids = [subscribed(subscriptions).id for _ in range(3)]

    class CrashError(Exception):
        pass

    class Dying(Transitions):
        """The real verbs; the process dies right after one of them."""

    def die(*arguments: Any) -> None:
        getattr(Transitions, crash)(dying, *arguments)
        raise CrashError

    dying = Dying(planner.transitions.database)
    setattr(dying, crash, die)
    with pytest.raises(CrashError):
        replace(planner, transitions=dying).plan(WEEKLY, MONDAY_NOON)
    assert planner.plan(WEEKLY, MONDAY_NOON) == sorted(ids)
    assert len(jobs_of(planner)) == 3


def test_who_subscribed_after_the_week_is_not_reported_on_it(
    planner: Planner, subscriptions: Subscriptions
) -> None:
    subscribed(subscriptions, created_at=MONDAY_NOON, reported_through=PERIOD.end)
    week = replace(WEEKLY, period=PERIOD.key)
    assert planner.plan(week, MONDAY_NOON) == []


def test_the_unsubscribed_and_the_paused_get_no_job(
    planner: Planner, subscriptions: Subscriptions
) -> None:
    ended = subscribed(subscriptions)
    subscriptions.close(ended.id, WEDNESDAY)
    subscribed(subscriptions, status="paused")
    assert planner.plan(WEEKLY, MONDAY_NOON) == []


def test_above_a_hundred_jobs_the_batches_grow_instead_of_the_run(
    planner: Planner, subscriptions: Subscriptions
) -> None:
    small = replace(planner, limits=Pipeline(max_mapped_tasks=4))
    for _ in range(10):
        subscribed(subscriptions)
    labels = small.plan(WEEKLY, MONDAY_NOON)
    assert labels == ["batch-0000", "batch-0001", "batch-0002", labels[-1]]
    sizes = [0] * 4
    for job in jobs_of(small):
        assert job.batch is not None
        sizes[job.batch] += 1
    assert sizes == [3, 3, 3, 1]


def test_missed_weeks_of_one_person_share_a_task_and_keep_their_order(
    planner: Planner, subscriptions: Subscriptions
) -> None:
    everything = replace(planner, schedule=Schedule(catch_up="all"))
    one = subscribed(subscriptions, reported_through=PERIOD.earlier(2).start)
    assert everything.plan(WEEKLY, MONDAY_NOON) == [one.id]
    keys = [job.period.key for job in jobs_of(everything)]
    assert keys == ["2026-W45", "2026-W46", "2026-W47"]


def test_a_run_for_some_jobs_makes_those_reports_anew(
    planner: Planner, subscriptions: Subscriptions
) -> None:
    for _ in range(2):
        subscribed(subscriptions)
    planner.plan(WEEKLY, MONDAY_NOON)
    ended, other = jobs_of(planner)
    planner.transitions.database["report_jobs"].update_many(
        {}, {"$set": {"status": "completed"}}
    )
    rerun = replace(WEEKLY, run="run_two", jobs=(ended.id,), reason="wrong unit")
    assert planner.plan(rerun, MONDAY_NOON) == [ended.subscription_id]
    assert [job.id for job in jobs_of(planner, "run_two")] == [ended.id]
    assert [job.id for job in jobs_of(planner, "run_one")] == [other.id]


def test_a_repeated_plan_leaves_alone_what_came_of_its_rerun(
    planner: Planner, subscriptions: Subscriptions
) -> None:
    subscribed(subscriptions)
    planner.plan(WEEKLY, MONDAY_NOON)
    rows = planner.transitions.database["report_jobs"]
    rows.update_many({}, {"$set": {"status": "completed"}})
    (job,) = jobs_of(planner)
    rerun = replace(WEEKLY, run="run_two", jobs=(job.id,), reason="wrong unit")
    labels = planner.plan(rerun, MONDAY_NOON)
    rows.update_many({}, {"$set": {"status": "completed"}})
    assert planner.plan(rerun, MONDAY_NOON) == labels
    assert [job.status for job in jobs_of(planner, "run_two")] == ["completed"]
