import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from local_stack.mailbox.application import build_app
from local_stack.mailbox.courier import Webhook
from local_stack.mailbox.event_signing import new_signing_key
from local_stack.mailbox.fates import events_of
from local_stack.mailbox.messages import MessageStore

_KEY = "SG.test"
_REQUEST: dict[str, Any] = {
    "personalizations": [
        {"to": [{"email": "ada@example.org", "name": "Ada <b>Example</b>"}]},
        {"to": [{"email": "bob@example.org"}], "custom_args": {"job": "job_2"}},
    ],
    "from": {"email": "reports@study.example", "name": "Study reports"},
    "subject": "Ready <i>now</i>",
    "content": [
        {"type": "text/plain", "value": "Hello </pre><script>1</script>"},
        {"type": "text/html", "value": '<p title="x">Hello</p><script>1</script>'},
    ],
    "headers": {"List-Unsubscribe": "<https://study.example/u>"},
    "custom_args": {"job": "job_1"},
    "tracking_settings": {"click_tracking": {"enable": False}},
}


class Caller:
    """Calls the application without a server, with the right key."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        return asyncio.run(self._ask(method, path, **options))

    def send(self, **changes: Any) -> httpx.Response:
        return self.ask("POST", "/v3/mail/send", json=_REQUEST | changes)

    def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", "/messages").json()
        return found

    async def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        async with httpx.AsyncClient(
            base_url="http://mailbox",
            headers={"Authorization": f"Bearer {_KEY}"},
            transport=httpx.ASGITransport(self._app),
        ) as client:
            return await client.request(method, path, **options)


@pytest.fixture
def caller(tmp_path: Path) -> Caller:
    return Caller(build_app(_KEY, MessageStore(tmp_path)))


def test_an_accepted_mail_is_answered_as_sendgrid_does(caller: Caller) -> None:
    answer = caller.send()
    assert answer.status_code == 202
    assert answer.content == b""
    assert answer.headers["X-Message-Id"]


def test_each_recipient_gets_a_mail_with_what_was_meant_for_them(
    caller: Caller,
) -> None:
    request_id = caller.send().headers["X-Message-Id"]
    ada, bob = caller.messages()
    assert (ada["recipient"], bob["recipient"]) == (
        "ada@example.org",
        "bob@example.org",
    )
    assert (ada["custom_args"], bob["custom_args"]) == (
        {"job": "job_1"},
        {"job": "job_2"},
    )
    assert ada["request_id"] == bob["request_id"] == request_id
    assert ada["text"].startswith("Hello")
    assert ada["html"].startswith("<p")
    assert ada["settings"]["tracking_settings"]["click_tracking"]["enable"] is False


def test_mails_survive_a_restart(caller: Caller, tmp_path: Path) -> None:
    caller.send()
    before = caller.messages()
    again = Caller(build_app(_KEY, MessageStore(tmp_path)))
    assert again.messages() == before


def test_an_emptied_mailbox_stays_empty(caller: Caller, tmp_path: Path) -> None:
    caller.send()
    assert caller.ask("DELETE", "/messages").status_code == 204
    assert caller.messages() == []
    assert MessageStore(tmp_path).all() == []


def test_a_wrong_key_is_refused_before_anything_else(caller: Caller) -> None:
    answer = caller.ask(
        "POST",
        "/v3/mail/send",
        content=b"{",
        headers={"Authorization": "Bearer SG.other"},
    )
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["message"].startswith("The provided auth")


def test_another_media_type_is_refused(caller: Caller) -> None:
    assert caller.ask("POST", "/v3/mail/send", content=b"{}").status_code == 415


def test_a_request_of_thirty_megabytes_is_too_large(caller: Caller) -> None:
    large = "x" * (30 * 1024 * 1024)
    content = [{"type": "text/plain", "value": large}]
    assert caller.send(content=content).status_code == 413


def test_a_wrong_request_is_answered_in_sendgrids_form(caller: Caller) -> None:
    answer = caller.send(subject="")
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["field"] == "subject"
    assert error["message"]
    assert error["help"].startswith("http://sendgrid.com/")


def test_sandbox_mode_checks_and_sends_nothing(caller: Caller) -> None:
    sandbox = {"sandbox_mode": {"enable": True}}
    assert caller.send(mail_settings=sandbox).status_code == 200
    assert caller.messages() == []


@pytest.mark.parametrize("status", [400, 401, 403, 413, 429, 500, 502, 503, 504])
def test_it_can_be_told_to_answer_with_any_failure(caller: Caller, status: int) -> None:
    caller.ask("POST", "/control/rules", json={"fault": status, "times": 1})
    assert caller.send().status_code == status
    assert caller.messages() == []
    assert caller.send().status_code == 202


def test_too_many_requests_say_when_to_come_back(caller: Caller) -> None:
    caller.ask("POST", "/control/rules", json={"fault": 429, "retry_after": 5})
    answer = caller.send()
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert int(answer.headers["X-RateLimit-Reset"]) > 0


def test_a_rule_that_makes_no_sense_is_refused(caller: Caller) -> None:
    assert caller.ask("POST", "/control/rules", json={"fault": 418}).status_code == 400
    assert caller.ask("GET", "/control/rules").json() == []


def test_the_page_invites_before_the_first_mail(caller: Caller) -> None:
    assert "No mail yet" in caller.ask("GET", "/").text


def test_the_page_shows_mails_without_running_anything_in_them(
    caller: Caller,
) -> None:
    caller.send()
    for path in ("/", f"/mails/{caller.ask('GET', '/messages').json()[0]['id']}"):
        page = caller.ask("GET", path)
        assert "<script" not in page.text
        assert "Ada &lt;b&gt;Example" in page.text
        assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_the_page_says_when_mails_are_told_to_go_wrong(caller: Caller) -> None:
    caller.ask("POST", "/control/rules", json={"fault": "hang", "recipient": "a@b.org"})
    assert "Told to go wrong" in caller.ask("GET", "/").text


def test_a_mail_that_is_gone_leads_back_to_the_list(caller: Caller) -> None:
    page = caller.ask("GET", "/mails/unknown")
    assert page.status_code == 404
    assert "Back to the mailbox" in page.text


def test_the_page_shows_what_became_of_a_mail_and_whether_that_was_told(
    tmp_path: Path,
) -> None:
    webhook = Webhook("http://127.0.0.1:9/", new_signing_key())
    caller = Caller(build_app(_KEY, MessageStore(tmp_path), webhook))
    caller.send(personalizations=[{"to": [{"email": "bounces.a@example.org"}]}])
    before = caller.ask("GET", "/").text
    (mail,) = MessageStore(tmp_path).all()
    ids = "\n".join(event.id for event in events_of(mail))
    (tmp_path / "told.txt").write_text(ids)
    again = Caller(build_app(_KEY, MessageStore(tmp_path), webhook))
    after = again.ask("GET", "/").text

    assert before.count("the API does not know yet") == 2
    assert '<span class="fate problem">' not in before
    assert '<span class="fate problem">Bounced</span>' in after
    assert "the API does not know yet" not in after


def test_events_can_be_held_back_and_shuffled(tmp_path: Path) -> None:
    webhook = Webhook("http://127.0.0.1:9/", new_signing_key())
    caller = Caller(build_app(_KEY, MessageStore(tmp_path), webhook))
    caller.send()
    assert caller.ask("GET", "/control/events").json() == {"waiting": 4}
    assert caller.ask("POST", "/control/events/hold").status_code == 204
    shuffled = {"seed": 1, "copies": 3}
    answer = caller.ask("POST", "/control/events/shuffle", json=shuffled)
    assert answer.status_code == 204
    assert caller.ask("GET", "/control/events").json() == {"waiting": 12}
    nonsense = caller.ask("POST", "/control/events/shuffle", json={"copies": 0})
    assert nonsense.status_code == 400
    caller.ask("DELETE", "/messages")
    assert caller.ask("GET", "/control/events").json() == {"waiting": 0}


def test_where_nobody_listens_there_are_no_events(caller: Caller) -> None:
    caller.send()
    assert caller.ask("GET", "/control/events").status_code == 404
    assert "<dt>Events</dt>" not in caller.ask("GET", "/").text
