"""Signing in while developing."""

from datetime import UTC, datetime

import pytest

from graphql_api.development_token import main
from graphql_api.identity import DevelopmentTokens
from graphql_api.identity.refusals import TokenRefused
from trial_reports.errors import ConfigurationError
from trial_reports.settings import Api

KEY = "k" * 32


@pytest.fixture
def _development(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL_REPORTS_ENVIRONMENT", "development")
    monkeypatch.setenv("TRIAL_REPORTS_API__DEVELOPMENT_KEY", KEY)


@pytest.mark.usefixtures("_development")
def test_the_command_prints_a_token_for_the_user(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["usr_one"]) == 0

    tokens = DevelopmentTokens(KEY, Api().token_audience)
    assert tokens.claims(capsys.readouterr().out.strip()).subject == "usr_one"


@pytest.mark.usefixtures("_development")
def test_without_a_key_it_says_which_setting_to_make(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TRIAL_REPORTS_API__DEVELOPMENT_KEY")

    assert main(["usr_one"]) == 1
    assert "TRIAL_REPORTS_API__DEVELOPMENT_KEY" in capsys.readouterr().err


@pytest.mark.usefixtures("_development")
def test_in_production_it_prints_no_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRIAL_REPORTS_ENVIRONMENT", "production")

    assert main(["usr_one"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "development" in captured.err


def test_a_token_ends_after_twelve_hours() -> None:
    tokens = DevelopmentTokens(KEY, "audience")

    assert (
        tokens.claims(tokens.issue("usr_one", datetime.now(UTC))).subject == "usr_one"
    )
    with pytest.raises(TokenRefused, match="expired"):
        tokens.claims(tokens.issue("usr_one", datetime(2026, 1, 1, tzinfo=UTC)))


def test_a_short_key_is_refused_when_the_process_starts() -> None:
    with pytest.raises(ConfigurationError, match="32 bytes"):
        DevelopmentTokens("short", "audience")
