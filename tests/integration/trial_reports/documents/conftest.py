"""One database for all of these tests: each has people of its own in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from trial_reports import clients
from trial_reports.identifiers import new_id


@pytest.fixture(scope="module")
def database(mongo: MongoClient[dict[str, Any]]) -> Iterator[Database[dict[str, Any]]]:
    own = clients.with_guarantees(mongo, new_id("test"))
    yield own
    mongo.drop_database(own.name)
