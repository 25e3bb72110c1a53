"""What operators do about delivery, inside Airflow tasks."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException

from trial_reports.errors import RequestError
from trial_reports.periods.models import ReportingPeriod
from trial_reports_airflow.boundary import private_errors

if TYPE_CHECKING:
    from trial_reports.delivery.recalling import RecallResult

log = logging.getLogger(__name__)

NOBODY_KNOWN = "airflow"
"""The actor where Airflow does not say who triggered the run."""


@private_errors()
def pause_delivery() -> None:
    """Pause or resume delivery, as the run's params say."""
    from trial_reports.delivery.controls import EVERYBODY
    from trial_reports_airflow.connections import build_pipeline

    params, by = _asked()
    pipeline = build_pipeline()
    scope, now = params["study"] or EVERYBODY, pipeline.clock()
    if params["action"] == "pause":
        pipeline.desk.pausing.pause(scope, by, params["reason"], now)
        log.info("Delivery for %s is paused.", scope)
    elif pipeline.desk.pausing.resume(scope, by, params["reason"], now):
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

    params, by = _asked()
    pipeline = build_pipeline()
    now, reason = pipeline.clock(), params["reason"]
    _each(
        params["jobs"], lambda job: pipeline.desk.settling.resend(job, by, reason, now)
    )


@private_errors()
def settle_deliveries() -> None:
    """Act on what an operator has found out about mails.

    Raises:
        AirflowFailException: Names the jobs whose mail is not unknown.
    """
    from trial_reports_airflow.connections import build_pipeline

    params, by = _asked()
    pipeline = build_pipeline()
    now, reason, finding = pipeline.clock(), params["reason"], params["finding"]
    _each(
        params["jobs"],
        lambda job: pipeline.desk.settling.settle(job, finding, by, reason, now),
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

    params, by = _asked()
    study, reason = params["study"], params["reason"]
    try:
        period = ReportingPeriod.parse(params["period"], "UTC").key
    except (ValueError, OverflowError):
        raise AirflowFailException("There is no such week.") from None
    pipeline = build_pipeline()
    now = pipeline.clock()
    if params["action"] == "lift":
        lifted = pipeline.desk.recalling.lift(study, period, by, reason, now)
        log.info("%s %s: %s", study, period, "lifted" if lifted else "was not recalled")
        return {"lifted": int(lifted)}
    if params["action"] == "preview":
        result = pipeline.desk.recalling.preview(study, period)
    else:
        result = pipeline.desk.recalling.recall(study, period, by, reason, now)
    _log_recall(result)
    return {
        "reports": result.reports,
        "unsent": result.unsent,
        "links": result.links,
        "opened": len(result.opened),
    }


def _asked() -> tuple[Mapping[str, Any], str]:
    """Return what the run was asked, and by whom."""
    context = get_current_context()
    by = context["dag_run"].triggering_user_name
    return context["params"], by or NOBODY_KNOWN


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
        "%d reports; %d unsent jobs cancelled; %d links closed; %d opened before",
        result.reports,
        result.unsent,
        result.links,
        len(result.opened),
    )
    for link in result.opened:
        first, times = link.opened[0], len(link.opened)
        log.info("%s %s opened %s (%d times)", link.job_id, link.user_id, first, times)
