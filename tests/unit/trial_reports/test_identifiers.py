"""Identifiers: safe in a URL, and saying nothing about anybody."""

import re

from hypothesis import given
from hypothesis import strategies as st

from trial_reports.identifiers import derived_id, fingerprint, new_id, new_token

PARTS = st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")))


def test_an_identifier_names_its_kind_and_is_safe_everywhere() -> None:
    assert re.fullmatch(r"sub_[a-z2-7]{16}", new_id("sub"))


def test_random_identifiers_and_tokens_do_not_repeat() -> None:
    assert len({new_id("usr") for _ in range(1000)}) == 1000
    assert len({new_token() for _ in range(1000)}) == 1000


def test_a_token_holds_256_bits_and_is_safe_in_a_url() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", new_token())


@given(PARTS, PARTS)
def test_the_same_parts_and_only_they_lead_to_an_identifier(
    one: list[str], other: list[str]
) -> None:
    same = derived_id("job", "sub", *one) == derived_id("job", "sub", *other)

    assert same == (one == other)


def test_parts_do_not_run_into_each_other() -> None:
    assert derived_id("job", "sub_a", "2026-W47") != derived_id("job", "sub_a2026-W47")


def test_a_derived_identifier_is_the_same_for_ever() -> None:
    # Jobs are stored under it: another algorithm would make every report anew.
    assert derived_id("job", "sub_one", "2026-W47") == "job_y6r3jxpiotjsxsit"


def test_a_fingerprint_does_not_show_what_it_was_taken_of() -> None:
    assert re.fullmatch("[0-9a-f]{64}", fingerprint("ada@example.org"))
    assert fingerprint("ada@example.org") != fingerprint("Ada@example.org")
