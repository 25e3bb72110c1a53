"""What docker-compose.yml tells the product, read as the product reads it."""

import os

import pytest
from airflow.providers.mongo.hooks.mongo import MongoHook

from tests.architecture import compose_file
from trial_reports.errors import ConfigurationError
from trial_reports.settings import Settings, load_settings
from trial_reports_airflow.connections import MONGO_CONNECTION


def settings_of(
    service: str, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Return the settings that a service's processes read."""
    for name in [name for name in os.environ if name.startswith("TRIAL_REPORTS_")]:
        monkeypatch.delenv(name)
    for name, value in compose_file.environment(service, env).items():
        monkeypatch.setenv(name, value)
    return load_settings()


@pytest.mark.parametrize("service", ["api", "worker-render", "prepare", "sample"])
def test_the_product_accepts_the_settings_it_is_given(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = compose_file.filled_in()
    settings = settings_of(service, env, monkeypatch)
    assert settings.environment == "development"
    assert settings.aws.endpoint_url == env["TRIAL_REPORTS_AWS__ENDPOINT_URL"]
    address = settings.mongo.uri.get_secret_value()
    assert address == f"mongodb://{env['MONGO_ADDRESS']}"


@pytest.mark.parametrize("service", ["api", "worker-email"])
def test_it_can_be_a_production(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    env = compose_file.filled_in(
        AWS_ACCESS_KEY_ID="",
        AWS_SECRET_ACCESS_KEY="",
        COMPOSE_PROFILES="",
        TRIAL_REPORTS_API__DEVELOPMENT_KEY="",
        TRIAL_REPORTS_API__JWKS_URL="https://id.example.com/keys",
        TRIAL_REPORTS_API__TOKEN_ISSUER="https://id.example.com",
        TRIAL_REPORTS_AWS__ENDPOINT_URL="",
        TRIAL_REPORTS_ENVIRONMENT="production",
        TRIAL_REPORTS_LINKS__OPENING="sign_in",
        TRIAL_REPORTS_LINKS__PUBLIC_URL="https://reports.example.com",
        TRIAL_REPORTS_LINKS__SIGN_IN_URL="https://app.example.com/reports",
        TRIAL_REPORTS_MAIL__HOST="https://api.sendgrid.com",
        TRIAL_REPORTS_MAIL__SENDER="reports@example.com",
    )
    settings = settings_of(service, env, monkeypatch)
    assert settings.environment == "production"
    assert settings.aws.endpoint_url is None


def test_an_example_that_was_not_looked_at_is_no_production(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    env = compose_file.filled_in(TRIAL_REPORTS_ENVIRONMENT="production")
    with pytest.raises(ConfigurationError, match="must start with https://"):
        settings_of("api", env, monkeypatch)


def test_airflows_connection_leads_where_the_settings_lead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = "reports:s3cret@mongo.example.com:27017/?replicaSet=rs0&tls=true"
    told = compose_file.environment(
        "worker-fetch", compose_file.filled_in(MONGO_ADDRESS=address)
    )
    name = f"AIRFLOW_CONN_{MONGO_CONNECTION.upper()}"
    monkeypatch.setenv(name, told[name])
    hook = MongoHook(MONGO_CONNECTION)
    assert hook.uri == "mongodb://reports:s3cret@mongo.example.com:27017"
    assert hook.extras == {"replicaSet": "rs0", "tls": "true"}
    assert told["TRIAL_REPORTS_MONGO__URI"] == f"mongodb://{address}"
