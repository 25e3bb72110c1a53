"""Clients as the settings ask for them."""

import sys
from pathlib import Path

import pytest
from pydantic import SecretStr
from pymongo import MongoClient, WriteConcern
from pymongo.read_concern import ReadConcern

from trial_reports import clients, settings
from trial_reports.database.model import Row
from trial_reports.errors import ConfigurationError

NOBODY = SecretStr("mongodb://127.0.0.1:9/?replicaSet=rs0")


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


def _settings(**groups: object) -> settings.Settings:
    return settings.Settings.model_validate({"environment": "test", **groups})


def test_an_acknowledged_write_survives_the_loss_of_a_server() -> None:
    with MongoClient[Row]("mongodb://127.0.0.1:9", connect=False) as client:
        database = clients.with_guarantees(client, "trial_reports")

        assert database.write_concern == WriteConcern(w="majority", j=True)
        assert database.read_concern == ReadConcern("majority")
        assert database.codec_options.tz_aware


def test_no_database_call_waits_for_ever() -> None:
    database = clients.mongo_database(
        _settings(mongo={"uri": NOBODY, "timeout_seconds": 2})
    )
    with database.client as client:
        assert client.options.timeout == 2
        assert client.options.server_selection_timeout == 2
        assert client.options.pool_options.connect_timeout == 2
        assert client.options.retry_writes


@pytest.mark.parametrize("endpoint", [None, "http://localhost:5000"])
def test_s3_has_time_outs_and_bounded_tries(endpoint: str | None) -> None:
    client = clients.s3_client(
        _settings(aws={"timeout_seconds": 3, "endpoint_url": endpoint})
    )

    chosen = vars(client.meta.config)
    assert chosen["connect_timeout"] == 3
    assert chosen["read_timeout"] == 3
    assert chosen["retries"] == {"mode": "standard", "total_max_attempts": 3}


def test_links_on_a_stand_in_for_s3_name_the_bucket_in_the_path() -> None:
    chosen = _settings(aws={"endpoint_url": "http://localhost:5000"})

    url = clients.storage(chosen, clients.s3_client(chosen)).presign(
        "s3://trial-reports/a.pdf", 60, "a.pdf"
    )

    assert url.startswith("http://localhost:5000/trial-reports/a.pdf?")


def test_waiting_for_messages_is_no_time_out() -> None:
    client = clients.sqs_client(_settings(aws={"timeout_seconds": 3}))

    assert vars(client.meta.config)["read_timeout"] == 23


def test_a_folder_on_disk_serves_development(tmp_path: Path) -> None:
    chosen = _settings(
        api={"development_key": "development"},
        storage={
            "work_uri": f"file://{tmp_path}/work",
            "reports_uri": f"file://{tmp_path}/reports",
        },
    )
    storage = clients.storage(chosen, None)

    stored = storage.create(f"file://{tmp_path}/reports/a.pdf", b"%PDF", "text/plain")

    assert storage.presign(stored.uri, 60, "a.pdf").startswith(
        f"http://127.0.0.1:8000{clients.STORED_FILES_PATH}/reports/a.pdf?"
    )


def test_the_whole_disk_is_no_storage_folder() -> None:
    chosen = _settings(
        storage={"work_uri": "file:///work", "reports_uri": "file:///reports"}
    )

    with pytest.raises(ConfigurationError, match="one folder"):
        clients.storage(chosen, None)


def test_google_storage_names_the_package_it_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "google.cloud.storage", None)
    chosen = _settings(storage={"work_uri": "gs://reports-eu/work"})

    with pytest.raises(ConfigurationError, match="google-cloud-storage"):
        clients.storage(chosen, None)
