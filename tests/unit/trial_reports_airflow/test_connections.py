"""The pipeline's clients: Airflow's connections first, and Settings where none is."""

import json

import pytest
from pymongo import WriteConcern
from pymongo.read_concern import ReadConcern

from trial_reports_airflow.connections import build_pipeline

MONGO = {
    "conn_type": "mongo",
    "host": "mongo.hospital.example",
    "port": 27018,
    "extra": {"replicaSet": "rs7"},
}
AWS = {
    "conn_type": "aws",
    "login": "example-key-id",
    "password": "example-secret",
    "extra": {"region_name": "eu-west-1"},
}


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL_REPORTS_ENVIRONMENT", "test")
    monkeypatch.setenv("TRIAL_REPORTS_MONGO__URI", "mongodb://localhost:9")
    monkeypatch.setenv("TRIAL_REPORTS_MONGO__TIMEOUT_SECONDS", "3")
    monkeypatch.setenv("TRIAL_REPORTS_AWS__REGION", "eu-central-1")
    monkeypatch.setenv("TRIAL_REPORTS_AWS__TIMEOUT_SECONDS", "3")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)


@pytest.mark.parametrize(
    ("connections", "mongo", "region"),
    [
        ({}, "localhost:9", "eu-central-1"),
        ({"MONGO": MONGO, "AWS": AWS}, "mongo.hospital.example:27018", "eu-west-1"),
    ],
)
def test_clients_come_from_connections_and_keep_our_time_outs_and_guarantees(
    monkeypatch: pytest.MonkeyPatch,
    connections: dict[str, dict[str, object]],
    mongo: str,
    region: str,
) -> None:
    for name, connection in connections.items():
        monkeypatch.setenv(f"AIRFLOW_CONN_{name}_DEFAULT", json.dumps(connection))

    pipeline = build_pipeline()

    database = pipeline.transitions.database
    with database.client:
        assert f"host=['{mongo}']" in repr(database.client)
        assert database.client.options.timeout == 3
        assert database.write_concern == WriteConcern(w="majority", j=True)
        assert database.read_concern == ReadConcern("majority")
        assert database.codec_options.tz_aware
    sqs = pipeline.outbox.queues.client
    assert sqs.meta.region_name == region
    assert vars(sqs.meta.config)["connect_timeout"] == 3
