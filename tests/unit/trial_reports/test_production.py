"""What production refuses: all that is only fit for development, each by its name."""

import re

import pytest

from local_stack.environment import PROJECT
from tests.unit.trial_reports.conftest import PRODUCTION, SECRET, Environment
from trial_reports.errors import ConfigurationError
from trial_reports.settings import load_settings


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


def test_an_address_may_speak_of_another(environment: Environment) -> None:
    page = "https://study.example/?back=http://localhost/"
    environment.holds(**PRODUCTION | {"LINKS__SIGN_IN_URL": page})

    assert load_settings().links.sign_in_url == page


def test_development_may_do_all_of_it(environment: Environment) -> None:
    environment.holds(
        ENVIRONMENT="development", MAIL__MAILER="files", API__DEVELOPMENT_KEY=SECRET
    )

    assert load_settings().links.public_url.startswith("http://")
