"""Following a job while MongoDB is away for a moment."""

import time
from collections.abc import Callable, Iterator

import pytest
from pymongo.uri_parser import parse_uri

from tests.integration.graphql_api.commands import Commands
from tests.integration.graphql_api.following.mongo_proxy import MongoProxy, mongo_proxy
from tests.integration.graphql_api.live import LiveApi
from tests.integration.graphql_api.rows import Rows
from trial_reports.jobs.models import Job
from trial_reports.settings import Settings
from trial_reports.users.models import User


@pytest.fixture
def proxy(settings: Settings) -> Iterator[MongoProxy]:
    ((host, port),) = parse_uri(settings.mongo.uri.get_secret_value())["nodelist"]
    with mongo_proxy(host, port) as proxy:
        yield proxy


@pytest.fixture
def mongo_address(proxy: MongoProxy) -> str:
    patience = "serverSelectionTimeoutMS=200&timeoutMS=400"
    return f"mongodb://{proxy.address}/?directConnection=true&{patience}"


def _wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_changes_while_the_database_is_away_is_told_afterwards(
    live: LiveApi,
    database: Rows,
    participant: User,
    waiting: Job,
    proxy: MongoProxy,
    commands: Commands,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with live.signed_in(participant) as socket:
        socket.follow(waiting.id)
        assert socket.told()["status"] == "PENDING"
        _wait_for(lambda: commands.counts["find report_jobs"] >= 5)

        proxy.go_away()
        _wait_for(lambda: "failed" in caplog.text)
        database["report_jobs"].update_one({}, {"$set": {"status": "completed"}})
        proxy.come_back()

        assert socket.told()["status"] == "COMPLETED"
        assert socket.is_complete()


def test_who_begins_to_follow_meanwhile_is_told_once_it_is_back(
    live: LiveApi,
    participant: User,
    waiting: Job,
    proxy: MongoProxy,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with live.signed_in(participant) as socket:
        proxy.go_away()
        socket.follow(waiting.id)
        _wait_for(lambda: "graphql_api.jobs.following" in caplog.text)
        proxy.come_back()

        assert socket.told()["status"] == "PENDING"
