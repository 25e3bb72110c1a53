"""The email stage: a neutral mail with a link, sent at most once."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from trial_reports.delivery.gate import DeliveryGate
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.links import Links
from trial_reports.delivery.mailer import (
    Mailer,
    MailNotTaken,
    MailOutcomeUnknown,
    MailRefused,
    ProviderBusy,
    ProviderRefusesUs,
)
from trial_reports.delivery.message import EmailMessage, MessageWriter
from trial_reports.delivery.models import HANDED_OVER, Delivery
from trial_reports.delivery.recalls import Recalls
from trial_reports.errors import ServicePaused, TransientError
from trial_reports.jobs.models import Attempt, Job
from trial_reports.pipeline.stage import StageResult
from trial_reports.settings import Links as LinkSettings
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.subscriptions.rights import check_still_wanted
from trial_reports.subscriptions.unsubscribing import UnsubscribeTokens
from trial_reports.users.models import User
from trial_reports.users.repository import Users

log = logging.getLogger(__name__)

_SENT = StageResult()
_UNKNOWN = StageResult(outcome="unknown")


@dataclass(frozen=True)
class Send:
    """Mails the link to a job's report, unless that has been done."""

    users: Users
    subscriptions: Subscriptions
    recalls: Recalls
    ledger: Ledger
    gate: DeliveryGate
    links: Links
    unsubscribe_tokens: UnsubscribeTokens
    mailer: Mailer
    writer: MessageWriter
    settings: LinkSettings
    clock: Callable[[], datetime]

    def __call__(self, job: Job, attempt: Attempt) -> StageResult:
        """Send the mail at most once; what may have been sent is never repeated."""
        earlier = self.ledger.find(job.id, job.user_id, job.send_no)
        if earlier is not None and earlier.status in HANDED_OVER:
            return _SENT
        if earlier is not None and earlier.status == "unknown":
            return _UNKNOWN
        self._recipient(job)
        self.gate.admit(job.study_id)
        # Everything that can fail comes before the claim, so that a claim
        # without an outcome means that the provider may have been called.
        message = self._write(job, self._recipient(job))
        self._recipient(job)  # asked again: somebody may just have left
        delivery, mine = self.ledger.claim(
            job.id, job.user_id, self.clock(), job.send_no
        )
        if mine:
            return self._send(message, delivery)
        if delivery.status in HANDED_OVER:
            return _SENT
        if delivery.status == "unknown" or attempt.last:
            return _UNKNOWN
        raise TransientError("mail_claimed", "Another try is sending this mail.")

    def _recipient(self, job: Job) -> User:
        self.recalls.require_none(job)
        subscription = self.subscriptions.find(job.subscription_id)
        user = self.users.find(job.user_id)
        return check_still_wanted(subscription, user, self.clock())[1]

    def _write(self, job: Job, user: User) -> EmailMessage:
        now = self.clock()
        valid = timedelta(days=self.settings.valid_days)
        token, link = self.links.mint(job.id, user.id, user.email, now, valid)
        unsubscribe = self.unsubscribe_tokens.mint(job.subscription_id, now)
        base = self.settings.public_url.rstrip("/")
        return self.writer.report_ready(
            recipient=user.email,
            link_url=f"{base}/r/{token}",
            unsubscribe_url=f"{base}/u/{unsubscribe}",
            expires_on=link.expires_at.date(),
            ids=_ids(job),
            locale=user.locale,
        )

    def _send(self, message: EmailMessage, delivery: Delivery) -> StageResult:
        try:
            message_id = self.mailer.send(message)
        except MailOutcomeUnknown:
            self.ledger.lose_sight(delivery, self.clock())
            self.gate.was_in_doubt()
            return _UNKNOWN
        except MailRefused:
            self.ledger.refuse(delivery, self.clock())
            raise
        except ProviderBusy as busy:
            self.ledger.release(delivery)
            self.gate.rest(busy.retry_after or 0)
            raise
        except (MailNotTaken, ProviderRefusesUs) as failure:
            self.ledger.release(delivery)
            if self.gate.was_not_taken(failure.retry_after):
                raise ServicePaused(failure.code, failure.message) from None
            raise
        if not self.ledger.accept(delivery, message_id, self.clock()):
            log.error("%s: accepted after the claim was lost", delivery.id)
        self.gate.was_taken()
        return _SENT


def _ids(job: Job) -> dict[str, str]:
    ids = {"jobId": job.id, "sendNo": str(job.send_no)}
    if job.correlation_id is not None:
        ids["correlationId"] = job.correlation_id
    return ids
