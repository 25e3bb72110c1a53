"""The weekly report: plan, then one mapped task group for each subscription.

Every rule is in ``trial_reports``; here are the schedule and the wiring.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, Param, chain, dag, task, task_group

from trial_reports.jobs.models import STAGES, Stage
from trial_reports.settings import load_settings
from trial_reports_airflow.names import (
    CLOSE_RUN,
    STAGE_GROUP,
    WEEKLY_REPORTS,
    queue_of,
)
from trial_reports_airflow.retry import StageRetryPolicy
from trial_reports_airflow.runs import close_run, plan_run
from trial_reports_airflow.stages import run_stage, settle_failed_task

SETTINGS = load_settings()
RETRY_DELAY = timedelta(seconds=SETTINGS.pipeline.retry_seconds)


def stage_task(stage: Stage, batch: Any) -> Any:  # noqa: ANN401 - Airflow's XComArg
    """Return the task that runs a stage for one batch.

    A stage after the first also runs when the one before it failed: it goes on
    with the batch's survivors.
    """

    @task(
        task_id=stage,
        queue=queue_of(stage),
        pool=queue_of(stage),
        trigger_rule="all_success" if stage == STAGES[0] else "all_done",
        weight_rule="upstream",  # reports that have been started are finished first
        retries=SETTINGS.pipeline.retries,
        retry_policy=StageRetryPolicy(RETRY_DELAY),
        execution_timeout=timedelta(seconds=SETTINGS.pipeline.stage_seconds),
        on_failure_callback=settle_failed_task,
        map_index_template="{{ task.op_kwargs['batch'] }}",
    )
    def run(batch: str) -> None:  # noqa: ARG001 - the label in Airflow's grid
        run_stage(stage)

    return run(batch=batch)


@dag(
    dag_id=WEEKLY_REPORTS,
    schedule=CronTriggerTimetable(
        SETTINGS.schedule.cron,
        timezone="UTC",
        # An unpaused DAG waits for its tick; dispatch_reports sees what is overdue.
        run_immediately=timedelta(0),
    ),
    catchup=False,
    # A run waits as long as a study's delivery is paused; others must not wait for it.
    max_active_runs=16,
    default_args={
        "queue": "default",
        "retries": 3,
        # Also where a task's process is killed and no policy is asked.
        "retry_delay": RETRY_DELAY,
        "execution_timeout": timedelta(minutes=30),
    },
    max_active_tasks=64,
    params={
        "as_of": Param(
            None,
            type=["null", "string"],
            format="date-time",
            description="The time the run stands for; the run's own by default.",
        ),
        "period": Param(
            None,
            type=["null", "string"],
            pattern=r"^\d{4}-W\d{2}$",
            description="One ISO week, such as 2026-W47, instead of what is owed.",
        ),
        "subscriptions": Param(
            None,
            type=["null", "array"],
            items={"type": "string"},
            description="Only these subscriptions.",
        ),
        "jobs": Param(
            None,
            type=["null", "array"],
            items={"type": "string"},
            description="Make these jobs' reports anew; mails are not repeated.",
        ),
        "reason": Param(
            "scheduled", type="string", description="Why this run is made."
        ),
    },
    tags=["reports"],
    doc_md=__doc__,
)
def weekly_reports() -> None:
    """Plan, make and mail the reports that are owed, and account for each."""

    @task
    def plan() -> list[str]:
        return plan_run()

    @task_group(group_id=STAGE_GROUP)
    def report(batch: str) -> None:
        chain(*(stage_task(stage, batch) for stage in STAGES))

    @task(task_id=CLOSE_RUN, trigger_rule="all_done")
    def close() -> None:
        close_run()

    report.expand(batch=plan()) >> close()


weekly_reports()
