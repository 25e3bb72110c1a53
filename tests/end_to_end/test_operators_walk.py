"""An operator repairs a report with nothing but Airflow's page and a cause mended.

`make walk` takes the pictures of the runbook.
"""

from collections.abc import Iterator

import pytest

from local_stack.demo.prepare import Installation
from tests.builders import a_study
from tests.end_to_end.light_study import (
    LightStudy,
    Reader,
    light_study,
    wait_until,
)
from tests.end_to_end.operators_page import (
    OperatorsPage,
    installed_browser,
    signed_in,
)
from tests.end_to_end.promise import assert_accounted_for
from trial_reports.jobs.models import STAGES
from trial_reports_airflow.names import WEEKLY_REPORTS

BROWSER = installed_browser()
FORGOTTEN = "stu_forgotten"

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.timeout(300),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed"),
]


@pytest.fixture
def operator(installation: Installation) -> Iterator[OperatorsPage]:
    stack = installation.stack
    with signed_in(
        BROWSER or "", stack.airflow_url, stack.airflow_user, stack.airflow_password
    ) as page:
        yield page


def test_an_operator_finds_the_failed_report_reads_why_and_repairs_it(
    installation: Installation, operator: OperatorsPage
) -> None:
    study = light_study(installation, 4)
    unlucky = study.readers[2]
    move_to_a_study_that_nobody_has_loaded(installation, unlucky)
    study.start()
    study.wait()
    letter = study.job(unlucky).dead_letter
    assert letter is not None

    operator.open_run(WEEKLY_REPORTS, study.run)
    operator.expect_state("3 completed, 1 failed")
    operator.take_picture("run")
    operator.open_task(unlucky.subscription.id)
    operator.expect_in_log("study_missing")
    operator.take_picture("log")

    installation.database["studies"].insert_one(a_study(FORGOTTEN).to_row())
    operator.clear_with_downstream(affected=5)  # fetch to email, and close_run
    wait_until(lambda: study.job(unlucky).status == "completed")
    study.wait()
    operator.open_run(WEEKLY_REPORTS, study.run)
    operator.expect_state("4 completed")
    operator.take_picture("repaired")
    assert operator.failed_tasks().count() == 0

    assert_accounted_for_and_closed(study, unlucky)


def assert_accounted_for_and_closed(study: LightStudy, unlucky: Reader) -> None:
    assert assert_accounted_for(study) == {"completed": 4}
    tasks = [study.instance(study.task(stage, unlucky)) for stage in STAGES]
    assert [task.state for task in tasks] == ["success"] * len(STAGES)
    repaired = study.job(unlucky)
    assert (repaired.dead_letter, repaired.error) == (None, None)
    assert repaired.failures == 1


def move_to_a_study_that_nobody_has_loaded(
    installation: Installation, reader: Reader
) -> None:
    database = installation.database
    database["users"].update_one(
        {"_id": reader.user.id}, {"$set": {"memberships.0.studyId": FORGOTTEN}}
    )
    database["subscriptions"].update_one(
        {"_id": reader.subscription.id}, {"$set": {"studyId": FORGOTTEN}}
    )
