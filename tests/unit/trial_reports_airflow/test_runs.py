"""What a run was asked for, and clear words where that makes no sense."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.builders import MONDAY_NOON
from trial_reports.errors import RequestError
from trial_reports.pipeline.plan import PlanRequest
from trial_reports_airflow.runs import plan_request

DEFAULTS: dict[str, Any] = {
    "as_of": None,
    "period": None,
    "subscriptions": None,
    "jobs": None,
    "reason": "scheduled",
}


def asked(**params: Any) -> PlanRequest:
    return plan_request("run_one", MONDAY_NOON, DEFAULTS | params)


def test_the_weekly_tick_asks_for_everything_that_is_owed() -> None:
    assert asked() == PlanRequest(run="run_one", as_of=MONDAY_NOON, reason="scheduled")


def test_an_empty_form_asks_for_the_same() -> None:
    assert asked(as_of="", period="", reason="") == asked()


@pytest.mark.parametrize("param", ["subscriptions", "jobs"])
def test_a_list_of_nobody_is_not_taken_for_everybody(param: str) -> None:
    with pytest.raises(RequestError, match="An empty list means nobody"):
        asked(**{param: []})


def test_the_reason_is_kept() -> None:
    assert asked(reason="wrong unit").reason == "wrong unit"


@pytest.mark.parametrize(
    "as_of",
    ["2026-11-16T12:00:00Z", "2026-11-16T13:00:00+01:00", "2026-11-16T12:00:00+00:00"],
)
def test_a_run_can_stand_for_an_earlier_time(as_of: str) -> None:
    instant = asked(as_of=as_of).as_of

    assert instant == datetime(2026, 11, 16, 12, tzinfo=UTC)
    assert instant.tzinfo is UTC


@pytest.mark.parametrize(
    "as_of",
    ["2026-11-16", "2026-11-16T12:00:00", "Monday", "0001-01-01T00:00:00+14:00"],
)
def test_a_time_without_its_zone_is_refused(as_of: str) -> None:
    with pytest.raises(RequestError, match="as_of must be a time with its zone"):
        asked(as_of=as_of)


def test_nobody_is_reported_on_a_week_that_is_not_over() -> None:
    later = (MONDAY_NOON + timedelta(seconds=1)).isoformat()

    with pytest.raises(RequestError, match="as_of lies in the future"):
        asked(as_of=later)


def test_one_week_can_be_asked_for_and_for_some_people_only() -> None:
    request = asked(period="2026-W46", subscriptions=["sub_one", "sub_two"])

    assert request.period == "2026-W46"
    assert request.subscriptions == ("sub_one", "sub_two")
    assert request.scope == {"subscriptionId": {"$in": ["sub_one", "sub_two"]}}


@pytest.mark.parametrize(
    "period", ["2026-W54", "2025-W53", "2026-W00", "last week", "9999-W52", "W47"]
)
def test_a_week_that_does_not_exist_is_refused(period: str) -> None:
    with pytest.raises(RequestError, match="period must be an ISO week that exists"):
        asked(period=period)


def test_some_jobs_can_be_asked_for_and_nothing_beside_them() -> None:
    assert asked(jobs=["job_one"]).scope == {"_id": {"$in": ["job_one"]}}
    for also in ({"period": "2026-W46"}, {"subscriptions": ["sub_one"]}):
        with pytest.raises(RequestError, match="Give jobs alone"):
            asked(jobs=["job_one"], **also)
