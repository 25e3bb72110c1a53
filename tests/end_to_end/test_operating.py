"""What operators decide with Airflow's forms, on the real Airflow."""

from typing import Any

import pytest

from local_stack.demo.prepare import Installation
from local_stack.mailbox.faults import FaultRule
from local_stack.mailbox.messages import Message
from tests.end_to_end.light_study import (
    LightStudy,
    Reader,
    dispatch,
    light_study,
    wait_until,
)
from tests.end_to_end.promise import assert_accounted_for
from trial_reports.audit.trail import AuditTrail
from trial_reports.jobs.models import STAGES, Job

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300)]

WHY = "for the test"


def decide(study: LightStudy, dag: str, /, **form: Any) -> None:
    """Fill in a form, wait until it has been acted upon, and clear that task.

    A decision is one decision, however often its task is run.
    """
    airflow = study.installation.stack.airflow
    airflow.unpause(dag)
    run = airflow.trigger_dag(dag, {"reason": WHY, **form})
    assert airflow.wait_for_run(dag, run, timeout=60).state == "success"
    if dag in ("resend_reports", "settle_deliveries"):
        airflow.clear_run(dag, run)
        assert airflow.wait_for_run(dag, run, timeout=60).state == "success"


def mails_to(study: LightStudy, reader: Reader) -> list[Message]:
    return study.installation.stack.services.mailbox.messages(reader.user.email)


def has_waited(study: LightStudy, reader: Reader) -> bool:
    """Tell whether a reader's mail has been looked at more than once."""
    job = study.installation.jobs.find(reader.job_id)
    return job is not None and job.attempts > len(STAGES)


def code_of(job: Job) -> str | None:
    return job.error.code if job.error else None


def test_a_study_is_paused_and_goes_on_as_if_nothing_had_happened(
    installation: Installation,
) -> None:
    study = light_study(installation, 2)
    paused = {"study": study.study.id}
    decide(study, "pause_delivery", action="pause", **paused)
    study.start()
    wait_until(lambda: all(has_waited(study, r) for r in study.readers), seconds=90)
    assert {study.job(reader).status for reader in study.readers} == {"processing"}

    decide(study, "pause_delivery", action="resume", **paused)
    study.wait()

    assert assert_accounted_for(study) == {"completed": 2}
    tries = [study.instance(study.task("email", r)).try_number for r in study.readers]
    assert tries == [1, 1]
    events = AuditTrail(installation.database).about(study.study.id)
    assert [(event.action, event.actor, event.reason) for event in events] == [
        ("pause_delivery", installation.stack.airflow_user, WHY),
        ("resume_delivery", installation.stack.airflow_user, WHY),
    ]


def test_failed_and_unknown_mails_are_settled_resent_and_recalled(
    installation: Installation,
) -> None:
    study = light_study(installation, 3)
    fine, unknown, refused = study.readers
    mailbox = installation.stack.services.mailbox
    mailbox.fail(FaultRule(fault="drop_after_accept", recipient=unknown.user.email))
    mailbox.fail(FaultRule(fault=400, recipient=refused.user.email))
    mailbox.hold_events()  # which would settle what is unknown
    study.start()
    study.wait()
    assert code_of(study.job(unknown)) == "delivery_unknown"
    assert code_of(study.job(refused)) == "mail_refused"

    # The provider knows the one mail; the other address is corrected.
    decide(study, "settle_deliveries", jobs=[unknown.job_id], finding="arrived")
    mailbox.recover()
    form = {"stage": "email", "jobs": [refused.job_id]}
    decide(study, "redrive_dead_letters", dry_run=True, **form)
    assert study.job(refused).status == "failed"
    decide(study, "redrive_dead_letters", dry_run=False, **form)
    decide(study, "resend_reports", jobs=[fine.job_id])
    dispatch(installation)

    statuses = [study.job(reader).status for reader in study.readers]
    assert statuses == ["completed"] * 3
    numbers = [mail.custom_args["sendNo"] for mail in mails_to(study, fine)]
    assert sorted(numbers) == ["0", "1"]
    assert [len(mails_to(study, reader)) for reader in (unknown, refused)] == [1, 1]

    week = {"study": study.study.id, "period": study.job(fine).period.key}
    decide(study, "recall_reports", action="preview", **week)
    links = installation.database["links"]
    ours = {"jobId": {"$in": [reader.job_id for reader in study.readers]}}
    assert links.count_documents({**ours, "revokedAt": None}) > 0
    decide(study, "recall_reports", action="recall", **week)
    assert links.count_documents({**ours, "revokedAt": None}) == 0
