"""A coordinator opens a participant's report, where the study allows it."""

from typing import Any

import pytest

from tests.integration.graphql_api.client import ApiClient
from tests.integration.graphql_api.rights.world import Role, World
from tests.integration.graphql_api.rows import Rows

OPEN = """
mutation ($input: OpenReportInput!) {
  openReport(input: $input) {
    __typename
    ... on OpenReportSuccess { url }
    ... on Error { code }
  }
}
"""
COORDINATOR: Role = "coordinator of the site"
PURPOSE = "A call about dizziness."


def _open(api: ApiClient, world: World, purpose: str = PURPOSE) -> dict[str, Any]:
    job = world.place(COORDINATOR, "same site").job_id
    wanted = {"jobId": job, "purpose": purpose}
    answer = api.graphql(world.user(COORDINATOR), OPEN, input=wanted)
    opened: dict[str, Any] = answer["data"]["openReport"]
    return opened


def test_a_coordinators_opening_is_written_down_with_its_purpose(
    api: ApiClient, database: Rows, world: World
) -> None:
    assert _open(api, world)["url"].startswith("http")

    (event,) = database["audit_events"].find({})
    assert event["action"] == "open_report"
    assert event["actor"] == world.user(COORDINATOR).id
    assert event["subject"] == world.place(COORDINATOR, "same site").job_id
    assert event["reason"] == PURPOSE


def test_a_study_that_does_not_allow_it_opens_no_report(
    api: ApiClient, database: Rows, world: World
) -> None:
    forbidden = {"$set": {"coordinatorsOpenReports": False}}
    database["studies"].update_one({"_id": "stu_one"}, forbidden)

    assert _open(api, world) == {
        "__typename": "NotPermittedError",
        "code": "NOT_PERMITTED",
    }
    (event,) = database["audit_events"].find({})
    assert (event["action"], event["details"]) == ("deny", {"what": "open_report"})


@pytest.mark.parametrize("purpose", ["", "  \n "])
def test_without_a_purpose_nothing_is_opened(
    api: ApiClient, database: Rows, world: World, purpose: str
) -> None:
    assert _open(api, world, purpose)["__typename"] == "ValidationError"
    assert database["audit_events"].count_documents({}) == 0
