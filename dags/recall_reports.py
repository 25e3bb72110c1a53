"""Call back a study's reports of one week: nothing more is sent, no link opens.

`preview` says what `recall` would do. The log lists who had opened their report
before through its link, and which jobs had been mailed. `lift` lets the week's
reports be made anew (trigger `weekly_reports` with `jobs`): those that had not been
mailed are mailed by themselves, the others by `resend_reports`. What was recalled
stays closed for ever.
"""

from airflow.sdk import Param, dag, task

from trial_reports_airflow import operating
from trial_reports_airflow.forms import REASON, TIME_OUT


@dag(
    dag_id="recall_reports",
    schedule=None,
    is_paused_upon_creation=False,
    max_active_runs=1,
    params={
        "action": Param("preview", enum=["preview", "recall", "lift"]),
        "study": Param(type="string", minLength=1, description="The study's id."),
        "period": Param(
            type="string",
            pattern=r"^\d{4}-W\d{2}$",
            description="The reported ISO week, such as 2026-W47.",
        ),
        "reason": REASON,
    },
    dagrun_timeout=TIME_OUT,
    tags=["reports", "operators"],
    doc_md=__doc__,
)
def recall_reports() -> None:
    """Recall a study's week, preview that, or lift a recall."""

    @task(queue="default", retries=1)
    def decide() -> dict[str, int]:
        return operating.recall_reports()

    decide()


recall_reports()
