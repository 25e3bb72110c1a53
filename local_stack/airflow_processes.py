"""Airflow's four processes: API server, scheduler, DAG processor, Celery worker."""

import sys
from collections.abc import Mapping
from importlib.metadata import version

import httpx
import psycopg
from psycopg import sql
from redis import Redis

from local_stack.http_service import HttpService
from local_stack.process import ManagedProcess
from local_stack.process_group import ProcessGroup

WORKER = "airflow-worker"
QUEUES = "fetch,aggregate,render,email,default"
API_SERVER = ("api-server", "--workers", "1")
SCHEDULER = ("scheduler",)
DAG_PROCESSOR = ("dag-processor",)

_MIGRATION_SECONDS = 180.0
_START_SECONDS = 120.0
_CONNECT_SECONDS = 5
_HEALTH = "/api/v2/monitor/health"
_CONCURRENCY = "4"
_LISTENING_WORKERS = "_kombu.binding.celery.pidbox"
"""The Redis set in which a Celery worker enters itself once it takes tasks."""


class AirflowProcesses:
    """Airflow, from an empty database to a worker that takes tasks.

    Args:
        group: Starts and stops the processes.
        environment: From ``airflow_environment``.
        url: Where the API server will answer.
    """

    def __init__(
        self, group: ProcessGroup, environment: Mapping[str, str], url: str
    ) -> None:
        self._group = group
        self._environment = environment
        self._url = url

    def migrate(self, postgres_uri: str) -> None:
        """Create or upgrade the metadata database, unless it is up to date.

        Args:
            postgres_uri: The database; its comment says which version made it.

        Raises:
            StackError: It failed; shows the end of the log.
        """
        wanted = f"migrated to Airflow {version('apache-airflow')}"
        with psycopg.connect(
            postgres_uri, autocommit=True, connect_timeout=_CONNECT_SECONDS
        ) as connection:
            database = connection.info.dbname
            if _comment(connection) == wanted:
                return
            migration = self._airflow("airflow-migration", "db", "migrate")
            self._group.finish(migration, _MIGRATION_SECONDS)
            connection.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                    sql.Identifier(database), sql.Literal(wanted)
                )
            )

    def start(self, redis_url: str) -> None:
        """Start the processes and wait until all of them are at work.

        Args:
            redis_url: The Celery broker.

        Raises:
            StackError: One did not come up; shows the end of its log.
        """
        server = self._airflow("airflow-api-server", *API_SERVER)
        scheduler = self._airflow("airflow-scheduler", *SCHEDULER)
        processor = self._airflow("airflow-dag-processor", *DAG_PROCESSOR)
        worker = self._airflow(WORKER, *worker_arguments(QUEUES))
        HttpService(server, self._url, _HEALTH).wait_until_ready(_START_SECONDS)
        scheduler.wait_until(lambda: self._is_healthy("scheduler"), _START_SECONDS)
        processor.wait_until(lambda: self._is_healthy("dag_processor"), _START_SECONDS)
        wait_for_worker(worker, redis_url)

    def _airflow(self, name: str, *arguments: str) -> ManagedProcess:
        command = [sys.executable, "-m", "airflow", *arguments]
        return self._group.start(name, command, environment=self._environment)

    def _is_healthy(self, part: str) -> bool:
        """Ask the API server; if it cannot say, see whether something died."""
        self._group.require_all_running()
        try:
            answer = httpx.get(
                self._url + _HEALTH, timeout=_CONNECT_SECONDS, trust_env=False
            )
        except httpx.HTTPError:
            return False
        return bool(answer.json()[part]["status"] == "healthy")


def worker_arguments(queues: str) -> tuple[str, ...]:
    """Return the command line of a worker.

    Args:
        queues: The Celery queues it listens to, with commas between them.
    """
    return (
        *("celery", "worker", "--queues", queues, "--concurrency", _CONCURRENCY),
        # Task logs are read from the folder that all processes share.
        *("--skip-serve-logs", "--without-mingle", "--without-gossip"),
    )


def wait_for_worker(worker: ManagedProcess, redis_url: str) -> None:
    """Wait until a worker takes tasks.

    Args:
        worker: The process.
        redis_url: The Celery broker; no other worker has entered itself there.

    Raises:
        StackError: It did not come up; shows the end of its log.
    """
    with Redis.from_url(redis_url, socket_timeout=1) as broker:
        worker.wait_until(
            lambda: bool(broker.exists(_LISTENING_WORKERS)), _START_SECONDS
        )


def _comment(connection: psycopg.Connection) -> str | None:
    row = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        "WHERE datname = current_database()"
    ).fetchone()
    return row[0] if row else None
