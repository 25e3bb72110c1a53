"""Mistakes that could be made in the product; the machine has to find each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.state_machine.outside import Row
from tests.state_machine.product import Product
from trial_reports.deadletters.letter import DeadLetter
from trial_reports.deadletters.outbox import Outbox
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.models import Delivery
from trial_reports.delivery.recalls import Recalls
from trial_reports.jobs.changes import ownerless
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import Job
from trial_reports.jobs.transitions import Transitions
from trial_reports.pipeline.close import RunCloser
from trial_reports.pipeline.dispatch import Dispatcher
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.subscriptions.repository import Subscriptions


def everybody_may_send(product: Product) -> None:
    class EagerLedger(Ledger):
        def claim(self, *args: Any, **options: Any) -> tuple[Delivery, bool]:
            return super().claim(*args, **options)[0], True

    ledger = EagerLedger(product.watched, timedelta(minutes=1))
    product.send = replace(product.send, ledger=ledger)


def a_dead_senders_mail_is_sent_again(product: Product) -> None:
    class ForgivingLedger(Ledger):
        def lose_sight(self, delivery: Delivery, now: datetime) -> bool:  # noqa: ARG002 - as its parent
            return self.release(delivery)

    ledger = ForgivingLedger(product.watched, timedelta(minutes=1))
    product.send = replace(product.send, ledger=ledger)


def runs_take_what_others_own(product: Product) -> None:
    class GreedyTransitions(Transitions):
        def claim(self, run: str, scope: Row, now: datetime) -> int:
            self.database["report_jobs"].update_many(
                {**scope, "status": "pending"},
                {"$set": {"run": run, "batch": None, "updatedAt": now}},
            )
            return 0

    greedy = GreedyTransitions(product.watched)
    product.pipeline.planner = replace(product.pipeline.planner, transitions=greedy)


def nobody_releases_orphans(product: Product) -> None:
    class IdleDispatcher(Dispatcher):
        def release_orphans(
            self,
            run_is_over: Callable[[str], bool],  # noqa: ARG002 - as its parent
            now: datetime,
        ) -> int:
            return self.outbox.send_unsent(now)

    dispatcher = product.pipeline.dispatcher
    product.pipeline.dispatcher = IdleDispatcher(**vars(dispatcher))


def letters_are_marked_before_they_are_sent(product: Product) -> None:
    class HastyOutbox(Outbox):
        def send_unsent(self, now: datetime) -> int:
            for job in self.jobs.unsent_dead_letters():
                letter = DeadLetter.about(job)
                self.transitions.mark_sent(job.id, letter.id, now)
                self.queues.send(letter)
            return 0

    product.pipeline.outbox = HastyOutbox(**vars(product.pipeline.outbox))


def nobody_looks_who_has_left(product: Product) -> None:
    class StaleSubscriptions(Subscriptions):
        def find(self, subscription_id: str) -> ReportSubscription | None:
            found = super().find(subscription_id)
            as_it_was = {"open": True, "status": "active"}
            return found.model_copy(update=as_it_was) if found else None

    stale = StaleSubscriptions(product.watched)
    product.send = replace(product.send, subscriptions=stale)


def a_resend_keeps_its_number(product: Product) -> None:
    class ForgetfulDecisions(Decisions):
        def resend(self, job: Job, decision: str, now: datetime) -> bool:
            same = {"$set": ownerless(now), "$unset": {"stages.email": ""}}
            once = {"status": "completed", "decidedBy": {"$ne": decision}}
            return self._update(
                {"_id": job.id, **once}, {**same, "$addToSet": {"decidedBy": decision}}
            )

    _decides(product, ForgetfulDecisions(product.watched))


def a_mail_that_did_not_arrive_keeps_its_number(product: Product) -> None:
    class ForgetfulDecisions(Decisions):
        def send_again(
            self,
            job: Job,
            letter_id: str,
            decision: str,  # noqa: ARG002 - as its parent
            now: datetime,
        ) -> bool:
            return self.redrive(job, letter_id, now)

    _decides(product, ForgetfulDecisions(product.watched))


def no_sender_reads_recalls(product: Product) -> None:
    class UnreadRecalls(Recalls):
        def closes(self, job: Job) -> bool:  # noqa: ARG002 - as its parent
            return False

    product.send = replace(product.send, recalls=UnreadRecalls(product.watched))


def closing_forgets_unknown_mails(product: Product) -> None:
    class HastyCloser(RunCloser):
        def _settle_mail(self, job: Job, now: datetime) -> None:
            pass

    product.pipeline.closer = HastyCloser(**vars(product.pipeline.closer))


def _decides(product: Product, decisions: Decisions) -> None:
    desk = product.pipeline.desk
    desk.settling = replace(desk.settling, decisions=decisions)


BREAKAGES: dict[Callable[[Product], None], str] = {
    everybody_may_send: "was mailed [23] times as",
    a_dead_senders_mail_is_sent_again: "was mailed [23] times as",
    runs_take_what_others_own: "job_",
    nobody_releases_orphans: "no end to",
    letters_are_marked_before_they_are_sent: "marked sent and is not in SQS",
    nobody_looks_who_has_left: "its reader had left",
    a_resend_keeps_its_number: "times instead of",
    a_mail_that_did_not_arrive_keeps_its_number: "still fails: delivery_unknown",
    no_sender_reads_recalls: "it was recalled",
    closing_forgets_unknown_mails: "still fails: orphaned",
}
"""What the machine says to each."""
