"""GraphQL over HTTP: requests, and the status and media type they are answered with.

The table holds what the specification and the audits of `graphql-http` ask of a
server; `make audit` runs the audits themselves, where npm is.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import product
from typing import Any

import httpx
from pymongo.database import Database

from tests.integration.graphql_api.client import TOKENS, ApiClient
from trial_reports.users.models import User

JSON = "application/json"
RESPONSE = "application/graphql-response+json"
PROBLEM = "application/problem+json"
NAME = "{ __typename }"
TWO = "query One { __typename } query Two { me { id } }"


def _ask(
    api: ApiClient, user: User, body: object, **headers: str | None
) -> httpx.Response:
    token = TOKENS.issue(user.id, datetime.now(UTC))
    sent = {"Authorization": f"Bearer {token}", "Content-Type": JSON} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return api.post(
        "/graphql",
        content=content,
        headers={name: value for name, value in sent.items() if value is not None},
    )


def _assert_a_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.json()["code"] == code


def test_an_answer_comes_in_the_media_type_that_the_client_prefers(
    api: ApiClient, participant: User
) -> None:
    for accept, given in (
        ("*/*", JSON),
        (JSON, JSON),
        (RESPONSE, RESPONSE),
        (f"{JSON};q=0.1, */*", RESPONSE),
    ):
        answer = _ask(api, participant, {"query": NAME}, Accept=accept)

        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == f"{given}; charset=utf-8"
        assert answer.json() == {"data": {"__typename": "Query"}}


def test_a_client_that_takes_neither_is_told_before_anything_happens(
    api: ApiClient, participant: User
) -> None:
    query = (
        'mutation { createSubscription(input: {studyId: "stu_one"}) { __typename } }'
    )
    answer = _ask(api, participant, {"query": query}, Accept="text/html")

    _assert_a_problem(answer, 406, "not_acceptable")
    assert RESPONSE in answer.json()["detail"]
    found = api.graphql(participant, "{ subscriptions { edges { cursor } } }")
    assert found["data"]["subscriptions"]["edges"] == []


WELL_FORMED: tuple[object, ...] = (
    {"query": NAME, "operationName": None, "variables": None, "extensions": None},
    {"query": NAME, "variables": {}, "extensions": {"some": "value"}},
    {"query": "query Q { __typename }", "operationName": "Q"},
    {"query": TWO, "operationName": "One"},
    {"query": "query Q($n: ID!) { node(id: $n) { id } }", "variables": {"n": "x"}},
    {"query": NAME, "of another edition": True},
    b'{"query": "{ __typename # \xf0\x9f\x8f\x83 \\n }"}',
)


def test_well_formed_requests_are_carried_out(
    api: ApiClient, participant: User
) -> None:
    for body, accept in product(WELL_FORMED, (JSON, RESPONSE)):
        answer = _ask(api, participant, body, Accept=accept)

        assert answer.status_code == 200, body
        assert "errors" not in answer.json(), body


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"query": "{"}, "Syntax Error"),
    ({"query": "{ nothingOfThatName }"}, "nothingOfThatName"),
    ({"query": NAME, "operationName": "Other"}, "no operation of that name"),
    ({"query": "fragment F on Query { __typename }"}, "no operation"),
    ({"query": TWO}, "operationName"),
    ({"query": "query Q($n: ID!) { node(id: $n) { id } }"}, "$n"),
    (
        {
            "query": "query Q($n: Int!) { jobs(first: $n) { edges { cursor } } }",
            "variables": {"n": 1 << 40},
        },
        "$n",
    ),
    ({"query": 'subscription { jobStatus(jobId: "x") { __typename } }'}, "sockets"),
    ({"query": "{" + "a{" * 480}, "nested too deeply"),
    ({"query": "{ me(a: " + "[" * 900}, "nested too deeply"),
)


def test_the_status_tells_those_who_look_at_it_that_nothing_was_carried_out(
    api: ApiClient, participant: User
) -> None:
    for body, complaint in REFUSED * 2:  # the second time from the caches
        modern = _ask(api, participant, body, Accept=RESPONSE)
        legacy = _ask(api, participant, body, Accept=JSON)

        assert (modern.status_code, legacy.status_code) == (400, 200), body
        assert modern.headers["Content-Type"] == f"{RESPONSE}; charset=utf-8"
        assert modern.json() == legacy.json()
        assert list(modern.json()) == ["errors"]
        assert complaint in modern.json()["errors"][0]["message"]


def test_an_operation_that_was_carried_out_in_part_is_a_success(
    api: ApiClient,
    participant: User,
    database: Database[dict[str, Any]],
) -> None:
    broken = {"_id": "job_broken", "userId": participant.id, "status": "pending"}
    database["report_jobs"].insert_one(broken)
    query = '{ me { id } node(id: "job_broken") { id } }'
    answer = _ask(api, participant, {"query": query}, Accept=RESPONSE)

    assert answer.status_code == 200
    assert answer.json()["data"] == {"me": {"id": participant.id}, "node": None}
    assert answer.json()["errors"][0]["extensions"]["code"] == "INTERNAL_ERROR"


def _wrong(name: str, values: Sequence[object]) -> list[object]:
    return [{"query": NAME, name: value} for value in values]


MALFORMED: tuple[object, ...] = (
    b"",
    b'{ "not a JSON',
    b"null",
    b"[" * 30_000,
    b'{"query": "{ \xff }"}',
    b'{"query": "{ \\ud800 }"}',
    b'{"query": "{ me }", "variables": {"n": ' + b"1" * 5000 + b"}}",
    '{"query": "{ __typename }"}'.encode("utf-16"),
    [{"query": NAME}],
    {"qeury": NAME},
    *_wrong("query", ["", None, {"obj": "ect"}, 0, False, ["array"]]),
    *_wrong("operationName", [{"obj": "ect"}, 0, False, ["array"]]),
    *_wrong("variables", ["string", 0, False, ["array"]]),
    *_wrong("extensions", ["string", 0, False, ["array"]]),
)


def test_what_is_no_request_of_graphql_is_a_problem(
    api: ApiClient, participant: User
) -> None:
    for body, accept in product(MALFORMED, (JSON, RESPONSE)):
        answer = _ask(api, participant, body, Accept=accept)

        _assert_a_problem(answer, 400, "invalid_request")


def test_what_is_not_sent_as_json_is_not_read(
    api: ApiClient, participant: User
) -> None:
    for media_type in (
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonp",
    ):
        answer = _ask(api, participant, {"query": NAME}, Content_Type=media_type)

        _assert_a_problem(answer, 415, "unsupported_media_type")
    for media_type in (f"{JSON}; charset=utf-8", "Application/JSON"):
        answer = _ask(api, participant, {"query": NAME}, Content_Type=media_type)

        assert answer.status_code == 200


def test_nothing_is_carried_out_by_get(api: ApiClient, participant: User) -> None:
    token = TOKENS.issue(participant.id, datetime.now(UTC))
    for query, accept in product(
        (NAME, "mutation { __typename }"), (JSON, RESPONSE, "*/*")
    ):
        answer = api.get(
            "/graphql",
            params={"query": query},
            headers={"Authorization": f"Bearer {token}", "Accept": accept},
        )

        _assert_a_problem(answer, 405, "method_not_allowed")
        assert answer.headers["Allow"] == "POST"
