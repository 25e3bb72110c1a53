"""Small builders of what an explanation goes by."""

from datetime import datetime, timedelta
from typing import Any

from tests.builders import (
    MONDAY_NOON,
    PERIOD,
    WEDNESDAY,
    a_job,
    a_subscription,
    a_user,
)
from trial_reports.audit.trail import AuditEvent
from trial_reports.delivery.event_models import NotedEvent
from trial_reports.delivery.models import Claim, Delivery, Link
from trial_reports.delivery.recalls import Recall
from trial_reports.explaining.explanation import explain
from trial_reports.explaining.facts import DeliveryFacts
from trial_reports.identifiers import fingerprint, new_id
from trial_reports.jobs.models import (
    Artifact,
    Job,
    JobError,
    OpenDeadLetter,
    Report,
    Stage,
    StageRecord,
    Work,
)
from trial_reports.settings import Schedule
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.users.models import User

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TUESDAY = MONDAY_NOON + DAY
READER = a_user(id="usr_ada")
SUBSCRIPTION = a_subscription(READER, id="sub_ada")
PLANNED = SUBSCRIPTION.model_copy(
    update={"reported_through": PERIOD.end, "next_run": MONDAY_NOON + 7 * DAY}
)
ARTIFACT = Artifact(uri="s3://reports/a.pdf", sha256="0" * 64, size=1)
REPORT = Report(artifact=ARTIFACT, pages=6, cut_off=MONDAY_NOON, made_at=MONDAY_NOON)


def facts(**changes: Any) -> DeliveryFacts:
    """What is known on Tuesday about the week that ended on Sunday."""
    defaults: dict[str, Any] = {
        "subscription": PLANNED if changes.get("job") else SUBSCRIPTION,
        "user": READER,
        "period": PERIOD,
        "schedule": Schedule(),
        "now": TUESDAY,
    }
    return DeliveryFacts(**defaults | changes)


def reader(**changes: Any) -> User:
    return READER.model_copy(update=changes)


def subscription(**changes: Any) -> ReportSubscription:
    return SUBSCRIPTION.model_copy(update=changes)


def a_week_job(**changes: Any) -> Job:
    defaults = {"subscription_id": SUBSCRIPTION.id, "user_id": READER.id}
    return a_job(**defaults | changes)


def records(*done: Stage) -> dict[Stage, StageRecord]:
    return {
        stage: StageRecord(
            run="run_one", round=4, outcome="done", finished_at=MONDAY_NOON
        )
        for stage in done
    }


def in_stage(stage: Stage, *done: Stage, **changes: Any) -> Job:
    work = Work(stage=stage, run="run_one", round=4, begun=1)
    defaults: dict[str, Any] = {
        "status": "processing",
        "run": "run_one",
        "batch": 3,
        "stages": records(*done),
        "work": work,
        "attempts": len(done) + 1,
    }
    return a_week_job(**defaults | changes)


def completed(**changes: Any) -> Job:
    defaults: dict[str, Any] = {
        "status": "completed",
        "run": "run_one",
        "batch": 3,
        "stages": records("fetch", "aggregate", "render", "email"),
        "report": REPORT,
        "attempts": 4,
        "completed_at": MONDAY_NOON + HOUR,
    }
    return a_week_job(**defaults | changes)


def failed(code: str = "render_out_of_time", **letter: Any) -> Job:
    defaults: dict[str, Any] = {
        "id": "dl_one",
        "stage": "render",
        "batch": 3,
        "try_number": 5,
        "round": 4,
        "cause": "permanent",
        "failed_at": MONDAY_NOON + HOUR,
        "log_url": "http://airflow.example/log",
    }
    return a_week_job(
        status="failed",
        run="run_one",
        batch=3,
        error=JobError(code=code, message="It took too long."),
        dead_letter=OpenDeadLetter(**defaults | letter),
        failures=1,
        first_failed_at=MONDAY_NOON + HOUR,
        attempts=7,
    )


def cancelled(code: str) -> Job:
    why = JobError(code=code, message="It is over.")
    at = MONDAY_NOON + HOUR
    return a_week_job(status="cancelled", run="run_one", error=why, completed_at=at)


def a_mail(status: str, send_no: int = 0) -> Delivery:
    return Delivery.model_validate(
        {
            "id": f"dlv_{send_no}",
            "job_id": a_week_job().id,
            "user_id": READER.id,
            "send_no": send_no,
            "status": status,
            "claim": Claim(attempt="try_one", at=MONDAY_NOON + HOUR),
            "provider_message_id": "msg_one",
            "settled_at": MONDAY_NOON + HOUR,
        }
    )


def an_event(kind: str, **changes: Any) -> NotedEvent:
    defaults: dict[str, Any] = {
        "id": new_id("evt"),
        "job_id": a_week_job().id,
        "send_no": 0,
        "event": kind,
        "at": MONDAY_NOON + 2 * HOUR,
        "taken_at": MONDAY_NOON + 2 * HOUR,
    }
    return NotedEvent(**defaults | changes)


def a_decided(
    action: str, subject: str, at: datetime = WEDNESDAY, **details: str | int
) -> AuditEvent:
    return AuditEvent(
        id=new_id("aud"),
        at=at,
        actor="olivia",
        action=action,
        subject=subject,
        reason="a reason",
        decision=new_id("dec"),
        details=details,
    )


def status_change(status: str, at: datetime = WEDNESDAY) -> AuditEvent:
    return a_decided("change_subscription", SUBSCRIPTION.id, at, status=status)


def a_recall(**changes: Any) -> Recall:
    defaults: dict[str, Any] = {
        "id": "rcl_one",
        "study_id": SUBSCRIPTION.study_id,
        "period": PERIOD.key,
        "by": "olivia",
        "reason": "wrong units",
        "recalled_at": MONDAY_NOON + 3 * HOUR,
    }
    return Recall(**defaults | changes)


def a_link(**changes: Any) -> Link:
    defaults: dict[str, Any] = {
        "id": "0" * 64,
        "job_id": a_week_job().id,
        "user_id": READER.id,
        "sent_to": fingerprint(READER.email),
        "created_at": MONDAY_NOON,
        "expires_at": MONDAY_NOON + 90 * DAY,
    }
    return Link(**defaults | changes)


def assert_explained(known: DeliveryFacts, verdict: str, steps: list[str]) -> None:
    """Steps that happened at the same time may be told in any order."""
    explanation = explain(known)
    told = explanation.steps
    assert sorted(step.code for step in told) == sorted(steps)
    assert explanation.verdict == verdict
    when: dict[str, datetime | None] = {step.code: step.at for step in told}
    assert [step.at for step in told] == [when[code] for code in steps]
