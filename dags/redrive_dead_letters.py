"""Take failed jobs up again, once what failed them has been put right.

A dry run, the default, shows in its log which dead letters are open, by stage
and cause, how old the oldest is, and how many your selection means. A real one
makes those jobs wait for a run, which `dispatch_reports` starts within five
minutes, and takes their messages out of SQS. The job goes on where it failed.

Letters of the cause `delivery` are only counted: nobody knows whether their mail
was accepted. `settle_deliveries` is for them.
"""

from datetime import timedelta
from typing import Any, get_args

from airflow.sdk import Param, dag, task

from trial_reports.jobs.models import STAGES, Cause
from trial_reports_airflow.redrive import redrive

_HOURS: dict[str, Any] = {"type": ["null", "number"], "minimum": 0, "maximum": 100_000}


@dag(
    dag_id="redrive_dead_letters",
    schedule=None,
    is_paused_upon_creation=False,
    max_active_runs=1,
    params={
        "dry_run": Param(True, type="boolean", description="Only show what is meant."),  # noqa: FBT003 - a form's default
        "reason": Param(
            None,
            type=["null", "string"],
            maxLength=500,
            description="Why, for the audit; a real redrive needs it. No names.",
        ),
        "stage": Param(
            None,
            type=["null", "string"],
            enum=[None, *STAGES],
            description="Only what failed in this stage.",
        ),
        "cause": Param(
            None,
            type=["null", "string"],
            enum=[None, *get_args(Cause)],
            description="Only failures of this kind.",
        ),
        "code": Param(
            None,
            type=["null", "string"],
            maxLength=100,
            description="Only failures with this code, such as mail_refused.",
        ),
        "older_than_hours": Param(None, **_HOURS, description="Failed before that."),
        "newer_than_hours": Param(None, **_HOURS, description="Failed since then."),
        "jobs": Param(
            None,
            type=["null", "array"],
            items={"type": "string"},
            maxItems=10_000,
            description="Only these jobs, one id in each line.",
        ),
        "limit": Param(
            100,
            type="integer",
            minimum=1,
            maximum=10_000,
            description="At most so many, the oldest first.",
        ),
    },
    tags=["reports", "operators"],
    doc_md=__doc__,
)
def redrive_dead_letters() -> None:
    """Select, redrive, tidy the queues, and tell."""

    # A try that died has redriven some already: another would go over the limit.
    @task(queue="default", retries=0, execution_timeout=timedelta(hours=1))
    def take_up_again() -> dict[str, int]:
        return redrive()

    take_up_again()


redrive_dead_letters()
