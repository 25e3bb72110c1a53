"""The audits of the npm package `graphql-http`; `make audit` installs and runs them."""

import json
import os
import subprocess
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from graphql_api.app import create_app
from graphql_api.services import assemble
from tests.integration.graphql_api.client import TOKENS, Clock
from tests.integration.graphql_api.serving import serving
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.settings import Settings
from trial_reports.storage.storage import Storage
from trial_reports.users.models import User

SCRIPT = Path(__file__).parents[2] / "audit" / "audit.mjs"
BY_GET = {"5A70", "D6D5", "6A70"}
"""What only a server can do that carries out operations by GET, on purpose not ours."""


@pytest.mark.skipif(
    "AUDIT_FOLDER" not in os.environ, reason="needs npm: use `make audit`"
)
def test_no_audit_finds_an_error_or_gives_a_warning(
    api_settings: Settings,
    database: Database[dict[str, Any]],
    storage: Storage,
    queues: DeadLetterQueues,
    clock: Clock,
    participant: User,
    capsys: pytest.CaptureFixture[str],
) -> None:
    services = assemble(api_settings, database, storage, queues, clock)
    token = TOKENS.issue(participant.id, datetime.now(UTC))
    with serving(create_app(api_settings, services)) as address:
        audit = subprocess.run(
            ["node", SCRIPT, os.environ["AUDIT_FOLDER"], f"{address}/graphql", token],  # noqa: S607 - whichever node there is
            capture_output=True,
            check=True,
            text=True,
            timeout=60,
        )
    results = json.loads(audit.stdout)

    with capsys.disabled():
        print(f"\n{dict(Counter(it['status'] for it in results))}")  # noqa: T201 - what `make audit` is asked for
    missed = [it for it in results if it["status"] != "ok" and it["id"] not in BY_GET]
    assert missed == []
    assert len(results) > 60
