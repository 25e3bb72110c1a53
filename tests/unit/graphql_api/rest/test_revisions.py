"""Only a tag that we gave out names a revision."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.rest.revisions import NO_REVISION, entity_tag, expected_revision
from tests.builders import a_subscription, a_user


@given(st.integers(min_value=1, max_value=999_999_999))
def test_a_tag_leads_back_to_its_revision(revision: int) -> None:
    tag = entity_tag(a_subscription(a_user(), revision=revision))

    assert expected_revision(tag) == revision
    assert expected_revision(f" {tag} ") == revision
    assert expected_revision(f"W/{tag}") == NO_REVISION


@pytest.mark.parametrize("anything", [None, "*", " * "])
def test_without_a_tag_any_revision_will_do(anything: str | None) -> None:
    assert expected_revision(anything) is None


@given(st.text())
def test_no_other_text_names_a_revision(text: str) -> None:
    named = expected_revision(text)

    if named not in (None, NO_REVISION):
        assert text.strip() == f'"{named}"'
