"""Settings: everything wrong is named at once, and no secret ever is."""

import traceback

import pytest
from pydantic import ValidationError

from tests.builders import MONDAY_NOON
from tests.unit.trial_reports.conftest import PRODUCTION, SECRET, Environment
from trial_reports.errors import ConfigurationError
from trial_reports.periods.owed import tick_at_or_after
from trial_reports.settings import Schedule, Settings, load_settings


def test_every_wrong_variable_is_named_at_once_and_no_value(
    environment: Environment,
) -> None:
    wrong = {
        "API__DEVELOPMENT_KEY__TYPO": SECRET,
        "ENVIRONMENT": f"prod-{SECRET}",
        "LINKS__PUBLIC_URL": SECRET,
        "LIMITS__FILES": "0",
        "MAIL__APIKEY": SECRET,
        "MALI__API_KEY": SECRET,
        "MONGO__TIMEOUT_SECONDS": "-1",
        "PIPELINE__MAX_FAILED_SHARE": "2",
        "SCHEDULE__CATCH_UP": SECRET,
        "SCHEDULE__HOUR": SECRET,
        "SCHEDULE__WEEKDAY": "7",
        "STORAGE__ENCRYPTION": SECRET,
    }
    environment.holds(**wrong)

    with pytest.raises(ConfigurationError) as caught:
        load_settings()

    named = {line.partition(":")[0].strip() for line in str(caught.value).splitlines()}
    assert {f"TRIAL_REPORTS_{name.removesuffix('__TYPO')}" for name in wrong} <= named
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("group", [SECRET, f'{{"api_key": "{SECRET}"', f'["{SECRET}"]'])
def test_a_group_that_cannot_be_read_is_told_without_its_secrets(
    environment: Environment, group: str
) -> None:
    environment.holds(ENVIRONMENT="test", MAIL=group)

    with pytest.raises(ConfigurationError, match="Please correct") as caught:
        load_settings()

    assert SECRET not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("alone", ["API__JWKS_URL", "API__TOKEN_ISSUER"])
def test_a_provider_has_keys_and_a_name(environment: Environment, alone: str) -> None:
    environment.holds(ENVIRONMENT="test", **{alone: "https://login.study.example/"})

    with pytest.raises(ConfigurationError, match="belong together"):
        load_settings()


def test_an_empty_variable_is_not_set(environment: Environment) -> None:
    environment.holds(
        ENVIRONMENT="test", API__DEVELOPMENT_KEY="", MONGO__TIMEOUT_SECONDS=""
    )

    assert load_settings() == Settings.model_validate({"environment": "test"})


def test_secrets_do_not_show_when_settings_are_printed(
    environment: Environment,
) -> None:
    environment.holds(
        **PRODUCTION, MONGO__URI=f"mongodb://reports:{SECRET}@db.study.example/"
    )

    settings = load_settings()

    assert SECRET not in repr(settings)
    assert SECRET not in settings.model_dump_json()


def test_settings_cannot_change_once_they_are_read() -> None:
    settings = Settings.model_validate({"environment": "test"})

    with pytest.raises(ValidationError, match="frozen"):
        settings.environment = "production"  # type: ignore[misc] # - what is tried
    with pytest.raises(ValidationError, match="frozen"):
        settings.mail.sender = "a@study.example"  # type: ignore[misc] # - the same


@pytest.mark.parametrize(
    ("tick", "cron"),
    [
        ({}, "0 12 * * 1"),
        ({"weekday": 6, "hour": 0, "minute": 5}, "5 0 * * 0"),
        ({"weekday": 5, "hour": 23, "minute": 59}, "59 23 * * 6"),
    ],
)
def test_the_cron_is_the_tick_that_is_promised(tick: dict[str, int], cron: str) -> None:
    schedule = Schedule.model_validate(tick)

    assert schedule.cron == cron
    next_tick = tick_at_or_after(MONDAY_NOON, schedule)
    assert f"{next_tick:%-M %-H * * %w}" == cron
