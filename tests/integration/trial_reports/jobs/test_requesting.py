"""Asking for a report: the week's one job, and one new one a day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON, PERIOD, a_subscription, a_user
from trial_reports.audit.trail import AuditTrail
from trial_reports.errors import RequestError
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import Job
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.requesting import ReportRequesting, RequestDays
from trial_reports.jobs.transitions import Transitions
from trial_reports.pipeline.plan import Planner, PlanRequest
from trial_reports.runs.repository import Runs
from trial_reports.settings import Pipeline, Schedule
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.users.models import User

DAY = timedelta(days=1)
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
Rows = Database[dict[str, Any]]


class Desk:
    """Where one person asks for reports."""

    def __init__(self, database: Rows, user: User, **changes: Any) -> None:
        self.user = user
        self.jobs = Jobs(database)
        self.audit = AuditTrail(database)
        self.requesting = ReportRequesting(
            self.jobs, Transitions(database), RequestDays(database), self.audit
        )
        self.subscription = Subscriptions(database).add(a_subscription(user, **changes))

    def ask(
        self, week: str | None = None, now: datetime = MONDAY_NOON
    ) -> tuple[Job, bool]:
        return self.requesting.request_report(
            self.subscription, self.user, week, now=now
        )


@pytest.fixture
def desk(database: Rows) -> Desk:
    return Desk(database, a_user())


def test_the_last_week_is_made_by_whichever_run_comes_next(desk: Desk) -> None:
    job, is_new = desk.ask()

    assert is_new
    assert (job.status, job.run, job.reason) == ("pending", None, "requested")
    assert job.period == PERIOD
    assert desk.jobs.any_unowned()
    (event,) = desk.audit.about(job.id)
    assert (event.actor, event.action) == (desk.user.id, "request_report")


def test_a_job_keeps_the_correlation_id_of_its_first_request(
    desk: Desk, database: Rows
) -> None:
    def ask(correlation_id: str) -> Job:
        return desk.requesting.request_report(
            *(desk.subscription, desk.user, None),
            now=MONDAY_NOON,
            correlation_id=correlation_id,
        )[0]

    job = ask(TRACE)
    ask("another")

    row = database["report_jobs"].find_one({"_id": job.id})
    assert row is not None
    assert row["correlationId"] == TRACE


def test_a_week_that_is_asked_for_and_planned_is_one_job(
    desk: Desk, database: Rows
) -> None:
    job, _ = desk.ask()
    planner = Planner(
        Subscriptions(database),
        desk.jobs,
        Transitions(database),
        Decisions(database),
        Runs(database),
        Schedule(),
        Pipeline(),
    )

    planner.plan(PlanRequest("run_one", MONDAY_NOON, "scheduled"), MONDAY_NOON)

    assert [planned.id for planned in desk.jobs.of_run("run_one")] == [job.id]
    assert desk.ask()[0].run == "run_one"


def test_one_new_report_a_day_and_those_there_are_at_any_time(desk: Desk) -> None:
    first, _ = desk.ask()

    assert desk.ask() == (first, False)
    with pytest.raises(RequestError, match="one_report_a_day"):
        desk.ask(PERIOD.earlier(1).key)

    _, is_new = desk.ask(PERIOD.earlier(1).key, MONDAY_NOON + DAY)
    assert is_new


def test_impatient_clicks_for_several_weeks_make_one_report(desk: Desk) -> None:
    def ask(weeks: int) -> str:
        try:
            return desk.ask(PERIOD.earlier(weeks).key)[0].id
        except RequestError as refused:
            return refused.code

    with ThreadPoolExecutor(8) as clicks:
        answers = list(clicks.map(ask, [0, 1, 2, 3] * 3))

    assert len(set(answers)) == 2
    assert "one_report_a_day" in answers


def test_a_request_that_died_halfway_is_finished_by_its_repetition(
    desk: Desk, database: Rows
) -> None:
    job, _ = desk.ask()
    database["report_jobs"].delete_one({"_id": job.id})

    assert desk.ask()[0].id == job.id


def test_the_day_is_the_persons_own(database: Rows) -> None:
    desk = Desk(database, a_user(), time_zone="Pacific/Auckland")
    desk.ask(PERIOD.earlier(1).key)

    # Eleven in the morning of UTC is midnight in Auckland.
    with pytest.raises(RequestError, match="one_report_a_day"):
        desk.ask(PERIOD.key, MONDAY_NOON + timedelta(hours=22))
    _, is_new = desk.ask(PERIOD.key, MONDAY_NOON + timedelta(hours=23))
    assert is_new


@pytest.mark.parametrize(
    ("week", "code"),
    [
        ("", "period_unknown"),
        ("2026", "period_unknown"),
        ("2026-W54", "period_unknown"),
        ("2026-W047", "period_unknown"),
        (" 2026-W47", "period_unknown"),
        ("٢٠٢٦-W47", "period_unknown"),
        ("9999-W52", "period_unknown"),
        ("2026-W48", "period_not_over"),
    ],
)
def test_what_is_no_ended_week_is_refused(desk: Desk, week: str, code: str) -> None:
    with pytest.raises(RequestError, match=code):
        desk.ask(week)


def test_a_refused_request_does_not_cost_the_day(desk: Desk) -> None:
    with pytest.raises(RequestError, match="period_not_over"):
        desk.ask(PERIOD.following().key)

    assert desk.ask()[1]
