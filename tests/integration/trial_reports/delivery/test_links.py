"""The link in the mail: found by its token alone, which is kept nowhere."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON
from trial_reports.delivery.links import Links

ADDRESS = "ada@example.org"
VALID = timedelta(days=90)


@pytest.fixture
def links(database: Database[dict[str, Any]]) -> Links:
    return Links(database)


def test_a_link_is_found_by_its_token_and_by_nothing_else(links: Links) -> None:
    token, minted = links.mint("job_one", "usr_one", ADDRESS, MONDAY_NOON, VALID)

    found = links.find(token)

    assert found == minted
    assert (found.job_id, found.user_id) == ("job_one", "usr_one")
    assert found.expires_at == MONDAY_NOON + VALID
    assert [links.find(t) for t in (token[:-1], token.swapcase(), minted.id, "")] == [
        None,
        None,
        None,
        None,
    ]


def test_who_reads_the_database_can_open_no_report_and_learns_no_address(
    links: Links, database: Database[dict[str, Any]]
) -> None:
    token, _ = links.mint("job_one", "usr_one", ADDRESS, MONDAY_NOON, VALID)

    stored = str(list(database["links"].find()))

    assert token not in stored
    assert ADDRESS not in stored


def test_every_mail_has_a_link_of_its_own(links: Links) -> None:
    one, _ = links.mint("job_one", "usr_one", ADDRESS, MONDAY_NOON, VALID)
    two, _ = links.mint("job_one", "usr_one", ADDRESS, MONDAY_NOON, VALID)

    assert one != two


def test_openings_are_noted_up_to_a_number(links: Links) -> None:
    token, link = links.mint("job_one", "usr_one", ADDRESS, MONDAY_NOON, VALID)
    moments = [MONDAY_NOON + timedelta(seconds=n) for n in range(120)]

    assert all(links.record_opening(link, moment) for moment in moments)

    found = links.find(token)
    assert found is not None
    assert list(found.opened) == moments[:100]


def test_a_revoked_link_notes_no_more_openings(
    links: Links, database: Database[dict[str, Any]]
) -> None:
    token, link = links.mint("job_one", "usr_one", ADDRESS, MONDAY_NOON, VALID)
    database["links"].update_one({"_id": link.id}, {"$set": {"revokedAt": MONDAY_NOON}})

    assert not links.record_opening(link, MONDAY_NOON)

    found = links.find(token)
    assert found is not None
    assert (found.revoked_at, found.opened) == (MONDAY_NOON, ())
