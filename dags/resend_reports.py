"""Mail finished reports once more, with a reason.

Clearing tasks never does: this is the only way to a second mail. The PDF stays
as it is, and the earlier mail's link goes on working.
"""

from airflow.sdk import dag, task

from trial_reports_airflow import operating
from trial_reports_airflow.forms import JOBS, REASON, TIME_OUT


@dag(
    dag_id="resend_reports",
    schedule=None,
    is_paused_upon_creation=False,
    max_active_runs=1,
    params={
        "jobs": JOBS,
        "reason": REASON,
    },
    dagrun_timeout=TIME_OUT,
    tags=["reports", "operators"],
    doc_md=__doc__,
)
def resend_reports() -> None:
    """Have reports mailed once more."""

    @task(queue="default", retries=0)
    def resend() -> None:
        operating.resend_reports()

    resend()


resend_reports()
