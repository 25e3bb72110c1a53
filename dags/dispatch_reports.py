"""Every five minutes: whatever has no run gets one."""

from datetime import timedelta

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import CronTriggerTimetable, dag, task

from trial_reports_airflow.names import DISPATCH_REPORTS, WEEKLY_REPORTS
from trial_reports_airflow.runs import needs_run


@dag(
    dag_id=DISPATCH_REPORTS,
    schedule=CronTriggerTimetable("*/5 * * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=30),
    tags=["reports"],
    doc_md=__doc__,
)
def dispatch_reports() -> None:
    """Release orphaned jobs, and start a run for everything that waits."""

    @task.short_circuit(queue="default", retries=1, retry_delay=timedelta(seconds=30))
    def is_run_needed() -> bool:
        return needs_run()

    start_run = TriggerDagRunOperator(
        task_id="start_run",
        trigger_dag_id=WEEKLY_REPORTS,
        conf={"reason": "dispatched"},
        queue="default",
    )
    is_run_needed() >> start_run


dispatch_reports()
