"""Running a stage inside an Airflow task."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowRescheduleException, AirflowSkipException

from trial_reports.errors import (
    ConfigurationError,
    PermanentError,
    ReportError,
    ServiceError,
    StageError,
)
from trial_reports.jobs.models import Attempt, Stage
from trial_reports_airflow.boundary import private_errors
from trial_reports_airflow.names import stage_of

log = logging.getLogger(__name__)

_SERVICE_RETRY = timedelta(minutes=5)
_SERVICE_PATIENCE = timedelta(hours=24)


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
    except (ConfigurationError, ServiceError) as error:
        _wait_for_service(context, error)
    except StageError as error:
        # Raised anew below: a traceback through the stages could show values.
        failure = type(error)(error.code, error.message)
    finally:
        pipeline.outbox.send_unsent(pipeline.clock())
    if failure is not None:
        raise failure
    if not summary.touched:
        raise AirflowSkipException(f"No job of this batch is waiting for {stage}.")


def _wait_for_service(context: Mapping[str, Any], error: ReportError) -> None:
    now = datetime.now(UTC)
    since = context["ti"].get_first_reschedule_date(context) or now
    if now - since > _SERVICE_PATIENCE:
        raise PermanentError(error.code, error.message) from None
    log.error("%s: waiting for the service, no job is marked", error)
    wait = AirflowRescheduleException(now + _SERVICE_RETRY)  # type: ignore[no-untyped-call]  # Airflow's
    raise wait from None


@private_errors()
def settle_failed_task(context: Mapping[str, Any]) -> None:
    """Failure callback: nothing of a failed task stays open or untold.

    It may run twice, long after, or in another process: the transitions it
    calls change only what is still open.
    """
    from trial_reports.jobs.models import JobError
    from trial_reports_airflow.connections import build_pipeline

    attempt = attempt_of(context)
    error = JobError(**_reason(context.get("exception")))
    pipeline = build_pipeline()
    now = pipeline.clock()
    for job in pipeline.jobs.due(attempt, batch_of(context)):
        letter = pipeline.transitions.fail(job, attempt, error, now)
        log.error(
            "%s %s: failed with its task, letter %s", attempt.stage, job.id, letter
        )
    pipeline.outbox.send_unsent(now)


def _reason(exception: BaseException | None) -> dict[str, str]:
    if exception is None:
        return {"code": "task_died", "message": "The task's process died."}
    name = type(exception).__name__
    code = exception.code if isinstance(exception, ReportError) else "task_failed"
    return {"code": code, "message": f"The task ended with {name}."}
