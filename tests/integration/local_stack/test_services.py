from datetime import UTC, datetime

import httpx
import pytest
from pymongo import MongoClient

from local_stack.mailbox.client import Mailbox
from local_stack.mailbox.event_signing import EventSigner
from local_stack.mailbox.faults import FaultRule
from local_stack.stack import Services
from trial_reports.delivery.event_signatures import EventSignatures

_REQUEST = {
    "personalizations": [{"to": [{"email": "ada@example.org"}]}],
    "from": {"email": "reports@study.example"},
    "subject": "Your weekly report is ready",
    "content": [{"type": "text/plain", "value": "Hello"}],
}


def send(mailbox: Mailbox, timeout: float = 5) -> httpx.Response:
    return httpx.post(
        f"{mailbox.url}/v3/mail/send",
        headers={"Authorization": f"Bearer {mailbox.key}"},
        json=_REQUEST,
        timeout=timeout,
        trust_env=False,
    )


def test_mongodb_takes_transactions(services: Services) -> None:
    with (
        MongoClient[dict[str, int]](services.mongo_uri) as client,
        client.start_session() as session,
    ):
        rows = client["stack_test"]["rows"]
        with session.start_transaction():
            rows.insert_one({"n": 1}, session=session)
        assert rows.count_documents({"n": 1}) >= 1
        client.drop_database("stack_test")


def test_s3_and_sqs_answer(services: Services) -> None:
    s3, sqs = services.s3(), services.sqs()
    s3.create_bucket(
        Bucket="stack-test",
        CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
    )
    s3.put_object(Bucket="stack-test", Key="a", Body=b"hello")
    assert s3.get_object(Bucket="stack-test", Key="a")["Body"].read() == b"hello"
    queue = sqs.create_queue(QueueName="stack-test")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="hello")
    (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    assert message["Body"] == "hello"


def test_the_mailbox_keeps_what_it_accepted(mailbox: Mailbox) -> None:
    request_id = send(mailbox).headers["X-Message-Id"]
    (message,) = mailbox.messages("ada@example.org")
    assert message.request_id == request_id
    assert mailbox.messages("bob@example.org") == []


def test_a_connection_can_be_dropped_before_the_mail_is_taken(
    mailbox: Mailbox,
) -> None:
    mailbox.fail(FaultRule(fault="drop_before", times=1))
    with pytest.raises(httpx.TransportError):
        send(mailbox)
    assert mailbox.messages() == []
    assert send(mailbox).status_code == 202


def test_a_connection_can_be_dropped_after_the_mail_was_taken(
    mailbox: Mailbox,
) -> None:
    mailbox.fail(FaultRule(fault="drop_after_accept", recipient="ada@example.org"))
    with pytest.raises(httpx.TransportError):
        send(mailbox)
    assert len(mailbox.messages()) == 1


def test_the_provider_can_hang(mailbox: Mailbox) -> None:
    mailbox.fail(FaultRule(fault="hang"))
    with pytest.raises(httpx.ReadTimeout):
        send(mailbox, timeout=0.2)
    assert mailbox.messages() == []


def test_the_product_believes_the_mailbox_and_only_the_owner_has_its_key(
    services: Services,
) -> None:
    keys = services.environment()["TRIAL_REPORTS_MAIL__WEBHOOK_KEYS"]
    now = datetime.now(UTC)
    proof = EventSigner(services.secrets.webhook_key).sign(b"[]", now)
    assert EventSignatures([keys]).vouch_for(b"[]", *proof, now)
    assert (services.data / "secrets.json").stat().st_mode & 0o077 == 0
