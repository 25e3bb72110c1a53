"""Operators recall reports, and stop mails and let them go."""

from datetime import timedelta

import pytest

from tests.builders import MONDAY_NOON, a_job, a_study
from tests.integration.graphql_api.client import ApiClient
from tests.integration.graphql_api.operators.conftest import Operator
from tests.integration.graphql_api.rows import Rows, everything_in
from trial_reports.delivery.controls import EVERYBODY, Controls
from trial_reports.delivery.links import Links
from trial_reports.jobs.models import Job
from trial_reports.users.models import User

WEEK = {"studyId": "stu_one", "period": "2026-W47"}


def _is_paused(database: Rows, study_id: str) -> bool:
    return any(control.pause for control in Controls(database).of(study_id))


def test_a_recall_closes_links_and_cancels_what_is_not_sent(
    operator: Operator,
    database: Rows,
    api: ApiClient,
    links: Links,
    participant: User,
    reported: Job,
) -> None:
    valid = timedelta(days=90)
    token, _ = links.mint(
        reported.id, participant.id, participant.email, MONDAY_NOON, valid
    )
    assert api.post(f"/r/{token}").status_code == 303
    waiting = a_job()
    database["report_jobs"].insert_one(waiting.to_row())

    answer = operator.decides("recallReports", **WEEK, reason="Wrong values.")

    assert answer == {
        "__typename": "RecallReportsSuccess",
        "mailed": 1,
        "unsent": 1,
        "links": 1,
        "openedJobIds": [reported.id],
    }
    assert api.post(f"/r/{token}").status_code == 404
    row = database["report_jobs"].find_one({"_id": waiting.id}) or {}
    assert (row["status"], row["error"]["code"]) == ("cancelled", "recalled")
    (event,) = database["audit_events"].find({})
    assert (event["action"], event["subject"], event["reason"]) == (
        "recall_reports",
        "stu_one",
        "Wrong values.",
    )


@pytest.mark.usefixtures("participant")
def test_a_week_that_is_none_is_told_by_its_field(
    operator: Operator, database: Rows
) -> None:
    before = everything_in(database)

    answer = operator.decides("recallReports", studyId="stu_one", period="2026-W54")

    assert (answer["__typename"], answer["code"]) == (
        "ValidationError",
        "PERIOD_UNKNOWN",
    )
    assert [field["path"] for field in answer["fields"]] == [["input", "period"]]
    assert everything_in(database) == before


@pytest.mark.usefixtures("participant")
def test_a_studys_mails_stop_and_go_on(operator: Operator, database: Rows) -> None:
    paused = operator.decides("pauseDelivery", studyId="stu_one", reason="Odd values.")

    assert paused == {
        "__typename": "DeliverySuccess",
        "paused": True,
        "studyId": "stu_one",
    }
    assert _is_paused(database, "stu_one")
    assert not _is_paused(database, "stu_two")
    (control,) = Controls(database).of("stu_one")
    assert control.pause is not None
    assert (control.pause.by, control.pause.reason) == (operator.user.id, "Odd values.")

    resumed = operator.decides("resumeDelivery", studyId="stu_one")

    assert resumed["paused"] is False
    assert not _is_paused(database, "stu_one")
    actions = [event["action"] for event in database["audit_events"].find({})]
    assert actions == ["pause_delivery", "resume_delivery"]


@pytest.mark.usefixtures("participant")
def test_everybodys_mails_are_for_the_operator_of_all_studies_to_stop(
    operator: Operator, operator_of_all: Operator, database: Rows
) -> None:
    refused = operator.decides("pauseDelivery")
    assert refused["__typename"] == "NotPermittedError"
    assert not _is_paused(database, "stu_one")

    paused = operator_of_all.decides("pauseDelivery")

    assert (paused["paused"], paused["studyId"]) == (True, None)
    assert _is_paused(database, "stu_one")
    assert operator.decides("resumeDelivery")["__typename"] == "NotPermittedError"
    assert _is_paused(database, "stu_one")
    assert operator_of_all.decides("resumeDelivery")["paused"] is False
    assert not _is_paused(database, "stu_one")


@pytest.mark.parametrize("name", ["pauseDelivery", "resumeDelivery", "recallReports"])
@pytest.mark.parametrize(
    ("study_id", "type_"),
    [
        (EVERYBODY, "NotFoundError"),
        ("*", "NotFoundError"),
        ("", "ValidationError"),
    ],
)
def test_words_with_a_meaning_inside_are_no_studies(
    operator_of_all: Operator, database: Rows, name: str, study_id: str, type_: str
) -> None:
    week = {"period": "2026-W47"} if name == "recallReports" else {}

    answer = operator_of_all.decides(name, studyId=study_id, **week)

    assert answer["__typename"] == type_
    assert database["controls"].count_documents({}) == 0
    assert database["recalls"].count_documents({}) == 0


def test_repeating_a_pause_with_another_key_keeps_it(
    operator: Operator, database: Rows
) -> None:
    database["studies"].insert_one(a_study().to_row())

    answers = [operator.decides("pauseDelivery", studyId="stu_one") for _ in range(2)]

    assert answers[0] == answers[1]
    assert _is_paused(database, "stu_one")
