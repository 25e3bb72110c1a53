"""The contract's routes, and somebody who asks them."""

import pytest

from tests.integration.graphql_api.client import ApiClient
from tests.integration.graphql_api.rest.person import Person
from trial_reports.users.models import User


@pytest.fixture
def person(api: ApiClient, participant: User) -> Person:
    return Person(api, participant)
