"""Decide about mails of which nobody knows whether the provider has them.

Such a job fails with `delivery_unknown`. Look its mail up at the provider by the
custom argument `jobId`: if it arrived, the job is completed; if it did not, its
report is mailed again.
"""

from airflow.sdk import Param, dag, task

from trial_reports_airflow import operating
from trial_reports_airflow.forms import JOBS, REASON, TIME_OUT


@dag(
    dag_id="settle_deliveries",
    schedule=None,
    is_paused_upon_creation=False,
    max_active_runs=1,
    params={
        "jobs": JOBS,
        "finding": Param(
            type="string",
            enum=["arrived", "not_arrived"],
            description="What the provider knows of the mail.",
        ),
        "reason": REASON,
    },
    dagrun_timeout=TIME_OUT,
    tags=["reports", "operators"],
    doc_md=__doc__,
)
def settle_deliveries() -> None:
    """Act on what an operator has found out."""

    @task(queue="default", retries=0)
    def settle() -> None:
        operating.settle_deliveries()

    settle()


settle_deliveries()
