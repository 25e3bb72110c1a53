"""What people of each role are told of what they may see."""

from typing import Any

import pytest

from tests.integration.graphql_api.client import ApiClient, signed
from tests.integration.graphql_api.rights.grids import OPERATE_JOB, SEE
from tests.integration.graphql_api.rights.world import ROLES, WHOSE, Role, World

SECRETS = "id reportUrl report { url } run { dagRunId }"
WAYS = {
    "job": f"query ($job: ID!) {{ job(id: $job) {{ ... on Job {{ {SECRETS} }} }} }}",
    "node": f"query ($job: ID!) {{ node(id: $job) {{ ... on Job {{ {SECRETS} }} }} }}",
    "jobs": f"{{ jobs(first: 50) {{ edges {{ node {{ {SECRETS} }} }} }} }}",
    "subscriptions": (
        f"{{ subscriptions(first: 50) {{ edges {{ node {{ latestJob {{ {SECRETS} }} }}"
        " } } }"
    ),
    "deadLetters": (
        f"{{ deadLetters(first: 50) {{ edges {{ node {{ job {{ {SECRETS} }} }} }} }} }}"
    ),
}
"""The ways in which somebody comes to a job."""

EXPLAIN = """
query ($id: ID!) {
  explainDelivery(subscriptionId: $id) {
    ... on DeliveryExplanation { steps { code detail { dagRunId } } }
  }
}
"""
NOBODY_READS = ("nothing any more",)
"""Who has left the study of their own report."""


def _jobs_in(answer: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any JSON
    """Return every job of an answer, wherever it is."""
    if isinstance(answer, dict):
        if "reportUrl" in answer:
            return [answer]
        return [job for it in answer.values() for job in _jobs_in(it)]
    if isinstance(answer, list):
        return [job for it in answer for job in _jobs_in(it)]
    return []


def _jobs_told(
    api: ApiClient, world: World, role: Role, way: str
) -> dict[str, dict[str, Any]]:
    asked = [world.place(role, whose).job_id for whose in WHOSE]
    asks_by_id = "$job" in WAYS[way]
    answers = [
        api.graphql(world.user(role), WAYS[way], **({"job": job} if asks_by_id else {}))
        for job in (asked if asks_by_id else asked[:1])
    ]
    assert not any("errors" in answer for answer in answers)
    return {job["id"]: job for job in _jobs_in(answers)}


@pytest.mark.parametrize("way", WAYS)
def test_only_the_reader_gets_urls_and_only_operators_see_runs(
    api: ApiClient, world: World, way: str
) -> None:
    for role in ROLES:
        for whose in WHOSE:
            place = world.place(role, whose)
            told = _jobs_told(api, world, role, way)
            for job_id in {place.job_id, place.failed_job_id} & told.keys():
                job, cell = told[job_id], (role, whose)
                assert SEE[cell] == "allowed"
                is_reader = whose == "own" and role not in NOBODY_READS
                has_url = is_reader and job_id == place.job_id
                assert (job["reportUrl"] is not None) is has_url, cell
                assert (job["report"] is not None) is has_url, cell
                is_operator = OPERATE_JOB[cell] == "allowed"
                assert (job["run"] is not None) is is_operator, cell


def test_every_way_but_the_operators_shows_everybody_their_own(
    api: ApiClient, world: World
) -> None:
    """So that the test above looks at something."""
    for way in WAYS.keys() - {"deadLetters"}:
        for role in ROLES:
            own = world.place(role, "own").job_id
            assert own in _jobs_told(api, world, role, way)
    for role in ROLES:
        is_operator = role.startswith("operator")
        assert bool(_jobs_told(api, world, role, "deadLetters")) is is_operator


def test_only_operators_are_told_the_details_of_a_delivery(
    api: ApiClient, world: World
) -> None:
    for role in ROLES:
        for whose in WHOSE:
            cell = (role, whose)
            if SEE[cell] != "allowed":
                continue
            place = world.place(role, whose)
            answer = api.graphql(world.user(role), EXPLAIN, id=place.subscription_id)
            steps = answer["data"]["explainDelivery"]["steps"]
            details = [step["detail"] for step in steps if step["detail"]]
            assert bool(details) is (OPERATE_JOB[cell] == "allowed"), cell


@pytest.mark.parametrize("path", ["/jobs/{job}", "/subscriptions/{subscription}/jobs"])
def test_rest_gives_urls_to_the_reader_only(
    api: ApiClient, world: World, path: str
) -> None:
    for role in ROLES:
        for whose in WHOSE:
            place = world.place(role, whose)
            asked = path.format(job=place.job_id, subscription=place.subscription_id)
            answer = api.get(f"/api{asked}", headers=signed(world.user(role)))
            urls = [job for job in _jobs_in(answer.json()) if job["reportUrl"]]
            is_reader = whose == "own" and role not in NOBODY_READS
            assert bool(urls) is is_reader, (role, whose)
