"""Redriving dead letters inside an Airflow task."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException

from trial_reports.deadletters.open_letters import Selection
from trial_reports.deadletters.redrive import RedriveRequest
from trial_reports.errors import RequestError
from trial_reports_airflow.boundary import private_errors
from trial_reports_airflow.operating import NOBODY_KNOWN

log = logging.getLogger(__name__)


def redrive_request(user: str | None, params: Mapping[str, Any]) -> RedriveRequest:
    """Return what was asked for.

    Args:
        user: Who triggered the run, where Airflow knows.
        params: The DAG's params.

    Raises:
        RequestError: A real redrive has no reason, or nothing can be meant.
    """
    reason = (params.get("reason") or "").strip()
    older, newer = params.get("older_than_hours"), params.get("newer_than_hours")
    jobs = params.get("jobs")
    if not params["dry_run"] and not reason:
        raise RequestError("params", "Say why: a redrive needs a reason.")
    if jobs == []:
        raise RequestError("params", "An empty list means no job; leave it out.")
    if older is not None and newer is not None and older >= newer:
        raise RequestError(
            "params", "Nothing is older than older_than_hours and newer than that."
        )
    return RedriveRequest(
        selection=Selection(
            stage=params.get("stage"),
            cause=params.get("cause"),
            code=params.get("code") or None,
            older_than=_hours(older),
            newer_than=_hours(newer),
            jobs=tuple(jobs) if jobs else None,
            limit=params["limit"],
        ),
        by=user or NOBODY_KNOWN,
        reason=reason,
        dry_run=params["dry_run"],
    )


@private_errors()
def redrive() -> dict[str, int]:
    """Redrive what the current run asks for; returns how many of what.

    Raises:
        AirflowFailException: What is asked for makes no sense.
    """
    from trial_reports_airflow.connections import build_pipeline

    context = get_current_context()
    run = context["dag_run"]
    try:
        request = redrive_request(run.triggering_user_name, context["params"])
    except RequestError as error:
        raise AirflowFailException(str(error)) from None
    pipeline = build_pipeline()
    request = replace(request, run=run.run_id)
    outcome = pipeline.desk.redriver.run(request, pipeline.clock())
    for line in str(outcome).splitlines():
        log.info("%s", line)
    return outcome.counts()


def _hours(number: float | None) -> timedelta | None:
    return None if number is None else timedelta(hours=number)
