"""A typed client of Airflow's REST API, as much as demo and tests need."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Self

import httpx

from local_stack.airflow_models import DagRun, TaskInstance

_TIMEOUT_SECONDS = 30
_POLL_SECONDS = 0.5
_PAGE = 100


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

    def pause(self, dag_id: str) -> None:
        """Let the DAG start no run and no task any more."""
        self._ask("PATCH", f"/dags/{dag_id}", {"is_paused": True})

    def trigger_dag(
        self, dag_id: str, conf: Mapping[str, Any], run_id: str | None = None
    ) -> str:
        """Start a run.

        Args:
            dag_id: The DAG.
            conf: The run's parameters.
            run_id: The run's id; Airflow makes one up otherwise.

        Returns:
            The id of the run.
        """
        body = {"dag_run_id": run_id, "logical_date": None, "conf": dict(conf)}
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
        self,
        dag_id: str,
        run_id: str,
        tasks: Sequence[str | tuple[str, int]],
        *,
        downstream: bool = False,
    ) -> None:
        """Have tasks done again, as an operator's "Clear" does.

        Args:
            dag_id: The DAG.
            run_id: The run.
            tasks: Task ids, with the map index where only one is meant.
            downstream: Whether what comes after them is done again too.
        """
        body = {
            "dag_run_id": run_id,
            "dry_run": False,
            "include_downstream": downstream,
            "only_failed": False,
            "reset_dag_runs": True,
            "task_ids": list(tasks),
        }
        self._ask("POST", f"/dags/{dag_id}/clearTaskInstances", body)

    def clear_run(self, dag_id: str, run_id: str, *, only_failed: bool = False) -> None:
        """Have a run's tasks done again: all of them, or those that failed."""
        body = {"dry_run": False, "only_failed": only_failed}
        self._ask("POST", f"/dags/{dag_id}/dagRuns/{run_id}/clear", body)

    def mark_task(
        self,
        dag_id: str,
        run_id: str,
        task: tuple[str, int],
        state: Literal["success", "failed"],
    ) -> None:
        """Declare that one mapped task has ended, whether it is running or not."""
        task_id, map_index = task
        self._ask(
            "PATCH",
            f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/{map_index}",
            {"new_state": state},
        )

    def mark_run(
        self, dag_id: str, run_id: str, state: Literal["success", "failed"]
    ) -> None:
        """Declare that a run has ended; what is running in it is stopped."""
        self._ask("PATCH", f"/dags/{dag_id}/dagRuns/{run_id}", {"state": state})

    def write_note(self, dag_id: str, run_id: str, note: str) -> None:
        """Write a run's note."""
        self._ask("PATCH", f"/dags/{dag_id}/dagRuns/{run_id}", {"note": note})

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
