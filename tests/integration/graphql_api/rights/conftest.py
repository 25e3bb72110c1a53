"""The API, and people of every role who ask it."""

import pytest
from pydantic import SecretStr

from tests.builders import MONDAY_NOON
from tests.integration.graphql_api.client import KEY
from tests.integration.graphql_api.rights.world import World
from tests.integration.graphql_api.rows import Rows
from trial_reports.runs.models import Run
from trial_reports.runs.repository import Runs
from trial_reports.settings import Api, Settings


@pytest.fixture
def api_settings(settings: Settings) -> Settings:
    """An API that lets a person ask as often as a whole matrix does."""
    api = Api(development_key=SecretStr(KEY), caller_per_minute=100_000)
    return settings.model_copy(update={"api": api})


@pytest.fixture
def world(database: Rows) -> World:
    run = Run(id="run_one", as_of=MONDAY_NOON, reason="weekly", planned_at=MONDAY_NOON)
    Runs(database).open(run)
    return World(database)
