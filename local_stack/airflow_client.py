"""A typed client of Airflow's REST API, as much as the demo and the tests need."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

import httpx
from pydantic import BaseModel

_TIMEOUT_SECONDS = 30
_POLL_SECONDS = 0.5
_PAGE = 100
_FINAL_STATES = frozenset(("success", "failed"))


class TaskInstance(BaseModel):
    """One task of a run; ``map_index`` is -1 where it is not mapped."""

    task_id: str
    map_index: int
    state: str | None
    try_number: int
    max_tries: int
    rendered_map_index: str | None = None


class DagRun(BaseModel):
    """One run of a DAG."""

    dag_run_id: str
    state: str
    conf: dict[str, Any] | None = None

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in _FINAL_STATES


class AirflowClient:
    """Airflow's REST API.

    Args:
        client: Knows Airflow's address and the token.
    """

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    @classmethod
    def sign_in(cls, url: str, user: str, password: str) -> Self:
        """Return a client that acts as this user.

        Args:
            url: Airflow's address, without a trailing slash.
            user: The user's name.
            password: The user's password.
        """
        client = httpx.Client(base_url=url, timeout=_TIMEOUT_SECONDS, trust_env=False)
        answer = client.post(
            "/auth/token", json={"username": user, "password": password}
        )
        token = answer.raise_for_status().json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        client.base_url = httpx.URL(f"{url}/api/v2")
        return cls(client)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def import_pools(self, pools: Mapping[str, int]) -> None:
        """Create these pools, or change them to these numbers of slots."""
        entities = [{"name": name, "slots": slots} for name, slots in pools.items()]
        action = {
            "action": "create",
            "action_on_existence": "overwrite",
            "entities": entities,
        }
        self._ask("PATCH", "/pools", {"actions": [action]})

    def has_dag(self, dag_id: str) -> bool:
        """Tell whether the DAG has been parsed."""
        answer = self._client.get(f"/dags/{dag_id}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return False
        return answer.raise_for_status().is_success

    def import_errors(self) -> list[str]:
        """Return why DAG files could not be parsed."""
        errors = self._ask("GET", "/importErrors")["import_errors"]
        return [error["stack_trace"] for error in errors]

    def unpause(self, dag_id: str) -> None:
        """Let the DAG run."""
        self._ask("PATCH", f"/dags/{dag_id}", {"is_paused": False})

    def trigger_dag(self, dag_id: str, conf: Mapping[str, Any]) -> str:
        """Start a run.

        Args:
            dag_id: The DAG.
            conf: The run's parameters.

        Returns:
            The id of the run.
        """
        body = {"logical_date": None, "conf": dict(conf)}
        return str(self._ask("POST", f"/dags/{dag_id}/dagRuns", body)["dag_run_id"])

    def dag_run(self, dag_id: str, run_id: str) -> DagRun:
        """Return a run."""
        answer = self._ask("GET", f"/dags/{dag_id}/dagRuns/{run_id}")
        return DagRun.model_validate(answer)

    def dag_runs(self, dag_id: str) -> list[DagRun]:
        """Return every run of a DAG."""
        path = f"/dags/{dag_id}/dagRuns"
        return [DagRun.model_validate(row) for row in self._pages(path, "dag_runs")]

    def wait_for_run(self, dag_id: str, run_id: str, timeout: float) -> DagRun:
        """Return a run once it has finished.

        Args:
            dag_id: The DAG.
            run_id: The run.
            timeout: How long it may take, in seconds.

        Raises:
            TimeoutError: It is still at work.
        """
        deadline = time.monotonic() + timeout
        while not (run := self.dag_run(dag_id, run_id)).finished:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{run_id} is {run.state} after {timeout:g} s")
            time.sleep(_POLL_SECONDS)
        return run

    def task_instances(self, dag_id: str, run_id: str) -> list[TaskInstance]:
        """Return every task of a run, mapped ones too."""
        path = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances"
        rows = self._pages(path, "task_instances")
        return [TaskInstance.model_validate(row) for row in rows]

    def clear_task_instances(
        self, dag_id: str, run_id: str, tasks: Sequence[str | tuple[str, int]]
    ) -> None:
        """Have tasks done again, as an operator's "Clear" does.

        Args:
            dag_id: The DAG.
            run_id: The run.
            tasks: Task ids, with the map index where only one is meant.
        """
        body = {
            "dag_run_id": run_id,
            "dry_run": False,
            "only_failed": False,
            "reset_dag_runs": True,
            "task_ids": list(tasks),
        }
        self._ask("POST", f"/dags/{dag_id}/clearTaskInstances", body)

    def _pages(self, path: str, key: str) -> Iterator[dict[str, Any]]:
        offset = 0
        while True:
            page = self._ask("GET", f"{path}?limit={_PAGE}&offset={offset}&order_by=id")
            yield from page[key]
            offset += _PAGE
            if offset >= page["total_entries"]:
                return

    def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        answer = self._client.request(method, path, json=body)
        result: dict[str, Any] = answer.raise_for_status().json()
        return result
