"""What people are told about themselves."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.builders import MONDAY_NOON, a_membership, a_study, a_user
from tests.integration.graphql_api.asking import ask
from tests.integration.graphql_api.client import ApiClient, Clock
from tests.integration.graphql_api.rows import Rows
from trial_reports.users.models import MailHistory, User

ME = """
{
  me {
    id name email emailVerified emailConsent mailProblem locale timeZone
    memberships { studyId siteId role since study { id title } }
  }
}
"""
PAST = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def _me(api: ApiClient, database: Rows, user: User) -> dict[str, Any]:
    database["users"].insert_one(user.to_row())
    told: dict[str, Any] = ask(api, user, ME)
    return told


def test_everybody_is_told_what_is_known_of_them(
    api: ApiClient, database: Rows
) -> None:
    database["studies"].insert_one(a_study().to_row())
    user = a_user(memberships=(a_membership(site_id="site_a"),), time_zone="Asia/Tokyo")

    assert _me(api, database, user) == {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "emailVerified": True,
        "emailConsent": True,
        "mailProblem": None,
        "locale": "en",
        "timeZone": "Asia/Tokyo",
        "memberships": [
            {
                "studyId": "stu_one",
                "siteId": "site_a",
                "role": "participant",
                "since": "2026-01-01T00:00:00Z",
                "study": {"id": "stu_one", "title": "A study of examples"},
            }
        ],
    }


def test_only_memberships_that_run_are_shown(
    api: ApiClient, database: Rows, clock: Clock
) -> None:
    user = a_user(
        memberships=(
            a_membership("stu_ended", until=PAST),
            a_membership("stu_coming", since=MONDAY_NOON + DAY),
            a_membership("stu_gone"),
            a_membership("*", role="operator"),
        )
    )

    told = _me(api, database, user)["memberships"]
    assert [place["studyId"] for place in told] == ["stu_gone", "*"]
    assert [place["study"] for place in told] == [None, None]

    clock.now += DAY
    told = ask(api, user, ME)["memberships"]
    assert [place["studyId"] for place in told] == ["stu_coming", "stu_gone", "*"]


@pytest.mark.parametrize(
    ("history", "problem"),
    [
        ({"mail_bounced": PAST}, "MAIL_BOUNCED"),
        ({"mail_complained": PAST, "mail_bounced": PAST}, "MAIL_COMPLAINED"),
        ({"mail_bounced": PAST, "delivered": PAST + DAY}, None),
        ({"mail_bounced": PAST + DAY, "delivered": PAST}, "MAIL_BOUNCED"),
    ],
)
def test_what_is_wrong_with_the_address_is_told_until_a_mail_arrives(
    api: ApiClient, database: Rows, history: dict[str, Any], problem: str | None
) -> None:
    user = a_user()
    known = {user.address_key: MailHistory(**history)}

    told = _me(api, database, user.model_copy(update={"mail_histories": known}))

    assert told["mailProblem"] == problem


def test_another_address_has_no_problem(api: ApiClient, database: Rows) -> None:
    old = a_user()
    known = {old.address_key: MailHistory(mail_bounced=PAST)}
    new = {"mail_histories": known, "email": "new@example.org"}

    assert _me(api, database, old.model_copy(update=new))["mailProblem"] is None


def test_what_is_not_confirmed_is_told(api: ApiClient, database: Rows) -> None:
    told = _me(api, database, a_user(email_verified_at=None, email_consent=False))

    assert (told["emailVerified"], told["emailConsent"]) == (False, False)
