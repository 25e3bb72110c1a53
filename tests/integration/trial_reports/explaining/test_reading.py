"""An explanation on real services: what the product wrote is what is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from local_stack.mailbox.client import Mailbox
from local_stack.mailbox.faults import FaultRule
from tests.builders import (
    MONDAY_NOON,
    PERIOD,
    a_decision,
    a_study,
    a_subscription,
    a_user,
)
from tests.week import Week
from trial_reports.audit.trail import AuditTrail
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.delivery.controls import EVERYBODY, Controls
from trial_reports.delivery.event_models import MailEvent
from trial_reports.delivery.events import TakenEvents
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.links import Links
from trial_reports.delivery.recalls import Recalls
from trial_reports.errors import PermanentError, RequestError
from trial_reports.explaining.models import DeliveryExplanation
from trial_reports.explaining.reading import DeliveryExplaining
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import Job
from trial_reports.jobs.repository import Jobs
from trial_reports.runs.repository import Runs
from trial_reports.settings import Schedule, Settings
from trial_reports.storage.storage import Storage
from trial_reports.studies.repository import Studies
from trial_reports.subscriptions.changing import SubscriptionChanging, WantedStatus
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.users.repository import Users

HOUR = timedelta(hours=1)
START = ["subscribed", "week_ended", "report_planned"]
MADE = [*START, "records_gathered", "week_summed_up", "report_made"]


class Participant:
    """Somebody with a subscription, the week's runs, and what is told of them."""

    def __init__(self, week: Week, database: Database[dict[str, Any]]) -> None:
        self.week, self.now = week, MONDAY_NOON + HOUR
        self.user = a_user()
        self.audit, self.subscriptions = AuditTrail(database), Subscriptions(database)
        database["studies"].insert_one(a_study().to_row())
        database["users"].insert_one(self.user.to_row())
        self.subscriptions.add(a_subscription(self.user, id="sub_ada"))
        self.events = TakenEvents(database)
        self.ledger = Ledger(database, HOUR)
        self.changing = SubscriptionChanging(
            self.subscriptions,
            Users(database),
            Studies(database),
            Decisions(database),
            self.audit,
            Schedule(),
        )
        self.explaining = DeliveryExplaining(
            users=Users(database),
            jobs=Jobs(database),
            runs=Runs(database),
            ledger=self.ledger,
            events=self.events,
            links=Links(database),
            controls=Controls(database),
            recalls=Recalls(database),
            audit=self.audit,
            schedule=Schedule(),
        )

    @property
    def subscription(self) -> ReportSubscription:
        found = self.subscriptions.find("sub_ada")
        assert found is not None
        return found

    @property
    def job(self) -> Job:
        found = self.week.job_of(self.user.id)
        assert found is not None
        return found

    def told(self, key: str | None = None, now: datetime | None = None) -> Told:
        return Told(
            self.explaining.explain(self.subscription, key, now or self.now), self
        )


class Told:
    """An explanation, looked at."""

    def __init__(self, explanation: DeliveryExplanation, about: Participant) -> None:
        self.verdict, self.steps = explanation.verdict, explanation.steps
        self.period = explanation.period
        self.codes = [step.code for step in explanation.steps]
        assert about.user.name not in repr(explanation)
        assert about.user.email not in repr(explanation)


@pytest.fixture
def ada(
    settings: Settings,
    database: Database[dict[str, Any]],
    storage: Storage,
    queues: DeadLetterQueues,
) -> Participant:
    return Participant(Week(settings, database, storage, queues), database)


def test_a_week_is_told_from_the_run_to_the_mailbox(
    ada: Participant, mailbox: Mailbox
) -> None:
    waiting = ada.told()
    assert (waiting.verdict, waiting.period) == ("waiting", PERIOD)
    assert waiting.codes == ["subscribed", "week_ended", "run_due"]

    ada.week.run()
    sent = ada.told()
    assert len(mailbox.messages()) == 1
    assert sent.verdict == "sent"
    assert sorted(sent.codes) == sorted([*MADE, "mail_accepted"])
    assert ada.told(PERIOD.key).codes == sent.codes

    delivery = ada.ledger.find(ada.job.id, ada.user.id)
    assert delivery is not None
    detail = next(s.detail for s in sent.steps if s.code == "mail_accepted")
    assert detail is not None
    assert detail.provider_message_id == delivery.provider_message_id

    event = {
        "sg_event_id": "evt_one",
        "event": "delivered",
        "timestamp": (MONDAY_NOON + HOUR / 2).timestamp(),
        "jobId": ada.job.id,
        "sendNo": 0,
    }
    ada.ledger.learn(ada.job.id, ada.user.id, 0, "delivered", ada.now)
    ada.events.add(MailEvent.model_validate(event), ada.now)
    delivered = ada.told()
    assert delivered.verdict == "delivered"
    assert delivered.codes[-1] == "mail_delivered"
    assert delivered.steps[-1].at == MONDAY_NOON + HOUR / 2


def test_a_refused_mail_leads_to_its_dead_letter(
    ada: Participant, mailbox: Mailbox
) -> None:
    mailbox.fail(FaultRule(recipient=ada.user.email, fault=400))
    with pytest.raises(PermanentError, match="too_many_failures"):
        ada.week.run()
    told = ada.told()

    assert told.verdict == "failed"
    assert told.codes[-3:] == ["mail_refused", "report_failed", "waiting_for_operator"]
    letter, detail = ada.job.dead_letter, told.steps[-1].detail
    assert letter is not None
    assert detail is not None
    assert (detail.dead_letter_id, detail.stage) == (letter.id, "email")
    assert (detail.run_id, detail.batch, detail.try_number) == ("run_one", 0, 1)


def test_what_people_decide_is_told(ada: Participant) -> None:
    desk, decision = ada.week.pipeline.desk, a_decision()
    desk.pausing.pause(EVERYBODY, decision, MONDAY_NOON)
    *_, paused = ada.told().steps
    assert paused.code == "delivery_paused"
    assert paused.detail is not None
    assert paused.detail.by == decision.by
    desk.pausing.resume(EVERYBODY, decision, MONDAY_NOON)

    ada.week.run()
    desk.settling.resend(ada.job.id, decision, ada.now)
    again = ada.told()
    assert (again.verdict, again.codes[-1]) == ("waiting", "waiting_for_run")
    assert "resend_decided" in again.codes

    desk.recalling.recall("stu_one", PERIOD.key, decision, ada.now + HOUR)
    recalled = ada.told()
    assert recalled.verdict == "recalled"
    assert sorted(recalled.codes[-2:]) == ["report_cancelled", "report_recalled"]


def test_a_week_that_was_missed_in_a_pause_says_so(ada: Participant) -> None:
    def change(status: WantedStatus, at: datetime) -> None:
        ada.changing.change("sub_ada", status=status, by="olivia", now=at)

    change("paused", PERIOD.end - HOUR)
    paused = ada.told()
    assert paused.verdict == "not_owed"
    assert paused.codes == ["subscribed", "subscription_paused", "week_ended", "paused"]

    later = MONDAY_NOON + timedelta(days=7)
    change("active", later)
    ada.week.now = later
    ada.week.run()
    missed = ada.told(PERIOD.key, later)
    assert missed.verdict == "not_owed"
    assert missed.codes[-3:] == ["week_skipped", "only_latest_week", "can_be_requested"]
    assert "your reports were paused" in missed.steps[-3].sentence
    assert ada.told(None, later).verdict == "sent"


@pytest.mark.parametrize("key", ["2026-W54", "2026-W047", "last", "", "9999-W52"])
def test_a_week_that_is_none_is_refused(ada: Participant, key: str) -> None:
    with pytest.raises(RequestError) as refused:
        ada.explaining.explain(ada.subscription, key, ada.now)

    assert refused.value.code == "period_unknown"
