"""One Airflow DAG run, as the product remembers it."""

from datetime import datetime

from pydantic import Field

from trial_reports.database.model import Value


class Totals(Value):
    """How the jobs of a run ended."""

    jobs: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    unaccounted: int = 0


class Run(Value):
    """A run of ``weekly_reports``; ``_id`` is Airflow's run id."""

    id: str = Field(alias="_id")
    as_of: datetime
    reason: str
    batch_size: int | None = None
    planned_at: datetime
    closed_at: datetime | None = None
    totals: Totals | None = None
