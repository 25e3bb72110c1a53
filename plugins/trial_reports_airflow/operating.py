"""What operators do about delivery, inside Airflow tasks."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException

from trial_reports.errors import RequestError
from trial_reports.periods.models import ReportingPeriod
from trial_reports_airflow.boundary import private_errors

if TYPE_CHECKING:
    from trial_reports.audit.trail import Decision
    from trial_reports.delivery.recalling import RecallResult

log = logging.getLogger(__name__)

T = TypeVar("T")

NOBODY_KNOWN = "airflow"
"""The actor where Airflow does not say who triggered the run."""


@private_errors()
def pause_delivery() -> None:
    """Pause or resume delivery, as the run's params say."""
    from trial_reports.delivery.controls import EVERYBODY
    from trial_reports_airflow.connections import build_pipeline

    params, decision = _asked()
    pipeline = build_pipeline()
    pausing, now = pipeline.desk.pausing, pipeline.clock()
    scope = params["study"] or EVERYBODY
    if params["action"] == "pause":
        _granted(lambda: pausing.pause(scope, decision, now))
        log.info("Delivery for %s is paused.", scope)
    elif _granted(lambda: pausing.resume(scope, decision, now)):
        log.info("Delivery for %s goes on; waiting tasks follow by themselves.", scope)
    else:
        log.info("Delivery for %s was not paused.", scope)
    pipeline.tell()


@private_errors()
def resend_reports() -> None:
    """Have reports mailed once more.

    Raises:
        AirflowFailException: Names the jobs that cannot be; the others are.
    """
    from trial_reports_airflow.connections import build_pipeline

    params, decision = _asked()
    pipeline = build_pipeline()
    now = pipeline.clock()
    _each(params["jobs"], lambda job: pipeline.desk.settling.resend(job, decision, now))


@private_errors()
def settle_deliveries() -> None:
    """Act on what an operator has found out about mails.

    Raises:
        AirflowFailException: Names the jobs whose mail is not unknown.
    """
    from trial_reports_airflow.connections import build_pipeline

    params, decision = _asked()
    pipeline = build_pipeline()
    now, finding = pipeline.clock(), params["finding"]
    _each(
        params["jobs"],
        lambda job: pipeline.desk.settling.settle(job, finding, decision, now),
    )


@private_errors()
def recall_reports() -> dict[str, int]:
    """Recall a study's week, preview that, or lift a recall.

    Returns:
        Counts; the log lists who had opened their report.

    Raises:
        AirflowFailException: A param is not what it should be.
    """
    from trial_reports_airflow.connections import build_pipeline

    params, decision = _asked()
    study = params["study"]
    try:
        period = ReportingPeriod.parse(params["period"], "UTC").key
    except (ValueError, OverflowError):
        raise AirflowFailException("There is no such week.") from None
    pipeline = build_pipeline()
    recalling, now = pipeline.desk.recalling, pipeline.clock()
    if params["action"] == "lift":
        lifted = _granted(lambda: recalling.lift(study, period, decision, now))
        log.info("%s %s: %s", study, period, "lifted" if lifted else "was not recalled")
        return {"lifted": int(lifted)}
    if params["action"] == "preview":
        result = _granted(lambda: recalling.preview(study, period))
    else:
        result = _granted(lambda: recalling.recall(study, period, decision, now))
    _log_recall(result)
    return {
        "mailed": len(result.mailed),
        "unsent": result.unsent,
        "links": result.links,
        "opened": len(result.opened),
    }


def _asked() -> tuple[Mapping[str, Any], "Decision"]:
    """Return what the run was asked; the run is the decision, however often tried."""
    from trial_reports.audit.trail import Decision

    context = get_current_context()
    run, params = context["dag_run"], context["params"]
    by = run.triggering_user_name or NOBODY_KNOWN
    return params, Decision(run.run_id, by, params["reason"])


def _granted(act: Callable[[], T]) -> T:
    try:
        return act()
    except RequestError as error:
        raise AirflowFailException(str(error)) from None


def _each(jobs: Sequence[str], act: Callable[[str], None]) -> None:
    refused = []
    for job in jobs:
        try:
            act(job)
        except RequestError as error:
            log.error("%s: %s", job, error)  # noqa: TRY400 - its place says nothing
            refused.append(job)
        else:
            log.info("%s: done; dispatch_reports goes on with it", job)
    if refused:
        raise AirflowFailException(f"{len(refused)} of {len(jobs)}: {refused}")


def _log_recall(result: "RecallResult") -> None:
    log.info(
        "%d reports were mailed; %d unsent jobs; %d links; %d opened through a link",
        len(result.mailed),
        result.unsent,
        result.links,
        len(result.opened),
    )
    for job in result.mailed:
        log.info("mailed: %s", job)
    for link in result.opened:
        first, times = link.opened[0], len(link.opened)
        log.info("opened: %s first %s (%d times)", link.job_id, first, times)
