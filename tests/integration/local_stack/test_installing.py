"""Loading the sample study into an installation by its settings alone."""

import os
import subprocess
import sys
from typing import Any

import pytest
from pymongo.database import Database

from local_stack.environment import PROJECT
from local_stack.sample_study.installing import main
from trial_reports.settings import Settings


@pytest.fixture
def configured(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The test's own settings, as the environment of a process."""
    for name, value in {
        "AWS__ENDPOINT_URL": settings.aws.endpoint_url or "",
        "AWS__REGION": settings.aws.region,
        "ENVIRONMENT": "test",
        "MONGO__DATABASE": settings.mongo.database,
        "MONGO__URI": settings.mongo.uri.get_secret_value(),
        "STORAGE__REPORTS_URI": settings.storage.reports_uri,
        "STORAGE__WORK_URI": settings.storage.work_uri,
    }.items():
        monkeypatch.setenv(f"TRIAL_REPORTS_{name}", value)
    return settings


@pytest.mark.usefixtures("configured")
def test_everybody_named_has_a_subscription_that_is_due(
    database: Database[dict[str, Any]],
) -> None:
    command = [sys.executable, "-m", "local_stack.sample_study.installing"]
    ran = subprocess.run(
        [*command, "--participants", "4"],
        check=True,
        capture_output=True,
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": f"{PROJECT / 'plugins'}:{PROJECT}"},
        text=True,
        timeout=120,
    )

    *lines, _, due = ran.stdout.splitlines()
    rows = database["subscriptions"].find()
    assert sorted(lines) == sorted(f"{row['userId']} {row['_id']}" for row in rows)
    assert lines
    assert due.endswith("+00:00")


@pytest.mark.usefixtures("configured")
def test_loading_it_twice_is_refused_and_changes_nothing(
    database: Database[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--participants", "1"])
    users = database["users"].count_documents({})

    assert main(["--participants", "1"]) == 1

    assert "holds this sample study already" in capsys.readouterr().err
    assert database["users"].count_documents({}) == users


def test_production_gets_no_invented_people(
    configured: Settings,
    database: Database[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("TRIAL_REPORTS_AWS__ENDPOINT_URL")
    for name, value in {
        "ENVIRONMENT": "production",
        "LINKS__OPENING": "button",
        "LINKS__PUBLIC_URL": "https://reports.example.com",
        "MAIL__API_KEY": configured.mail.api_key.get_secret_value(),
        "MAIL__SENDER": "reports@example.com",
    }.items():
        monkeypatch.setenv(f"TRIAL_REPORTS_{name}", value)

    assert main([]) == 1

    assert "TRIAL_REPORTS_ENVIRONMENT" in capsys.readouterr().err
    assert database["users"].count_documents({}) == 0
