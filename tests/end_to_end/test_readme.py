"""The examples of the README, run as they stand there."""

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from graphql_api.identity import token_check
from local_stack.demo.prepare import Installation, load_study
from local_stack.environment import PROJECT
from trial_reports_airflow.names import DISPATCH_REPORTS, WEEKLY_REPORTS

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(400)]

RUNNERS = {
    "sh": ["bash", "-euo", "pipefail"],
    "js": ["node", "--input-type=module"],
    "python": [sys.executable],
}


def examples(language: str) -> list[str]:
    """Return the examples of a language that need API and TOKEN, but set neither."""
    section = (PROJECT / "README.md").read_text().split("## Using the API")[1]
    found = re.findall(
        rf"```{language}\n(.*?)```", section.split("\n## ")[0], re.DOTALL
    )
    return [text for text in found if "export TOKEN" not in text]


@pytest.fixture(scope="module")
def environment(installation: Installation) -> dict[str, str]:
    """What the first example sets, for a participant."""
    study = load_study(installation, 23, 1, datetime.now(UTC))
    tokens = token_check(installation.settings)
    assert tokens is not None
    person = study.sample.people[0].user
    return {
        "API": installation.stack.services.api_url,
        "TOKEN": tokens.issue(person.id, datetime.now(UTC)),
        "PATH": os.environ["PATH"],
        "PYTHONUNBUFFERED": "1",
    }


def start(
    language: str, example: str, environment: dict[str, str]
) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        RUNNERS[language],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(example)
    process.stdin.close()
    process.stdin = None  # communicate() would close it again
    return process


def said_by(language: str, environment: dict[str, str]) -> str:
    said = ""
    for example in examples(language):
        with start(language, example, environment) as process:
            said += process.communicate(timeout=60)[0]
            assert process.returncode == 0, said
    return said


def test_curl_asks_by_graphql_and_by_rest(environment: dict[str, str]) -> None:
    said = said_by("sh", environment)

    assert '"status":"ACTIVE"' in said
    assert '"status":"active"' in said
    assert '"fileTypes":["pdf","jpg"]' in said
    assert '{"jobs":[],"next":null}' in said


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js")
def test_javascript_learns_why_there_is_no_report(environment: dict[str, str]) -> None:
    said = said_by("js", environment)

    assert said.splitlines()[0] == "WAITING"
    assert "2026-W" in said or "week" in said


def test_python_asks_for_a_report_and_follows_it(
    installation: Installation, environment: dict[str, str]
) -> None:
    airflow = installation.stack.airflow
    airflow.unpause(WEEKLY_REPORTS)
    (example,) = examples("python")
    with start("python", example, environment) as process:
        assert process.stdout is not None
        asked = process.stdout.readline() + process.stdout.readline()
        airflow.unpause(DISPATCH_REPORTS)
        airflow.trigger_dag(DISPATCH_REPORTS, {})
        said = process.communicate(timeout=300)[0]
        airflow.pause(DISPATCH_REPORTS)

    assert "'created': True" in asked
    assert "PENDING" in asked
    assert process.returncode == 0, said
    assert said.splitlines()[-1].startswith("{'status': 'COMPLETED'")
