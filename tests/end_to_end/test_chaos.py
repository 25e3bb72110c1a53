"""One short storm over the real Airflow; `make chaos` makes long ones."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.chaos.plan import plan_storm
from tests.chaos.running import running_storms

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(600)]

SUBSCRIPTIONS = 8
SECONDS = 40
SEED = 167  # a run cleared, mongod killed, storage, mail and its events in trouble
PATIENCE = 240


@pytest.fixture
def data() -> Iterator[Path]:
    """Make a folder that PostgreSQL can enter as another account: we may be root."""
    with TemporaryDirectory(prefix="chaos-") as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path


def test_a_storm_breaks_no_promise(data: Path) -> None:
    happened: list[str] = []
    with running_storms(data, "test", PATIENCE, happened.append) as storms:
        result = storms.run(plan_storm(SEED, SUBSCRIPTIONS, SECONDS))
    assert len(happened) == len(result.blows)
    assert result.violations == [], happened
    assert sum(result.statuses.values()) == SUBSCRIPTIONS
    assert result.mails == result.statuses["completed"]
