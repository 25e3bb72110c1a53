"""The email stage with the real mailer: at most one mail, whatever happens to it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from local_stack.mailbox.faults import Fault, FaultRule
from tests.builders import MONDAY_NOON, WEDNESDAY, an_attempt
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.links import Links
from trial_reports.delivery.mailer import (
    MailNotTaken,
    MailRefused,
    ProviderBusy,
    ProviderRefusesUs,
)
from trial_reports.delivery.models import Delivery, DeliveryStatus
from trial_reports.errors import Cancelled, PermanentError, TransientError
from trial_reports.pipeline.stage import StageResult
from trial_reports.subscriptions.unsubscribing import UnsubscribeTokens

if TYPE_CHECKING:
    from local_stack.mailbox.client import Mailbox
    from local_stack.mailbox.messages import Message
    from tests.integration.trial_reports.pipeline.conftest import Participant

SENT = StageResult()
UNKNOWN = StageResult(outcome="unknown")
CLAIM = timedelta(minutes=5)


def delivery_of(ada: Participant) -> Delivery | None:
    return Ledger(ada.database, CLAIM).find(ada.job.id, ada.user.id)


def status_of(ada: Participant) -> DeliveryStatus:
    delivery = delivery_of(ada)
    assert delivery is not None
    return delivery.status


def mails_to(ada: Participant, mailbox: Mailbox) -> list[Message]:
    return mailbox.messages(ada.user.email)


def goes_wrong(ada: Participant, mailbox: Mailbox, fault: Fault) -> None:
    mailbox.fail(FaultRule(fault=fault, recipient=ada.user.email))


def test_the_mail_is_accepted_and_the_ledger_knows_it_by_the_providers_id(
    ada: Participant, mailbox: Mailbox
) -> None:
    assert ada.goes_through("email") == SENT

    (mail,) = mails_to(ada, mailbox)
    delivery = delivery_of(ada)
    assert delivery is not None
    assert delivery.status == "accepted"
    assert delivery.provider_message_id == mail.request_id
    assert delivery.settled_at == MONDAY_NOON


def test_the_links_in_the_mail_lead_to_this_report_and_this_subscription(
    ada: Participant, mailbox: Mailbox
) -> None:
    ada.goes_through("email")

    (mail,) = mails_to(ada, mailbox)
    opening = re.search(r"http://127\.0\.0\.1:8000/r/([\w-]+)", mail.text)
    ending = re.search("/u/([^>]+)>", mail.headers["List-Unsubscribe"])
    assert opening is not None
    assert ending is not None
    link = Links(ada.database).find(opening[1])
    assert link is not None
    assert (link.job_id, link.user_id) == (ada.job.id, ada.user.id)
    assert link.expires_at == MONDAY_NOON + timedelta(days=90)
    tokens = UnsubscribeTokens(ada.database)
    assert tokens.subscription_of(ending[1]) == ada.subscription.id
    assert mail.custom_args == {
        "correlationId": ada.job.correlation_id,
        "jobId": ada.job.id,
        "sendNo": "0",
    }


def test_the_mail_says_nothing_about_the_person_or_the_study(
    ada: Participant, mailbox: Mailbox
) -> None:
    ada.goes_through("email")

    (mail,) = mails_to(ada, mailbox)
    told = mail.model_dump_json(exclude={"recipient"})
    for private in (ada.user.name, ada.user.id, ada.study.title, ada.study.contact):
        assert private not in told


def test_a_mail_is_not_sent_again_once_the_provider_has_it(
    ada: Participant, mailbox: Mailbox
) -> None:
    ada.goes_through("email")
    for status in ("accepted", "delivered", "bounced", "dropped", "complained"):
        ada.database["deliveries"].update_one({}, {"$set": {"status": status}})

        assert ada.goes_through("email") == SENT

    assert len(mails_to(ada, mailbox)) == 1


def test_a_refused_mail_is_permanent_until_somebody_asks_again(
    ada: Participant, mailbox: Mailbox
) -> None:
    goes_wrong(ada, mailbox, 400)

    with pytest.raises(MailRefused):
        ada.goes_through("email")

    assert status_of(ada) == "refused"
    mailbox.recover()
    assert ada.goes_through("email") == SENT
    assert len(mails_to(ada, mailbox)) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (401, ProviderRefusesUs),
        (403, ProviderRefusesUs),
        (429, ProviderBusy),
        (500, MailNotTaken),
        (503, MailNotTaken),
    ],
)
def test_a_mail_that_was_not_taken_is_sent_by_the_next_try(
    ada: Participant, mailbox: Mailbox, fault: Fault, error: type[Exception]
) -> None:
    goes_wrong(ada, mailbox, fault)

    with pytest.raises(error):
        ada.goes_through("email")

    assert status_of(ada) == "released"
    assert mails_to(ada, mailbox) == []
    mailbox.recover()
    ada.now += timedelta(minutes=1)
    assert ada.goes_through("email") == SENT
    assert len(mails_to(ada, mailbox)) == 1


@pytest.mark.parametrize(
    ("fault", "arrived"),
    [(502, 0), (504, 0), ("drop_before", 0), ("drop_after_accept", 1), ("hang", 0)],
)
def test_a_mail_that_may_have_been_taken_is_never_sent_again(
    ada: Participant, mailbox: Mailbox, fault: Fault, arrived: int
) -> None:
    if fault == "hang":
        ada.configure(mail={"timeout_seconds": 0.3})
    goes_wrong(ada, mailbox, fault)

    assert ada.goes_through("email") == UNKNOWN

    mailbox.recover()
    for _ in range(2):
        ada.now += timedelta(days=1)
        assert ada.goes_through("email") == UNKNOWN
    assert status_of(ada) == "unknown"
    assert len(mails_to(ada, mailbox)) == arrived


def test_a_provider_that_is_away_was_not_asked(
    ada: Participant, mailbox: Mailbox
) -> None:
    here = ada.settings.mail.host
    ada.configure(mail={"host": "http://127.0.0.1:9"})

    with pytest.raises(MailNotTaken):
        ada.goes_through("email")

    assert status_of(ada) == "released"
    ada.configure(mail={"host": here})
    assert ada.goes_through("email") == SENT
    assert len(mails_to(ada, mailbox)) == 1


def test_of_many_twins_one_sends(ada: Participant, mailbox: Mailbox) -> None:
    work = ada.pipeline.work("email")

    def send(_: int) -> StageResult | TransientError:
        try:
            return work(ada.job, an_attempt("email"))
        except TransientError as error:
            return error

    with ThreadPoolExecutor(8) as twins:
        answers = list(twins.map(send, range(8)))

    assert len(mails_to(ada, mailbox)) == 1
    assert SENT in answers
    late = [answer for answer in answers if answer != SENT]
    assert all(str(answer).startswith("mail_claimed") for answer in late)


def test_a_sender_that_died_on_the_way_is_not_followed_by_another(
    ada: Participant, mailbox: Mailbox
) -> None:
    Ledger(ada.database, CLAIM).claim(ada.job.id, ada.user.id, ada.now)

    with pytest.raises(TransientError, match="mail_claimed"):
        ada.goes_through("email")
    ada.now += CLAIM

    assert ada.goes_through("email") == UNKNOWN
    assert mails_to(ada, mailbox) == []


@pytest.mark.parametrize(
    ("collection", "fields", "reason"),
    [
        ("subscriptions", {"open": False, "status": "unsubscribed"}, "unsubscribed"),
        ("subscriptions", {"status": "disabled"}, "disabled"),
        ("users", {"memberships.0.until": WEDNESDAY}, "withdrawn"),
        ("users", {"emailConsent": False}, "email_not_allowed"),
    ],
)
def test_who_leaves_while_the_report_is_made_gets_no_mail(
    ada: Participant,
    mailbox: Mailbox,
    collection: str,
    fields: dict[str, Any],
    reason: str,
) -> None:
    ada.goes_through("fetch")
    ada.is_now(collection, **fields)

    with pytest.raises(Cancelled) as cancelled:
        ada.goes_through("email")

    assert cancelled.value.code == reason
    assert mails_to(ada, mailbox) == []
    assert delivery_of(ada) is None


def test_who_is_erased_while_the_report_is_made_gets_no_mail_and_no_alarm(
    ada: Participant, mailbox: Mailbox
) -> None:
    ada.goes_through("fetch")
    ada.database["users"].delete_one({"_id": ada.user.id})

    with pytest.raises(Cancelled, match="withdrawn"):
        ada.goes_through("email")

    assert mails_to(ada, mailbox) == []


def test_what_fails_before_the_provider_is_called_claims_nothing(
    ada: Participant,
) -> None:
    ada.is_now("users", email="ada@example.org\nBcc: eve@example.org")

    with pytest.raises(PermanentError, match="address_malformed") as caught:
        ada.goes_through("email")

    assert "eve" not in str(caught.value)
    assert delivery_of(ada) is None
