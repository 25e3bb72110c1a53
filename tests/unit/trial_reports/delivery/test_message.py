"""What a reader finds in the mail, and what nobody else finds in it."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from trial_reports.delivery.message import EmailMessage, MessageWriter
from trial_reports.errors import PermanentError
from trial_reports.settings import Mail

TEMPLATES = Path(__file__).parents[4] / "templates"
LINK = "https://reports.example.com/r/Zk3-token_1"
UNSUBSCRIBE = "https://reports.example.com/u/Qx9-token_2"


def _report_ready(
    templates: Path = TEMPLATES,
    locale: str = "en",
    link: str = LINK,
    recipient: str = "participant@example.com",
    ids: dict[str, str] | None = None,
) -> EmailMessage:
    writer = MessageWriter(templates, Mail(sender="reports@example.com"))
    return writer.report_ready(
        recipient=recipient,
        link_url=link,
        unsubscribe_url=UNSUBSCRIBE,
        expires_on=date(2027, 2, 1),
        ids=ids or {"jobId": "job_4m5tqk2rwd3xevca"},
        locale=locale,
    )


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.tags: set[str] = set()
        self.texts: list[str] = []
        self._href: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "a":
            self._href = dict(attrs)["href"]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._href is not None:
            self.links[data] = self._href
            self._href = None

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def test_the_subject_is_one_neutral_line() -> None:
    assert _report_ready().subject == "Your weekly report is ready"


def test_both_bodies_lead_to_the_report_and_to_unsubscribing() -> None:
    message = _report_ready()
    page = _Page(message.html)

    assert page.links["Open your report"] == LINK
    assert page.links["Unsubscribe"] == UNSUBSCRIBE
    assert LINK in message.text
    assert UNSUBSCRIBE in message.text


def test_both_bodies_say_why_they_came_and_when_the_link_ends() -> None:
    message = _report_ready()

    for text in (message.text, _Page(message.html).text):
        assert "because you subscribed" in text
        assert "1 February 2027" in " ".join(text.split())


def test_mail_programs_can_unsubscribe_with_one_click() -> None:
    headers = _report_ready().headers

    assert headers["List-Unsubscribe"] == f"<{UNSUBSCRIBE}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_nothing_is_loaded_when_the_mail_is_opened() -> None:
    page = _report_ready().html

    assert not _Page(page).tags & {"img", "link", "script", "iframe", "object"}
    assert "url(" not in page
    assert set(re.findall(r"https?://[^\s\"'<]+", page)) == {LINK, UNSUBSCRIBE}


def test_the_readers_address_stays_on_the_envelope() -> None:
    message = _report_ready(recipient="jane.doe@example.com")

    for text in (message.text, message.html, str(message.headers), repr(message)):
        assert "jane" not in text


def test_a_link_cannot_break_out_of_the_page() -> None:
    message = _report_ready(link='https://x.example/?a=1&b="><script>')

    assert "script" not in _Page(message.html).tags


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "nobody",
        "a@b@c.example",
        "Jane <jane@example.com>",
        "jane@example.com, other@example.com",
        "jane@example.com\r\nBcc: other@example.com",
    ],
)
def test_a_malformed_address_fails_that_report_only(recipient: str) -> None:
    with pytest.raises(PermanentError) as caught:
        _report_ready(recipient=recipient)

    assert caught.value.code == "address_malformed"
    assert "jane" not in str(caught.value)


def test_the_provider_gets_ids_and_nothing_about_a_person() -> None:
    with pytest.raises(ValueError, match="ids only"):
        _report_ready(ids={"jobId": "jane.doe@example.com"})


@pytest.mark.parametrize(
    ("locale", "subject"),
    [
        ("de-AT", "Ihr Wochenbericht ist da"),
        ("de", "Ihr Wochenbericht ist da"),
        ("fr", "Your weekly report is ready"),
        ("../../etc", "Your weekly report is ready"),
    ],
)
def test_a_language_with_its_own_templates_is_used(
    tmp_path: Path, locale: str, subject: str
) -> None:
    english = tmp_path / "email" / "report_ready"
    (english / "de").mkdir(parents=True)
    for part in ("subject.txt.j2", "body.txt.j2", "body.html.j2"):
        (english / part).write_text("Your weekly report is ready\n")
        (english / "de" / part).write_text("Ihr Wochenbericht ist da\n")

    assert _report_ready(tmp_path, locale).subject == subject
