"""The note of a weekly run: how its jobs ended, in Airflow's list of runs.

A task cannot write its run's note. This listener does: Airflow calls it where a
run ends, in the scheduler, or in the API server when a person marks it. Both
catch and log what it raises.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from airflow.listeners import hookimpl

from trial_reports_airflow.names import CLOSE_RUN, TOTALS, WEEKLY_REPORTS

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun

_ENDS = ("completed", "failed", "cancelled", "unaccounted")


@hookimpl
def on_dag_run_success(dag_run: "DagRun") -> None:
    """Airflow's hook: a run has succeeded."""
    _write_note(dag_run)


@hookimpl
def on_dag_run_failed(dag_run: "DagRun") -> None:
    """Airflow's hook: a run has failed, or was marked so."""
    _write_note(dag_run)


def note_of(totals: Mapping[str, int]) -> str:
    """Return totals as a person reads them: ``38 completed, 1 failed``.

    Args:
        totals: The number of jobs for each way to end.
    """
    told = [f"{totals[end]} {end}" for end in _ENDS if totals.get(end)]
    return ", ".join(told) or "nothing to do"


def _write_note(dag_run: "DagRun") -> None:
    """Write the note in the session that is about to commit the run's state.

    One statement, since a person may be writing a note at the same moment; theirs
    stays.
    """
    if dag_run.dag_id != WEEKLY_REPORTS:
        return
    from airflow.models.dagrun import DagRunNote
    from airflow.models.xcom import XComModel
    from sqlalchemy.dialects.postgresql import insert
    from sqlalchemy.orm import object_session

    session = object_session(dag_run)
    if session is None:
        return
    closed = session.scalar(
        XComModel.get_many(
            run_id=dag_run.run_id,
            dag_ids=WEEKLY_REPORTS,
            task_ids=CLOSE_RUN,
            key=TOTALS,
            limit=1,
        )
    )
    if closed is None:
        return
    note = note_of(XComModel.deserialize_value(closed))
    now = datetime.now(UTC)
    session.execute(
        insert(DagRunNote)
        .values(dag_run_id=dag_run.id, content=note, created_at=now, updated_at=now)
        .on_conflict_do_update(
            index_elements=[DagRunNote.dag_run_id],
            set_={"content": note, "updated_at": now},
            where=DagRunNote.user_id.is_(None),
        )
    )
