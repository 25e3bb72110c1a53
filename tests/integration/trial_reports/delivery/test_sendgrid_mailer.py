"""What the ledger is told about each way a send can end."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from trial_reports.delivery.clients import mailer
from trial_reports.delivery.file_mailer import FileMailer
from trial_reports.delivery.mailer import (
    Mailer,
    MailNotTaken,
    MailOutcomeUnknown,
    MailRefused,
    ProviderBusy,
    ProviderRefusesUs,
)
from trial_reports.delivery.message import EmailMessage
from trial_reports.errors import ConfigurationError
from trial_reports.settings import Settings

if TYPE_CHECKING:
    from tests.integration.trial_reports.delivery.conftest import Behaviour, Provider

MESSAGE = EmailMessage(
    to="jane.doe@example.com",
    sender="reports@example.com",
    sender_name="Weekly reports",
    subject="Your weekly report is ready",
    text="Open it: https://reports.example.com/r/t",
    html="<p>Open it</p>",
    headers={"List-Unsubscribe": "<https://reports.example.com/u/t>"},
    custom_args={"jobId": "job_1"},
)


def _mailer(host: str, key: str = "SG.key", timeout: float = 0.5) -> Mailer:
    mail = {"api_key": key, "host": host, "timeout_seconds": timeout}
    return mailer(Settings.model_validate({"environment": "test", "mail": mail}))


def test_an_accepted_mail_has_the_providers_id(provider: Provider) -> None:
    provider.headers = {"X-Message-Id": "msg-1"}

    assert _mailer(provider.url).send(MESSAGE) == "msg-1"


def test_the_provider_gets_one_mail_without_tracking(provider: Provider) -> None:
    _mailer(provider.url).send(MESSAGE)

    [request] = provider.requests
    assert (request.path, request.key) == ("/v3/mail/send", "Bearer SG.key")
    body = request.body
    assert body["personalizations"] == [{"to": [{"email": "jane.doe@example.com"}]}]
    assert body["from"] == {"email": "reports@example.com", "name": "Weekly reports"}
    assert body["headers"] == MESSAGE.headers
    assert body["custom_args"] == {"jobId": "job_1"}
    tracking = body["tracking_settings"]
    assert {name: setting["enable"] for name, setting in tracking.items()} == {
        "click_tracking": False,
        "open_tracking": False,
        "subscription_tracking": False,
    }


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, MailRefused),
        (413, MailRefused),
        (401, ProviderRefusesUs),
        (403, ProviderRefusesUs),
        (404, ProviderRefusesUs),
        (307, ProviderRefusesUs),
        (429, ProviderBusy),
        (500, MailNotTaken),
        (503, MailNotTaken),
        (502, MailOutcomeUnknown),
        (504, MailOutcomeUnknown),
        (200, MailOutcomeUnknown),
    ],
)
def test_each_answer_says_whether_the_mail_was_taken(
    provider: Provider, status: int, expected: type[Exception]
) -> None:
    provider.status = status
    provider.body = b'{"errors": [{"message": "jane.doe@example.com", "field": 3}]}'

    with pytest.raises(expected) as caught:
        _mailer(provider.url).send(MESSAGE)

    assert type(caught.value) is expected
    assert status == 429 or str(status) in str(caught.value)
    assert "jane" not in str(caught.value)
    assert len(provider.requests) == 1


@pytest.mark.parametrize(
    "behaviour", ["hang", "reset_before_reading", "stop_in_answer"]
)
def test_a_mail_without_an_answer_is_never_called_unsent(
    provider: Provider, behaviour: Behaviour
) -> None:
    provider.behaviour = behaviour

    with pytest.raises(MailOutcomeUnknown):
        _mailer(provider.url).send(MESSAGE)


def test_a_mail_that_was_read_before_the_reset_is_never_called_unsent(
    provider: Provider,
) -> None:
    provider.behaviour = "reset_after_reading"

    with pytest.raises(MailOutcomeUnknown):
        _mailer(provider.url).send(MESSAGE)

    assert len(provider.requests) == 1


@pytest.fixture
def full_port() -> Iterator[int]:
    """Return a port whose queue of connections is full: connecting times out."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for client in waiting:
            client.setblocking(False)  # noqa: FBT003 - its only parameter
            client.connect_ex(("127.0.0.1", port))
        yield port
        for client in waiting:
            client.close()


def test_a_connect_time_out_proves_that_nothing_was_sent(full_port: int) -> None:
    with pytest.raises(MailNotTaken, match="mail_unreachable"):
        _mailer(f"http://127.0.0.1:{full_port}", timeout=0.2).send(MESSAGE)


@pytest.mark.parametrize("host", ["http://127.0.0.1:9", "http://mail.invalid"])
def test_a_refused_connection_or_unknown_name_proves_that_nothing_was_sent(
    host: str,
) -> None:
    with pytest.raises(MailNotTaken, match="mail_unreachable"):
        _mailer(host).send(MESSAGE)


def test_a_failed_handshake_proves_that_nothing_was_sent(provider: Provider) -> None:
    host = provider.url.replace("http://", "https://")

    with pytest.raises(MailNotTaken, match="mail_unreachable"):
        _mailer(host).send(MESSAGE)


def test_a_redirect_never_gets_the_key(provider: Provider) -> None:
    provider.status = 302
    provider.headers = {"Location": f"{provider.url}/elsewhere"}

    with pytest.raises(ProviderRefusesUs):
        _mailer(provider.url).send(MESSAGE)

    assert [request.path for request in provider.requests] == ["/v3/mail/send"]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "999999"}, 3600),
        ({"Retry-After": "soon"}, 60),
        (
            {
                "X-RateLimit-Reset": "1795435230",
                "Date": "Mon, 23 Nov 2026 12:00:00 GMT",
            },
            30,
        ),
        ({"X-RateLimit-Reset": "1795435230"}, 60),
        ({}, 60),
    ],
)
def test_a_busy_provider_says_how_long_to_wait(
    provider: Provider, headers: dict[str, str], seconds: float
) -> None:
    provider.status = 429
    provider.headers = headers

    with pytest.raises(ProviderBusy) as caught:
        _mailer(provider.url).send(MESSAGE)

    assert caught.value.retry_after == seconds


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b'{"errors": [{"field": "personalizations.0.to.0.email"}]}', True),
        (b'{"errors": [{"field": "jane.doe@example.com"}]}', False),
        (b'{"errors": []}', False),
        (b"<html>", False),
        (b"[]", False),
    ],
)
def test_operators_learn_which_field_was_refused(
    provider: Provider, body: bytes, named: bool
) -> None:
    provider.status = 400
    provider.body = body

    with pytest.raises(MailRefused) as caught:
        _mailer(provider.url).send(MESSAGE)

    field = "personalizations.0.to.0.email" if named else "unknown"
    assert f"field {field}" in str(caught.value)


def test_logs_hold_neither_key_nor_address(
    provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        _mailer(provider.url).send(MESSAGE)

    assert "SG.key" not in caplog.text
    assert "jane" not in caplog.text


@pytest.mark.parametrize("key", ["", " ", "SG.key\n", "SG.ké"])
def test_a_malformed_key_is_found_before_it_is_used(key: str) -> None:
    with pytest.raises(ConfigurationError, match="mail_key") as caught:
        _mailer("http://127.0.0.1:9", key)

    assert "SG" not in str(caught.value)


def test_development_writes_its_mail_to_files() -> None:
    settings = Settings.model_validate(
        {"environment": "test", "mail": {"mailer": "files"}}
    )

    assert isinstance(mailer(settings), FileMailer)
