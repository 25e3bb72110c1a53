"""Airflow in containers is what the embedded stack runs, which tests start."""

import ast
import json
import subprocess
from pathlib import Path

from local_stack.airflow_processes import (
    API_SERVER,
    DAG_PROCESSOR,
    QUEUES,
    SCHEDULER,
    worker_arguments,
)
from local_stack.airflow_settings import airflow_environment
from local_stack.environment import PROJECT
from local_stack.mailbox.client import Mailbox
from local_stack.process_group import ProcessGroup
from local_stack.secrets_file import Secrets
from local_stack.services import Services
from tests.architecture import compose_file
from trial_reports.jobs.models import STAGES
from trial_reports.settings import Pipeline
from trial_reports_airflow.names import queue_of

SERVICES = compose_file.services(compose_file.filled_in())
WORKERS = {name: s for name, s in SERVICES.items() if name.startswith("worker-")}

OTHER_PLACES = {
    "AIRFLOW_CONN_AWS_DEFAULT",
    "AIRFLOW_CONN_MONGO_DEFAULT",
    "AIRFLOW_HOME",  # as the folders below: the Dockerfile says
    "AIRFLOW__API_AUTH__JWT_SECRET",
    "AIRFLOW__API__HOST",
    "AIRFLOW__CELERY__BROKER_URL",
    "AIRFLOW__CELERY__RESULT_BACKEND",
    "AIRFLOW__CORE__DAGS_FOLDER",
    "AIRFLOW__CORE__EXECUTION_API_SERVER_URL",
    "AIRFLOW__CORE__FERNET_KEY",
    "AIRFLOW__CORE__PLUGINS_FOLDER",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN",
}
"""What says where something is, or is a key: it differs in containers."""

FOR_WATCHERS = {
    # DAG files that are edited; those of an image stay as they are.
    "AIRFLOW__DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL",
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL",
    # Time-outs for a person who kills things and watches.
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL",
    "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL",
}
"""Airflow's own defaults suit an installation better."""


def test_airflow_is_told_what_the_tested_stack_tells_it(tmp_path: Path) -> None:
    secrets = Secrets.of(tmp_path)
    stack = Services(
        data=tmp_path,
        mongo_uri="mongodb://127.0.0.1:27017/?replicaSet=rs0",
        aws_endpoint_url="http://127.0.0.1:5000",
        mailbox=Mailbox("http://127.0.0.1:8025", secrets.mail_key),
        api_url="http://127.0.0.1:8000",
        secrets=secrets,
        processes=ProcessGroup(tmp_path),
    )
    tested = airflow_environment(
        stack,
        "postgresql://airflow@postgres/airflow",
        "redis://redis:6379/0",
        "http://127.0.0.1:8080",
        PROJECT / "dags",
    )
    told = SERVICES["scheduler"]["environment"]
    alike = {n for n in tested if n.startswith("AIRFLOW")} - OTHER_PLACES - FOR_WATCHERS
    assert {n: told.get(n) for n in alike} == {n: tested[n] for n in alike}
    assert {n for n in told if n.startswith("AIRFLOW")} - alike <= OTHER_PLACES
    for address in ("RESULT_BACKEND", "SQL_ALCHEMY_CONN"):
        (name,) = [n for n in told if n.endswith(address)]
        driver = tested[name].partition("://")[0]
        assert told[name].startswith(f"{driver}://airflow:")


def queues_of_the_dags() -> set[str]:
    """Return the queues that DAG files name, and those of the stages."""
    named = {queue_of(stage) for stage in STAGES}
    for path in (PROJECT / "dags").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            named |= {
                str(value.value)
                for key, value in _pairs(node)
                if key == "queue" and isinstance(value, ast.Constant)
            }
    return named


def _pairs(node: ast.AST) -> list[tuple[object, ast.expr]]:
    """Return the pairs of ``f(key=value)`` and of ``{"key": value}``."""
    if isinstance(node, ast.keyword):
        return [(node.arg, node.value)]
    if isinstance(node, ast.Dict):
        keys = [getattr(key, "value", None) for key in node.keys]
        return list(zip(keys, node.values, strict=True))
    return []


def test_each_queue_has_one_worker_that_runs_as_the_tested_one() -> None:
    queues = {name.removeprefix("worker-") for name in WORKERS}
    assert queues == queues_of_the_dags() == set(QUEUES.split(","))
    for name, worker in WORKERS.items():
        queue = name.removeprefix("worker-")
        assert worker["command"] == list(worker_arguments(queue))


def test_a_stages_worker_has_as_many_slots_as_its_pool() -> None:
    for worker in WORKERS.values():
        slots = worker["command"][worker["command"].index("--concurrency") + 1]
        assert int(slots) == Pipeline().stage_slots


def test_the_other_components_run_as_the_tested_ones() -> None:
    assert SERVICES["scheduler"]["command"] == list(SCHEDULER)
    assert SERVICES["dag-processor"]["command"] == list(DAG_PROCESSOR)
    last = SERVICES["api-server"]["command"][0].rpartition("&& exec ")[2]
    assert last == " ".join(("airflow", *API_SERVER))


def test_the_operators_password_becomes_airflows_file(tmp_path: Path) -> None:
    command = SERVICES["api-server"]["command"][0]
    told = {
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(tmp_path / "file"),
        "OPERATOR_PASSWORD": "0123abcd",
    }
    writing = command.partition("&& exec")[0] + "&& env"
    ran = subprocess.run(
        ["/bin/bash", "-c", writing],
        check=True,
        capture_output=True,
        env=told,
        text=True,
        timeout=10,
    )
    written = tmp_path / "file"
    assert json.loads(written.read_text()) == {"operator": "0123abcd"}
    assert written.stat().st_mode & 0o777 == 0o600
    assert "0123abcd" not in ran.stdout
