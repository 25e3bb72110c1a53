"""Running a stage inside an Airflow task."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowRescheduleException, AirflowSkipException
from pymongo.errors import ConnectionFailure

from trial_reports.deadletters.causes import cause_of
from trial_reports.errors import (
    ConfigurationError,
    ReportError,
    ServiceError,
    ServiceLost,
    ServicePaused,
    StageError,
)
from trial_reports.jobs.models import Attempt, Failure, Stage
from trial_reports.settings import Pipeline
from trial_reports_airflow.boundary import private_errors
from trial_reports_airflow.names import stage_of

log = logging.getLogger(__name__)

_SHORTEST_WAIT = 1.0
_LONGEST_WAIT = 3600.0
"""Seconds: whatever a service asks for, a task looks again within the hour."""


def attempt_of(context: Mapping[str, Any]) -> Attempt:
    """Return the try that a task's context stands for.

    The round is ``max_tries``: a retry leaves it as it is, a clear raises it.
    """
    ti = context["ti"]
    return Attempt(
        run=ti.run_id,
        stage=stage_of(ti.task_id),
        round=ti.max_tries,
        number=ti.try_number,
        last=ti.try_number > ti.max_tries,
        log_url=ti.log_url,
    )


def batch_of(context: Mapping[str, Any]) -> int:
    """Return the batch of a mapped task: its map index."""
    return int(context["ti"].map_index)


@private_errors()
def run_stage(stage: Stage) -> None:
    """Run a stage for the batch of the current mapped task.

    Raises:
        AirflowRescheduleException: A service refuses all of us; the task waits
            without using up a try.
        AirflowSkipException: The batch has nothing left for this stage.
        StageError: Some jobs have to be tried again, or have failed.
    """
    from trial_reports_airflow.connections import build_pipeline

    context = get_current_context()
    attempt = attempt_of(context)
    pipeline = build_pipeline()
    failure: StageError | None = None
    try:
        summary = pipeline.runner.run(attempt, batch_of(context), pipeline.work(stage))
    except ServicePaused as pause:
        _come_back_later(pause, pipeline.settings.pipeline)
    except (ConfigurationError, ServiceError) as refusal:
        now = pipeline.clock()
        pipeline.alarms.raise_once("service_refuses", stage, str(refusal), now)
        _wait_for_service(context, refusal, pipeline.settings.pipeline)
    except ConnectionFailure as away:  # the alarms are in the same database
        gone = ServiceError("database_away", type(away).__name__)
        _wait_for_service(context, gone, pipeline.settings.pipeline)
    except StageError as error:
        # Raised anew below: a traceback through the stages could show values.
        failure = type(error)(error.code, error.message)
    finally:
        pipeline.tell()
    if failure is not None:
        raise failure
    if not summary.touched:
        raise AirflowSkipException(f"No job of this batch is waiting for {stage}.")


def _wait_for_service(
    context: Mapping[str, Any], error: ReportError, limits: Pipeline
) -> NoReturn:
    now = datetime.now(UTC)
    since = context["ti"].get_first_reschedule_date(context) or now
    if now - since > timedelta(hours=limits.service_patience_hours):
        raise ServiceLost(error.code, error.message) from None
    _come_back_later(error, limits)


def _come_back_later(error: ReportError, limits: Pipeline) -> NoReturn:
    log.warning("%s: waiting for the service, no job is marked", error)
    then = datetime.now(UTC) + time_to_wait(error, limits)
    raise AirflowRescheduleException(then) from None  # type: ignore[no-untyped-call]  # Airflow's


def time_to_wait(error: ReportError, limits: Pipeline) -> timedelta:
    """Return how long a task leaves a service that refuses us in peace."""
    asked = error.retry_after if isinstance(error, ServiceError) else None
    if asked is None:
        return timedelta(seconds=limits.service_retry_seconds)
    return timedelta(seconds=min(max(asked, _SHORTEST_WAIT), _LONGEST_WAIT))


@private_errors()
def settle_failed_task(context: Mapping[str, Any]) -> None:
    """Failure callback: nothing of a failed task stays open or untold.

    It may run twice, long after, or in another process: the transitions it
    calls change only what is still open.
    """
    from trial_reports_airflow.connections import build_pipeline

    attempt = attempt_of(context)
    why = failure_of_task(context.get("exception"))
    pipeline = build_pipeline()
    now = pipeline.clock()
    for job in pipeline.jobs.due(attempt, batch_of(context)):
        letter = pipeline.transitions.fail(job, attempt, why, now)
        log.error(
            "%s %s: failed with its task (failure %d, letter %s), %s",
            attempt.stage,
            job.id,
            job.failures + 1,
            letter,
            why.code,
        )
    pipeline.tell()


def failure_of_task(exception: BaseException | None) -> Failure:
    """Return why the jobs of a failed task fail that no try of it has settled.

    Args:
        exception: What Airflow's context says, ``None`` if the process died.
    """
    if exception is None:
        return Failure(
            code="task_died", message="The task's process died.", cause="crash"
        )
    message = f"The task ended with {type(exception).__name__}."
    if isinstance(exception, ReportError):
        cause = cause_of(exception)
        return Failure(code=exception.code, message=message, cause=cause)
    return Failure(code="task_failed", message=message, cause="crash")
