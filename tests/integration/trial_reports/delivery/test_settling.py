"""Unknown mails are settled by the provider's word or a person's, never blindly."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON, a_decision, a_job
from trial_reports.audit.trail import AuditTrail
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.settling import MailSettling
from trial_reports.errors import RequestError
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import DELIVERY_UNKNOWN, Failure, Job
from trial_reports.jobs.repository import Jobs
from trial_reports.jobs.transitions import Transitions

NOW = MONDAY_NOON


class Desk:
    """Where an operator decides about mails."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self.jobs = Jobs(database)
        self.transitions = Transitions(database)
        self.ledger = Ledger(database, timedelta(minutes=1))
        self.audit = AuditTrail(database)
        self.settling = MailSettling(
            self.jobs, self.ledger, Decisions(database), self.audit
        )

    def unknown(self) -> Job:
        """Return a job that failed since nobody knows what became of its mail."""
        job = a_job()
        self.transitions.create([job])
        delivery, _ = self.ledger.claim(job.id, job.user_id, NOW)
        self.ledger.lose_sight(delivery, NOW)
        why = Failure(code=DELIVERY_UNKNOWN, message="Nobody knows.", cause="delivery")
        self.transitions.give_up(job, "email", why, NOW)
        return self.fresh(job)

    def fresh(self, job: Job) -> Job:
        found = self.jobs.find(job.id)
        assert found is not None
        return found


@pytest.fixture
def desk(database: Database[dict[str, Any]]) -> Desk:
    return Desk(database)


def test_a_slow_sender_that_had_success_completes_its_job(desk: Desk) -> None:
    job, another = desk.unknown(), desk.unknown()
    late = desk.ledger.find(job.id, job.user_id)
    assert late is not None
    assert desk.ledger.accept(late, "msg-1", NOW)
    assert desk.settling.settle_known(NOW) == 1
    assert desk.settling.settle_known(NOW) == 0
    assert desk.fresh(job).status == "completed"
    assert desk.fresh(job).dead_letter is None
    assert desk.fresh(another).status == "failed"


def test_a_person_who_knows_that_it_arrived_completes_the_job(desk: Desk) -> None:
    job = desk.unknown()
    decision = a_decision()
    desk.settling.settle(job.id, "arrived", decision, NOW)
    desk.settling.settle(job.id, "arrived", decision, NOW)
    assert desk.fresh(job).status == "completed"
    delivery = desk.ledger.find(job.id, job.user_id)
    assert delivery is not None
    assert delivery.status == "accepted"
    (event,) = desk.audit.about(job.id)
    assert (event.actor, event.reason) == (decision.by, decision.reason)
    assert event.details == {"finding": "arrived"}


def test_a_person_who_knows_that_it_did_not_has_it_sent_under_a_new_number(
    desk: Desk,
) -> None:
    job = desk.unknown()
    desk.settling.settle(job.id, "not_arrived", a_decision(), NOW)
    again = desk.fresh(job)
    assert (again.status, again.send_no, again.dead_letter) == ("pending", 1, None)
    assert desk.ledger.find(job.id, job.user_id, 1) is None


def test_a_mail_is_settled_once(desk: Desk) -> None:
    job = desk.unknown()
    decision = a_decision()
    desk.settling.settle(job.id, "not_arrived", decision, NOW)
    desk.settling.settle(job.id, "not_arrived", decision, NOW)
    with pytest.raises(RequestError, match="nothing_to_settle"):
        desk.settling.settle(job.id, "not_arrived", a_decision(), NOW)
    assert desk.fresh(job).send_no == 1
    assert len(desk.audit.about(job.id)) == 1


def test_nobody_resends_what_was_never_sent(desk: Desk) -> None:
    with pytest.raises(RequestError, match="not_completed"):
        desk.settling.resend(desk.unknown().id, a_decision(), NOW)
    with pytest.raises(RequestError, match="job_not_found"):
        desk.settling.resend("job_of_nobody", a_decision(), NOW)


def test_a_resend_is_noted_with_its_number_and_reason(desk: Desk) -> None:
    job = desk.unknown()
    desk.settling.settle(job.id, "arrived", a_decision(), NOW)
    desk.settling.resend(job.id, a_decision(), NOW + timedelta(hours=1))
    assert desk.fresh(job).send_no == 1
    resent = desk.audit.about(job.id)[-1]
    assert (resent.action, resent.details) == ("resend_report", {"send_no": 1})
