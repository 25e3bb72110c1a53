"""What Airflow's REST API tells about runs and their tasks."""

from typing import Any

from pydantic import BaseModel

_FINAL_STATES = frozenset(("success", "failed"))


class TaskInstance(BaseModel):
    """One task of a run; ``map_index`` is -1 where it is not mapped.

    ``pid`` is the process of its latest try, on the worker's machine.
    """

    task_id: str
    map_index: int
    state: str | None
    try_number: int
    max_tries: int
    pid: int | None = None
    rendered_map_index: str | None = None


class DagRun(BaseModel):
    """One run of a DAG."""

    dag_run_id: str
    state: str
    note: str | None = None
    conf: dict[str, Any] | None = None

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in _FINAL_STATES
