"""Planning, closing and dispatching inside Airflow tasks."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException

from trial_reports.errors import PermanentError, RequestError
from trial_reports.periods.models import ReportingPeriod
from trial_reports.pipeline.plan import PlanRequest
from trial_reports_airflow.boundary import private_errors
from trial_reports_airflow.names import TOTALS, WEEKLY_REPORTS

_GRACE = timedelta(minutes=10)
"""How long a tick is left to the scheduled run before the dispatcher steps in."""


def plan_request(
    run: str, run_after: datetime, params: Mapping[str, Any]
) -> PlanRequest:
    """Return what a run was asked for.

    Args:
        run: The run's id.
        run_after: The time the run stands for, unless ``as_of`` says otherwise.
        params: The DAG's params.

    Raises:
        RequestError: A param is not what it should be, or two contradict.
    """
    as_of = run_after
    if params.get("as_of"):
        as_of = _instant(params["as_of"])
    if as_of > run_after:
        raise RequestError("params", "as_of lies in the future.")
    subscriptions, jobs = params.get("subscriptions"), params.get("jobs")
    if [] in (subscriptions, jobs):
        raise RequestError("params", "An empty list means nobody; leave it out.")
    if jobs and (subscriptions or params.get("period")):
        raise RequestError("params", "Give jobs alone, or a period and subscriptions.")
    return PlanRequest(
        run=run,
        as_of=as_of,
        reason=params.get("reason") or "scheduled",
        period=_week(params["period"]) if params.get("period") else None,
        subscriptions=tuple(subscriptions) if subscriptions else None,
        jobs=tuple(jobs) if jobs else None,
    )


@private_errors()
def plan_run() -> list[str]:
    """Plan the current run; returns a label for each batch."""
    from trial_reports_airflow.connections import build_pipeline

    context = get_current_context()
    run = context["dag_run"]
    try:
        request = plan_request(
            run.run_id, run.run_after or datetime.now(UTC), context["params"]
        )
    except RequestError as error:
        raise AirflowFailException(str(error)) from None
    pipeline = build_pipeline()
    return pipeline.planner.plan(request, pipeline.clock())


@private_errors()
def close_run() -> None:
    """Account for every job of the current run, and leave its totals as an XCom.

    Raises:
        AirflowFailException: A job is unaccounted for, or too many failed.
    """
    from trial_reports_airflow.connections import build_pipeline

    pipeline = build_pipeline()
    context = get_current_context()
    run = context["dag_run"].run_id
    problem: PermanentError | None = None
    try:
        pipeline.closer.close(run, pipeline.clock())
    except PermanentError as error:
        problem = error
    pipeline.tell()
    context["ti"].xcom_push(TOTALS, pipeline.jobs.totals(run).model_dump())
    if problem is not None:
        raise AirflowFailException(str(problem))


@private_errors()
def needs_run() -> bool:
    """Look after what runs have left behind; tell whether a new run is needed."""
    from trial_reports_airflow.connections import build_pipeline

    pipeline = build_pipeline()
    now = pipeline.clock()
    pipeline.dispatcher.release_orphans(_is_over, now)
    pipeline.desk.settling.settle_known(now)
    pipeline.letter_watch.look(now)
    pipeline.alarm_watch.look(now)
    pipeline.tell()
    # A run that is queued will take up whatever waits; a second would pile up.
    # The weekly run has just started where a tick is this young.
    overdue = now - _GRACE
    return not _count_runs(["queued"]) and pipeline.dispatcher.is_run_needed(overdue)


def _is_over(run: str) -> bool:
    return not _count_runs(["queued", "running"], run)


def _count_runs(states: list[str], run: str | None = None) -> int:
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    run_ids = [run] if run is not None else None
    return RuntimeTaskInstance.get_dr_count(
        WEEKLY_REPORTS, run_ids=run_ids, states=states
    )


def _week(key: str) -> str:
    try:
        return ReportingPeriod.parse(key, "UTC").key
    except (ValueError, OverflowError):
        raise RequestError(
            "params", "period must be an ISO week that exists: 2026-W47."
        ) from None


def _instant(text: str) -> datetime:
    with suppress(ValueError, OverflowError):
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    raise RequestError(
        "params", "as_of must be a time with its zone: 2026-11-23T12:00:00Z."
    )
