import json
from pathlib import Path

import pytest

from local_stack.airflow_settings import airflow_environment, write_passwords
from local_stack.mailbox.client import Mailbox
from local_stack.process_group import ProcessGroup
from local_stack.secrets_file import Secrets
from local_stack.services import Services
from trial_reports.settings import load_settings


@pytest.fixture
def services(tmp_path: Path) -> Services:
    secrets = Secrets.of(tmp_path)
    return Services(
        data=tmp_path,
        mongo_uri="mongodb://127.0.0.1:27117/?replicaSet=rs0",
        aws_endpoint_url="http://127.0.0.1:5000",
        mailbox=Mailbox("http://127.0.0.1:5001", secrets.mail_key),
        api_url="http://127.0.0.1:5002",
        secrets=secrets,
        processes=ProcessGroup(tmp_path),
    )


def _environment(services: Services) -> dict[str, str]:
    return airflow_environment(
        services,
        "postgresql://airflow@127.0.0.1:5432/airflow",
        "redis://127.0.0.1:6379/0",
        "http://127.0.0.1:8080",
        Path("dags"),
    )


def test_the_product_accepts_the_settings_it_is_given(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in services.environment().items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.environment == "development"
    assert settings.mongo.uri.get_secret_value() == services.mongo_uri
    assert settings.mail.host == services.mailbox.url
    assert settings.links.public_url == services.api_url


def test_airflow_keeps_task_results_where_they_survive_redis(
    services: Services,
) -> None:
    backend = _environment(services)["AIRFLOW__CELERY__RESULT_BACKEND"]
    assert backend.startswith("db+postgresql")


def test_airflow_lets_nobody_in_without_the_password(services: Services) -> None:
    environment = _environment(services)
    write_passwords(services.data / "airflow", services.secrets)
    passwords = Path(environment["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"])
    assert json.loads(passwords.read_text()) == {
        "operator": services.secrets.airflow_password
    }
    assert environment["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"] == "operator:op"
    assert environment["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS"] == "False"
    assert len(environment["AIRFLOW__API_AUTH__JWT_SECRET"]) >= 64


def test_the_mongo_connection_leads_to_the_replica_set(services: Services) -> None:
    connection = json.loads(_environment(services)["AIRFLOW_CONN_MONGO_DEFAULT"])
    assert connection["host"] == "127.0.0.1:27117"
    assert connection["extra"] == {"replicaSet": "rs0"}
