import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_stack.mailbox.answers import Problem
from local_stack.mailbox.validation import Refused, parse_mail

_NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def a_request(**changes: Any) -> dict[str, Any]:
    request = {
        "personalizations": [{"to": [{"email": "ada@example.org"}]}],
        "from": {"email": "reports@study.example"},
        "subject": "Your weekly report is ready",
        "content": [
            {"type": "text/plain", "value": "Hello"},
            {"type": "text/html", "value": "<p>Hello</p>"},
        ],
    }
    return {name: v for name, v in (request | changes).items() if v is not None}


def problems_of(request: object) -> list[Problem]:
    try:
        parse_mail(json.dumps(request).encode(), _NOW)
    except Refused as refused:
        return refused.problems
    return []


def to(*addresses: str) -> list[dict[str, str]]:
    return [{"email": address} for address in addresses]


def test_an_ordinary_mail_is_accepted() -> None:
    assert problems_of(a_request()) == []


def test_everything_that_sendgrid_documents_is_accepted() -> None:
    full = a_request(
        personalizations=[
            {
                "to": [{"email": "ada@example.org", "name": "Ada"}],
                "cc": to("bob@example.org"),
                "bcc": to("eve@example.org"),
                "subject": "Another subject",
                "headers": {"X-Own": "yes"},
                "custom_args": {"job": "job_1"},
                "send_at": int(_NOW.timestamp()),
            }
        ],
        reply_to={"email": "team@study.example", "name": "Team"},
        attachments=[{"content": "aGVsbG8=", "filename": "a.txt"}],
        headers={"List-Unsubscribe": "<https://study.example/u>"},
        categories=["weekly-report"],
        custom_args={"study": "stu_1"},
        asm={"group_id": 1},
        mail_settings={"sandbox_mode": {"enable": False}},
        tracking_settings={
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
            "ganalytics": {"enable": False},
        },
    )
    assert problems_of(full) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"personalizations": None}, "personalizations"),
        ({"personalizations": []}, "personalizations"),
        ({"personalizations": [{}]}, "personalizations.0.to"),
        ({"personalizations": [{"to": []}]}, "personalizations.0.to"),
        (
            {"personalizations": [{"to": to("no address")}]},
            "personalizations.0.to.0.email",
        ),
        (
            {"personalizations": [{"to": to("a@b.org"), "cc": to("A@B.org")}]},
            "personalizations.0",
        ),
        ({"from": None}, "from"),
        ({"from": {"email": "nobody"}}, "from.email"),
        ({"subject": None}, "subject"),
        ({"subject": ""}, "subject"),
        ({"content": None}, "content"),
        ({"content": []}, "content"),
        ({"content": [{"type": "text/plain", "value": ""}]}, "content.0.value"),
        ({"content": [{"type": "", "value": "x"}]}, "content.0.type"),
        ({"custom_args": {"job": 7}}, "custom_args.job"),
        ({"custom_args": {"job": "x" * 10_000}}, "custom_args"),
        ({"headers": {"Reply-To": "x@example.org"}}, "headers"),
        ({"headers": {"DKIM-Signature": "x"}}, "headers"),
        ({"headers": {"X-Own": "a\r\nBcc: eve@example.org"}}, "headers.X-Own"),
        ({"categories": ["a", "a"]}, "categories"),
        ({"categories": [str(n) for n in range(11)]}, "categories"),
        ({"categories": ["x" * 256]}, "categories.0"),
        (
            {"attachments": [{"content": "?", "filename": "a"}]},
            "attachments.0.content",
        ),
        ({"attachments": [{"content": "aGk="}]}, "attachments.0.filename"),
        (
            {"tracking_settings": {"click_tracking": {"enable": "no"}}},
            "tracking_settings.click_tracking.enable",
        ),
        (
            {"mail_settings": {"sandbox_mode": {}}},
            "mail_settings.sandbox_mode.enable",
        ),
        ({"mail_settings": {"unheard_of": {}}}, "mail_settings.unheard_of"),
        ({"subjekt": "typing error"}, "subjekt"),
        (
            {"reply_to": to("a@b.org")[0], "reply_to_list": to("c@b.org")},
            "reply_to",
        ),
        ({"send_at": int((_NOW + timedelta(hours=73)).timestamp())}, "send_at"),
    ],
)
def test_what_sendgrid_refuses_is_refused_with_the_field(
    changes: dict[str, Any], field: str
) -> None:
    assert field in [problem.field for problem in problems_of(a_request(**changes))]


def test_html_before_plain_text_is_refused() -> None:
    html = {"type": "text/html", "value": "<p>Hello</p>"}
    plain = {"type": "text/plain", "value": "Hello"}
    assert problems_of(a_request(content=[html, plain]))
    assert problems_of(a_request(content=[plain, plain]))
    assert not problems_of(a_request(content=[html]))


def test_the_same_address_may_appear_in_different_personalizations() -> None:
    twice = [{"to": to("a@b.org")}, {"to": to("a@b.org")}]
    assert problems_of(a_request(personalizations=twice)) == []


def test_more_than_a_thousand_recipients_are_refused() -> None:
    def request(count: int) -> dict[str, Any]:
        people = to(*(f"p{n}@example.org" for n in range(count)))
        return a_request(personalizations=[{"to": people}])

    assert problems_of(request(1000)) == []
    assert problems_of(request(1001))


def test_every_problem_is_named_at_once() -> None:
    fields = {p.field for p in problems_of(a_request(subject="", content=[]))}
    assert fields == {"subject", "content"}


@given(st.binary(max_size=200))
def test_no_body_whatever_breaks_the_stand_in(body: bytes) -> None:
    with pytest.raises(Refused):
        parse_mail(body, _NOW)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.sampled_from(sorted(a_request())), _JSON)
def test_a_field_of_any_shape_is_taken_or_refused_with_words(
    field: str, value: object
) -> None:
    assert all(problem.message for problem in problems_of(a_request(**{field: value})))
