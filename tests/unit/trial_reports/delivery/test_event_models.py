"""What the provider tells is read item by item; what makes no sense stops nothing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_NOON, a_job
from tests.signed_events import an_event, as_body
from trial_reports.delivery.event_models import MailEvent, read_events

JOB = a_job()
ADDRESS = "canary@example.org"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def read(event: str, **changes: Any) -> MailEvent:
    (item,) = read_events(as_body(an_event(event, JOB, ADDRESS, **changes)))
    assert isinstance(item, MailEvent)
    return item


def test_an_event_says_which_mail_and_when() -> None:
    event = read("bounce", type="bounce", status="5.1.1")

    assert (event.job_id, event.send_no, event.at) == (JOB.id, 0, MONDAY_NOON)
    assert event.smtp_class == 5
    assert ADDRESS not in repr(event)


@pytest.mark.parametrize(
    ("event", "changes", "problem"),
    [
        ("bounce", {"type": "bounce"}, "mail_bounced"),
        ("bounce", {"type": "blocked"}, None),
        ("bounce", {}, None),
        ("dropped", {"reason": "Bounced Address"}, "mail_bounced"),
        ("dropped", {"reason": "Invalid"}, "mail_bounced"),
        ("dropped", {"reason": "Invalid SMTPAPI header"}, None),
        ("dropped", {"reason": "Spam Reporting Address"}, "mail_complained"),
        ("dropped", {"reason": "Recipient List over Package Quota"}, None),
        ("dropped", {"reason": None}, None),
        ("spamreport", {}, "mail_complained"),
        ("deferred", {"type": "bounce"}, None),
        ("delivered", {}, None),
    ],
)
def test_only_what_is_about_the_address_speaks_against_it(
    event: str, changes: dict[str, Any], problem: str | None
) -> None:
    assert read(event, **changes).problem == problem


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"event": "open"}, "ignored"),
        ({"event": "account_status_change"}, "ignored"),
        ({"event": 4}, "malformed"),
        ({"jobId": ADDRESS}, "malformed"),
        ({"jobId": None}, "malformed"),
        ({"sendNo": "first"}, "malformed"),
        ({"sendNo": "9" * 30}, "malformed"),
        ({"sg_event_id": ADDRESS}, "malformed"),
        ({"sg_event_id": "x" * 200}, "malformed"),
        ({"timestamp": "yesterday"}, "malformed"),
        ({"timestamp": 10**30}, "malformed"),
    ],
)
def test_one_item_that_makes_no_sense_leaves_the_others_alone(
    changes: dict[str, Any], outcome: str
) -> None:
    good = an_event("delivered", JOB, ADDRESS)

    first, wrong, last = read_events(as_body(good, good | changes, good))

    assert wrong == outcome
    assert isinstance(first, MailEvent)
    assert first == last


def test_other_mail_through_the_same_account_is_nothing_of_ours() -> None:
    theirs = an_event("delivered", JOB, ADDRESS)
    del theirs["jobId"]

    assert read_events(as_body(theirs)) == ["foreign"]


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"\xff", b"[" * 100_000, b'["\\ud800"]', b"[1,"]
)
def test_a_body_that_is_no_list_is_one_malformed_item(body: bytes) -> None:
    assert read_events(body) == ["malformed"]


@given(JSON)
def test_nothing_that_is_json_is_too_strange(strange: object) -> None:
    odd = an_event("bounce", JOB, ADDRESS, type=strange, reason=strange, status=strange)

    assert isinstance(read_events(as_body(odd | {"email": strange}))[0], MailEvent)
    assert "malformed" in {*map(str, read_events(json.dumps([strange]).encode()))}
