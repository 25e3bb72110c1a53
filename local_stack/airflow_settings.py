"""Everything Airflow is told, as environment variables: no airflow.cfg."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pymongo.uri_parser import parse_uri

from local_stack.environment import AWS_KEY, PROJECT, REGION
from local_stack.ports import LOOPBACK
from local_stack.secrets_file import Secrets
from local_stack.services import Services

OPERATOR = "operator"
"""The only user: runs, clears and marks everything, and needs no more."""

# Imported once by the worker instead of anew by every task that it forks.
_PRELOADED = [
    "airflow.dag_processing.dagbag",
    "airflow.providers.amazon.aws.hooks.base_aws",
    "airflow.providers.mongo.hooks.mongo",
    "airflow.providers.standard.operators.python",
    "airflow.sdk.definitions.decorators",
    "airflow.sdk.execution_time.callback_runner",
    "airflow.utils.docs",
    "trial_reports_airflow.connections",
]


def airflow_environment(
    services: Services, postgres_uri: str, redis_url: str, url: str, dags: Path
) -> dict[str, str]:
    """Return the variables for all of Airflow's processes.

    Args:
        services: What the tasks use.
        postgres_uri: The metadata database, ``postgresql://…``.
        redis_url: The Celery broker.
        url: Where the API server shall answer.
        dags: The folder of DAG files.
    """
    home = services.data / "airflow"
    options = {
        "core": _core(services.secrets, home, url, dags),
        "api": {"base_url": url, "host": LOOPBACK, "port": urlsplit(url).port},
        "api_auth": {"jwt_secret": services.secrets.jwt_secret},
        "celery": _celery(postgres_uri, redis_url),
        "dag_processor": {
            "bundle_refresh_check_interval": 1,
            # A file is parsed anew at once when it changes, and otherwise seldom.
            "min_file_process_interval": 300,
            "refresh_interval": 5,
        },
        "database": {"sql_alchemy_conn": _with_driver(postgres_uri)},
        "logging": {"colored_console_log": False, "logging_level": "INFO"},
        "scheduler": _scheduler(),
        # A task's slot is held for up to this long after it has ended.
        "workers": {"min_heartbeat_interval": 1},
    }
    return (
        services.environment()
        | {
            f"AIRFLOW__{section.upper()}__{name.upper()}": str(value)
            for section, values in options.items()
            for name, value in values.items()
        }
        | {
            "AIRFLOW_CONN_AWS_DEFAULT": _aws_connection(services.aws_endpoint_url),
            "AIRFLOW_CONN_MONGO_DEFAULT": _mongo_connection(services.mongo_uri),
            "AIRFLOW_HOME": str(home),
        }
    )


def write_passwords(home: Path, secrets: Secrets) -> None:
    """Write the file with the operator's password.

    Args:
        home: Airflow's home.
        secrets: Hold the password.
    """
    home.mkdir(exist_ok=True)
    path = _passwords(home)
    path.touch(mode=0o600)
    path.write_text(json.dumps({OPERATOR: secrets.airflow_password}))


def _passwords(home: Path) -> Path:
    return home / "passwords.json"


def _core(secrets: Secrets, home: Path, url: str, dags: Path) -> dict[str, Any]:
    return {
        "dags_folder": dags,
        "execution_api_server_url": f"{url}/execution/",
        "executor": "CeleryExecutor",
        "fernet_key": secrets.fernet_key,
        "hostname_callable": "socket.gethostname",  # no name server needed
        "load_examples": False,
        "max_active_tasks_per_dag": 64,
        "parallelism": 64,
        "plugins_folder": PROJECT / "plugins",
        "simple_auth_manager_all_admins": False,
        "simple_auth_manager_passwords_file": _passwords(home),
        "simple_auth_manager_users": f"{OPERATOR}:op",
        # A failed task's dead letters are sent after Airflow has called it failed.
        "task_success_overtime": 120,
    }


def _celery(postgres_uri: str, redis_url: str) -> dict[str, Any]:
    return {
        "broker_url": redis_url,
        "extra_celery_config": json.dumps({"imports": _PRELOADED}),
        # Not in Redis: it forgets, and a lost result fails a task that succeeded.
        "result_backend": f"db+{_with_driver(postgres_uri)}",
        "worker_concurrency": 4,
    }


def _scheduler() -> dict[str, Any]:
    """Return time-outs short enough for a person who kills things and watches."""
    return {
        "max_tis_per_query": 64,
        # A queue whose workers are away loses no task: it is put there anew.
        "num_stuck_in_queued_retries": 1000,
        "orphaned_tasks_check_interval": 15,
        "scheduler_health_check_threshold": 15,
        "task_instance_heartbeat_timeout": 30,
        "task_instance_heartbeat_timeout_detection_interval": 5,
        "task_queued_timeout": 120,
        "task_queued_timeout_check_interval": 15,
    }


def _with_driver(postgres_uri: str) -> str:
    return postgres_uri.replace("postgresql://", "postgresql+psycopg://", 1)


def _aws_connection(endpoint_url: str) -> str:
    return json.dumps(
        {
            "conn_type": "aws",
            "login": AWS_KEY,
            "password": AWS_KEY,
            "extra": {"endpoint_url": endpoint_url, "region_name": REGION},
        }
    )


def _mongo_connection(uri: str) -> str:
    """Return the connection from which MongoHook builds the same address."""
    parsed = parse_uri(uri)
    hosts = ",".join(f"{host}:{port}" for host, port in parsed["nodelist"])
    return json.dumps(
        {
            "conn_type": "mongo",
            "host": hosts,
            "login": parsed["username"],
            "password": parsed["password"],
            "schema": parsed["database"],
            "extra": dict(parsed["options"]),
        }
    )
