"""Lists come page by page, the newest first, whatever arrives meanwhile."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MONDAY_NOON, a_job, a_membership, a_study, a_user
from tests.builders import a_subscription as of
from tests.integration.graphql_api.asking import ask, ids_of
from tests.integration.graphql_api.client import ApiClient
from tests.integration.graphql_api.rows import Rows
from trial_reports.identifiers import new_id
from trial_reports.jobs.models import JobError, OpenDeadLetter
from trial_reports.runs.models import Run
from trial_reports.users.models import User

MINUTE = timedelta(minutes=1)
LISTS = ("subscriptions", "jobs", "deadLetters", "runs")
COLLECTIONS = {"subscriptions": "subscriptions", "runs": "runs"}


@pytest.fixture
def operator(database: Rows) -> User:
    """Somebody who sees every list."""
    user = a_user(memberships=(a_membership("*", role="operator"),))
    database["users"].insert_one(user.to_row())
    database["studies"].insert_one(a_study().to_row())
    return user


def _row(name: str, minutes: int) -> tuple[str, dict[str, Any]]:
    """Return the id by which a list names a row, and the row."""
    at = MONDAY_NOON + minutes * MINUTE
    if name == "subscriptions":
        row = of(a_user(), created_at=at).to_row()
        return row["_id"], row
    if name == "runs":
        run = Run(id=new_id("run"), as_of=at, reason="weekly", planned_at=at)
        return run.id, run.to_row()
    if name == "jobs":
        row = a_job(created_at=at).to_row()
        return row["_id"], row
    letter = OpenDeadLetter(id=new_id("dl"), stage="fetch", failed_at=at)
    error = JobError(code="broken", message="It broke.")
    failed = a_job(created_at=at, status="failed", dead_letter=letter, error=error)
    return letter.id, failed.to_row()


def _add(database: Rows, name: str, *minutes: int) -> list[str]:
    """Store rows that were made at these minutes, and return their ids."""
    made = [_row(name, minute) for minute in minutes]
    collection = database[COLLECTIONS.get(name, "report_jobs")]
    collection.insert_many([row for _, row in made])
    return [id_ for id_, _ in made]


def _page(
    api: ApiClient,
    user: User,
    name: str,
    first: int | None = None,
    after: str | None = None,
) -> dict[str, Any]:
    arguments = "" if first is None else "(first: $first, after: $after)"
    declared = "" if first is None else "($first: Int!, $after: String)"
    query = f"""
      query {declared} {{
        {name}{arguments} {{
          edges {{ cursor node {{ id }} }}
          pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
        }}
      }}
    """
    variables = {} if first is None else {"first": first, "after": after}
    page: dict[str, Any] = ask(api, user, query, **variables)
    return page


@pytest.mark.parametrize("name", LISTS)
def test_pages_follow_each_other_the_newest_first_while_rows_arrive(
    api: ApiClient, database: Rows, operator: User, name: str
) -> None:
    oldest_first = _add(database, name, *range(5))

    page = _page(api, operator, name, 2)
    pages = [page]
    while page["pageInfo"]["hasNextPage"]:
        _add(database, name, 10)
        page = _page(api, operator, name, 2, page["pageInfo"]["endCursor"])
        pages.append(page)

    assert [ids_of(page) for page in pages] == [
        oldest_first[:2:-1],
        oldest_first[2:0:-1],
        oldest_first[:1],
    ]
    assert [page["pageInfo"]["hasPreviousPage"] for page in pages] == [
        False,
        True,
        True,
    ]
    for page in pages:
        cursors = [edge["cursor"] for edge in page["edges"]]
        assert page["pageInfo"]["startCursor"] == cursors[0]
        assert page["pageInfo"]["endCursor"] == cursors[-1]


@pytest.mark.parametrize("name", LISTS)
def test_rows_of_the_same_moment_are_each_shown_once(
    api: ApiClient, database: Rows, operator: User, name: str
) -> None:
    stored = _add(database, name, *[0] * 7)

    found, after = [], None
    for _ in range(3):
        page = _page(api, operator, name, 3, after)
        found += ids_of(page)
        after = page["pageInfo"]["endCursor"]

    assert sorted(found) == sorted(stored)


@pytest.mark.parametrize("name", LISTS)
def test_twenty_come_unless_more_are_asked_for_and_fifty_at_most(
    api: ApiClient, database: Rows, operator: User, name: str
) -> None:
    _add(database, name, *range(51))

    assert len(_page(api, operator, name)["edges"]) == 20
    assert len(_page(api, operator, name, 50)["edges"]) == 50


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_is_a_page_without_edges(
    api: ApiClient, operator: User, name: str
) -> None:
    assert _page(api, operator, name) == {
        "edges": [],
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": False,
            "startCursor": None,
            "endCursor": None,
        },
    }


@pytest.mark.parametrize("arguments", ["first: 0", "first: 51", "first: -1"])
@pytest.mark.parametrize("name", LISTS)
def test_a_page_of_another_size_is_a_wrong_argument(
    api: ApiClient, operator: User, name: str, arguments: str
) -> None:
    _assert_wrong(api, operator, name, arguments, "`first` must be between 1 and 50.")


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_that_leads_nowhere_is_a_wrong_argument(
    api: ApiClient, operator: User, name: str
) -> None:
    _assert_wrong(api, operator, name, 'after: "none"', "There is no such page.")


@pytest.mark.parametrize("name", ["subscriptions", "jobs"])
def test_what_one_may_not_see_is_no_cursor(
    api: ApiClient, database: Rows, participant: User, name: str
) -> None:
    (foreign,) = _add(database, name, 0)

    _assert_wrong(
        api, participant, name, f'after: "{foreign}"', "There is no such page."
    )


def _assert_wrong(
    api: ApiClient, user: User, name: str, arguments: str, message: str
) -> None:
    answer = api.graphql(user, f"{{ {name}({arguments}) {{ edges {{ cursor }} }} }}")

    assert answer["data"] is None
    (error,) = answer["errors"]
    assert (error["message"], error["path"]) == (message, [name])
    assert error["extensions"]["code"] == "WRONG_ARGUMENT"
