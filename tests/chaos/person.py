"""What a person at Airflow's page could do, by its REST API."""

from local_stack.airflow_client import AirflowClient
from local_stack.airflow_models import DagRun

_MOST_RUNS = 100


class Person(AirflowClient):
    """Somebody with the right to clear tasks, and to end and delete runs."""

    def unfinished_runs(self, dag_id: str) -> list[DagRun]:
        """Return the runs that are queued or running."""
        query = f"state=queued&state=running&limit={_MOST_RUNS}"
        answer = self._ask("GET", f"/dags/{dag_id}/dagRuns?{query}")
        return [DagRun.model_validate(row) for row in answer["dag_runs"]]

    def delete_run(self, dag_id: str, run_id: str) -> None:
        """Have Airflow forget a run that has finished."""
        self._client.delete(f"/dags/{dag_id}/dagRuns/{run_id}").raise_for_status()
