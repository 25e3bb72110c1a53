"""Who may open a socket, for how long, and what may go over it."""

from datetime import timedelta

import pytest
from websockets.exceptions import InvalidStatus

from tests.integration.graphql_api.live import LiveApi, token_of
from tests.integration.graphql_api.rows import Rows, everything_in
from trial_reports.jobs.models import Job
from trial_reports.users.models import User

MUTATION = """
mutation { createSubscription(input: {studyId: "stu_one"}) { __typename } }
"""


@pytest.mark.parametrize("token", [None, "", "x.y.z"])
@pytest.mark.usefixtures("participant")
def test_without_a_good_token_the_socket_is_closed(
    live: LiveApi, token: str | None
) -> None:
    with live.open() as socket:
        socket.sign_in(token)
        assert socket.close_code() == 4403


def test_a_token_that_has_expired_opens_nothing(
    live: LiveApi, participant: User
) -> None:
    with live.open() as socket:
        socket.sign_in(token_of(participant, valid=timedelta(seconds=-60)))
        assert socket.close_code() == 4403


def test_who_asks_before_signing_in_is_shown_out(live: LiveApi, waiting: Job) -> None:
    with live.open() as socket:
        socket.follow(waiting.id)
        assert socket.close_code() == 4401


def test_a_socket_ends_with_the_token_that_opened_it(
    live: LiveApi, participant: User, waiting: Job
) -> None:
    with live.open() as socket:
        socket.sign_in(token_of(participant, valid=timedelta(seconds=6)))
        assert socket.receive() == {"type": "connection_ack"}
        socket.follow(waiting.id)
        assert socket.told()["status"] == "PENDING"

        assert socket.close_code() == 4401
    live.until_nobody_follows()


@pytest.mark.parametrize(
    ("operation", "kind"), [("{ me { id } }", "queries"), (MUTATION, "mutations")]
)
def test_a_socket_is_for_following_only(
    live: LiveApi,
    database: Rows,
    participant: User,
    caplog: pytest.LogCaptureFixture,
    operation: str,
    kind: str,
) -> None:
    before = everything_in(database)

    with live.signed_in(participant) as socket:
        socket.ask(operation)
        refused = socket.receive()

    assert refused["type"] == "error"
    assert refused["payload"] == [{"message": f"{kind} are not allowed"}]
    assert everything_in(database) == before
    assert "failed" not in caplog.text


def test_a_page_of_another_origin_opens_no_socket(live: LiveApi) -> None:
    with (
        pytest.raises(InvalidStatus) as refused,
        live.open(origin="https://evil.example"),
    ):
        pass

    assert refused.value.response.status_code == 403


def test_a_socket_follows_ten_jobs_at_most(
    live: LiveApi, participant: User, waiting: Job
) -> None:
    with live.signed_in(participant) as socket:
        for name in range(10):
            socket.follow(waiting.id, str(name))
            socket.told()

        socket.follow(waiting.id, "one more")

        refused = socket.receive()
        assert (refused["type"], refused["id"]) == ("error", "one more")
