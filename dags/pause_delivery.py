"""Stop sending mail, for everybody or one study, or let it go on.

Nothing is lost: jobs wait where they are, and go on by themselves once delivery
is resumed. It also ends a pause that the service has begun by itself.
"""

from airflow.sdk import Param, dag, task

from trial_reports_airflow import operating
from trial_reports_airflow.forms import REASON, TIME_OUT


@dag(
    dag_id="pause_delivery",
    schedule=None,
    is_paused_upon_creation=False,
    max_active_runs=1,
    params={
        "action": Param("pause", enum=["pause", "resume"]),
        "study": Param(
            None,
            type=["null", "string"],
            description="A study's id; empty means everybody.",
        ),
        "reason": REASON,
    },
    dagrun_timeout=TIME_OUT,
    tags=["reports", "operators"],
    doc_md=__doc__,
)
def pause_delivery() -> None:
    """Pause or resume delivery."""

    @task(queue="default", retries=1)
    def decide() -> None:
        operating.pause_delivery()

    decide()


pause_delivery()
