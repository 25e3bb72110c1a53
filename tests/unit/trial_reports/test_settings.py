"""Settings: everything wrong is named at once, and no secret ever is."""

import os
import re
import traceback

import pytest
from pydantic import ValidationError

from local_stack.environment import PROJECT
from tests.builders import MONDAY_NOON
from trial_reports.errors import ConfigurationError
from trial_reports.periods.owed import tick_at_or_after
from trial_reports.settings import Schedule, Settings, load_settings

SECRET = "SG.a-key-that-nobody-may-see"
PRODUCTION = {
    "LINKS__PUBLIC_URL": "https://reports.study.example",
    "LINKS__SIGN_IN_URL": "https://study.example/reports",
    "MAIL__API_KEY": SECRET,
    "MAIL__SENDER": "reports@study.example",
}


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


def test_a_complete_production_starts(environment: Environment) -> None:
    environment.holds(**PRODUCTION)

    settings = load_settings()

    assert settings.environment == "production"
    assert settings.mail.api_key.get_secret_value() == SECRET


def test_without_a_word_it_is_production_and_names_all_that_is_missing(
    environment: Environment,
) -> None:
    environment.holds()

    with pytest.raises(ConfigurationError) as caught:
        load_settings()

    for name in (
        "links.public_url",
        "links.sign_in_url",
        "mail.api_key",
        "mail.sender",
    ):
        assert name in caught.value.message


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"LINKS__PUBLIC_URL": "http://reports.study.example"}, "links.public_url"),
        ({"LINKS__SIGN_IN_URL": ""}, "links.sign_in_url"),
        ({"API__DEVELOPMENT_KEY": SECRET}, "api.development_key"),
        (
            {
                "API__JWKS_URL": "http://login.study.example/keys",
                "API__TOKEN_ISSUER": "https://login.study.example/",
            },
            "api.jwks_url",
        ),
        ({"MAIL__API_KEY": ""}, "mail.api_key"),
        ({"MAIL__MAILER": "files"}, "mail.mailer"),
        ({"MAIL__SENDER": "reports@example.org"}, "mail.sender"),
        ({"MAIL__HOST": "http://api.sendgrid.com"}, "mail.host"),
        ({"AWS__ENDPOINT_URL": "http://s3.localhost:5000"}, "aws.endpoint_url"),
        ({"LINKS__SIGN_IN_URL": "http://study.example"}, "links.sign_in_url"),
        (
            {"API__ALLOWED_ORIGINS": "https://a.example,http://localhost:3000"},
            "api.allowed_origins",
        ),
        ({"API__JWKS_URL": "https://login.study.example/keys"}, "belong together"),
        ({"MAIL__API_KEY": "example"}, "MAIL__API_KEY is still the example"),
    ],
)
def test_production_refuses_what_is_only_fit_for_development(
    environment: Environment, change: dict[str, str], named: str
) -> None:
    environment.holds(**PRODUCTION | change)

    with pytest.raises(ConfigurationError) as caught:
        load_settings()

    assert named in caught.value.message
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("yes", ["True", "true", "1", " t "])
def test_production_refuses_an_airflow_in_which_everybody_is_the_administrator(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, yes: str
) -> None:
    environment.holds(**PRODUCTION)
    monkeypatch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS", yes)

    with pytest.raises(ConfigurationError, match="ALL_ADMINS"):
        load_settings()

    monkeypatch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS", "False")
    load_settings()


def _examples() -> dict[str, str]:
    """Return the secrets of .env.example: a key, a password, or a connection."""
    lines = (PROJECT / ".env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and line[0] != "#")
    named = re.compile("AWS_.*|AIRFLOW_CONN_AWS.*|.*(KEY|KEYS|SECRET|PASSWORD)")
    return {name: text for name, text in given.items() if text and named.match(name)}


@pytest.mark.parametrize("name", sorted(_examples()))
def test_production_refuses_every_secret_of_the_example(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    environment.holds(**PRODUCTION)
    monkeypatch.setenv(name, _examples()[name])

    with pytest.raises(ConfigurationError, match=f"{name} is still the example"):
        load_settings()

    environment.holds(ENVIRONMENT="development")
    load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYkey"),
        ("AIRFLOW_CONN_MONGO_DEFAULT", '{"host": "db.example.com", "login": "x"}'),
        ("HOSTNAME", "example"),
    ],
)
def test_no_other_value_is_taken_for_an_example(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.holds(**PRODUCTION)
    monkeypatch.setenv(name, value)

    assert load_settings().environment == "production"


def test_what_is_wrong_around_the_settings_is_named_with_what_is_wrong_in_them(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.holds(**PRODUCTION | {"MAIL__API_KEY": "", "LIMITS__FILES": "0"})
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")

    with pytest.raises(ConfigurationError) as caught:
        load_settings()

    assert "LIMITS__FILES" in caught.value.message
    assert "AWS_SECRET_ACCESS_KEY" in caught.value.message


@pytest.mark.parametrize(
    "origins",
    ["https://study.example", "https://a.example:8443, https://b.example"],
)
def test_pages_are_named_by_their_origin(
    environment: Environment, origins: str
) -> None:
    environment.holds(**PRODUCTION | {"API__ALLOWED_ORIGINS": origins})

    assert load_settings().api.allowed_origins == tuple(origins.split(", "))


@pytest.mark.parametrize("host", ["localhost", "localhost:5173", "127.0.0.1:3000"])
def test_developers_serve_pages_on_their_machine(
    environment: Environment, host: str
) -> None:
    origin = f"http://{host}"
    environment.holds(ENVIRONMENT="development", API__ALLOWED_ORIGINS=origin)

    assert load_settings().api.allowed_origins == (origin,)


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "study.example",
        "http://study.example",
        "http://localhost.study.example",
        "https://*.study.example",
        "https://study.example/",
        "https://study.example/page",
        "https://Study.example",
        "https://study.example:443",
        "https://user@study.example",
        "https://",
    ],
)
def test_nothing_else_is_an_origin(environment: Environment, origin: str) -> None:
    environment.holds(ENVIRONMENT="development", API__ALLOWED_ORIGINS=origin)

    with pytest.raises(ConfigurationError, match="API__ALLOWED_ORIGINS"):
        load_settings()


def test_proxies_are_addresses_and_networks(environment: Environment) -> None:
    environment.holds(
        ENVIRONMENT="test", API__TRUSTED_PROXIES="10.0.0.7, 10.1.0.0/16,fd00::/8"
    )

    assert [str(network) for network in load_settings().api.trusted_proxies] == [
        *("10.0.0.7/32", "10.1.0.0/16", "fd00::/8")
    ]


@pytest.mark.parametrize(
    "proxies", ["proxy.example", "0.0.0.0/0", "::/0", "10.0.0.1/8"]
)
def test_nobody_in_particular_is_no_proxy(
    environment: Environment, proxies: str
) -> None:
    environment.holds(ENVIRONMENT="test", API__TRUSTED_PROXIES=proxies)

    with pytest.raises(ConfigurationError, match="API__TRUSTED_PROXIES"):
        load_settings()


def test_development_may_do_all_of_it(environment: Environment) -> None:
    environment.holds(
        ENVIRONMENT="development", MAIL__MAILER="files", API__DEVELOPMENT_KEY=SECRET
    )

    assert load_settings().links.public_url.startswith("http://")


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


@pytest.mark.parametrize("keys", ["one,two", " one, two "])
def test_while_a_key_is_replaced_there_are_two(
    environment: Environment, keys: str
) -> None:
    environment.holds(ENVIRONMENT="test", MAIL__WEBHOOK_KEYS=keys)
    assert load_settings().mail.webhook_keys == ("one", "two")

    environment.holds(MAIL__WEBHOOK_KEYS="one,two,three")
    with pytest.raises(ConfigurationError, match="MAIL__WEBHOOK_KEYS"):
        load_settings()


def test_tokens_are_signed_with_rsa_or_curves(environment: Environment) -> None:
    environment.holds(ENVIRONMENT="test")
    assert load_settings().api.token_algorithms == ("RS256", "ES256")

    environment.holds(API__TOKEN_ALGORITHMS="PS256, ES384")
    assert load_settings().api.token_algorithms == ("PS256", "ES384")


@pytest.mark.parametrize("algorithms", ["none", "HS256", "RS256,HS256", ","])
def test_nothing_else_may_sign_a_token(
    environment: Environment, algorithms: str
) -> None:
    environment.holds(ENVIRONMENT="test", API__TOKEN_ALGORITHMS=algorithms)

    with pytest.raises(ConfigurationError, match="API__TOKEN_ALGORITHMS"):
        load_settings()


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
