"""Mail finished reports once more, with a reason.

Clearing tasks never does: this is the only way to a second mail. The PDF stays
as it is, and the earlier mail's link goes on working.
"""

from airflow.sdk import Param, dag, task

from trial_reports_airflow import operating


@dag(
    dag_id="resend_reports",
    schedule=None,
    max_active_runs=1,
    params={
        "jobs": Param(
            type="array",
            items={"type": "string"},
            minItems=1,
            maxItems=1000,
            description="Completed jobs, one id in each line.",
        ),
        "reason": Param(type="string", minLength=3, description="Why, for the audit."),
    },
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
