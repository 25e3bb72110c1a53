"""The environment of a process, for tests of what is read from it."""

import os

import pytest

SECRET = "SG.a-key-that-nobody-may-see"
PRODUCTION = {
    "LINKS__PUBLIC_URL": "https://reports.study.example",
    "LINKS__SIGN_IN_URL": "https://study.example/reports",
    "MAIL__API_KEY": SECRET,
    "MAIL__SENDER": "reports@study.example",
}
"""The least that production needs."""


class Environment:
    """The variables of this process, with the product's prefix."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def holds(self, **variables: str) -> None:
        for name, value in variables.items():
            self._monkeypatch.setenv(f"TRIAL_REPORTS_{name}", value)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Environment:
    for name in list(os.environ):
        if name.startswith(("AIRFLOW", "AWS_", "TRIAL_REPORTS_")):
            monkeypatch.delenv(name)
    return Environment(monkeypatch)
