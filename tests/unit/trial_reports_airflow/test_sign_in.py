"""An Airflow that is open to everybody is no place for health data."""

import pytest

from trial_reports.errors import ConfigurationError
from trial_reports.settings import Settings, load_settings
from trial_reports_airflow.sign_in import require_sign_in

OPEN_TO_EVERYBODY = "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS"
PRODUCTION = {
    "ENVIRONMENT": "production",
    "LINKS__PUBLIC_URL": "https://reports.hospital.example",
    "LINKS__SIGN_IN_URL": "https://portal.hospital.example",
    "MAIL__API_KEY": "SG.example",
    "MAIL__SENDER": "reports@hospital.example",
}


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(f"TRIAL_REPORTS_{name}", value)
    return load_settings()


def test_production_refuses_an_airflow_that_is_open_to_everybody(
    production: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(OPEN_TO_EVERYBODY, "True")

    with pytest.raises(ConfigurationError, match=OPEN_TO_EVERYBODY):
        require_sign_in(production)


def test_production_accepts_an_airflow_where_people_sign_in(
    production: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_sign_in(production)
    monkeypatch.setenv(OPEN_TO_EVERYBODY, "False")
    require_sign_in(production)


def test_elsewhere_it_is_up_to_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OPEN_TO_EVERYBODY, "True")

    require_sign_in(Settings(environment="development"))
