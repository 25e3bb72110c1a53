"""What an operator asks for, and clear words where that makes no sense."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trial_reports.deadletters.open_letters import Selection
from trial_reports.deadletters.redrive import RedriveRequest
from trial_reports.errors import RequestError
from trial_reports_airflow.redrive import redrive_request

DEFAULTS: dict[str, Any] = {
    "dry_run": True,
    "reason": None,
    "stage": None,
    "cause": None,
    "code": None,
    "older_than_hours": None,
    "newer_than_hours": None,
    "jobs": None,
    "limit": 100,
}
HOURS = st.floats(0, 100_000)


def asked(user: str | None = "olivia", **params: Any) -> RedriveRequest:
    return redrive_request(user, DEFAULTS | params)


def test_an_untouched_form_is_a_dry_run_over_everything() -> None:
    assert asked() == RedriveRequest(
        Selection(limit=100), by="olivia", reason="", dry_run=True
    )


def test_everything_that_is_filled_in_counts() -> None:
    request = asked(
        dry_run=False,
        reason=" the provider is back ",
        stage="email",
        cause="service",
        code="mail_refused",
        older_than_hours=1,
        newer_than_hours=48.5,
        jobs=["job_one"],
        limit=7,
    )

    assert request == RedriveRequest(
        Selection(
            stage="email",
            cause="service",
            code="mail_refused",
            older_than=timedelta(hours=1),
            newer_than=timedelta(hours=48.5),
            jobs=("job_one",),
            limit=7,
        ),
        by="olivia",
        reason="the provider is back",
        dry_run=False,
    )


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_nobody_redrives_without_saying_why(reason: str | None) -> None:
    with pytest.raises(RequestError, match="needs a reason"):
        asked(dry_run=False, reason=reason)


def test_an_empty_list_is_not_taken_for_every_job() -> None:
    with pytest.raises(RequestError, match="An empty list means no job"):
        asked(jobs=[])


@given(older=HOURS, newer=HOURS)
def test_an_age_that_nothing_can_have_is_refused(older: float, newer: float) -> None:
    try:
        selection = asked(older_than_hours=older, newer_than_hours=newer).selection
    except RequestError:
        assert older >= newer
    else:
        assert selection.older_than is not None
        assert selection.newer_than is not None
        assert selection.older_than <= selection.newer_than


def test_where_airflow_does_not_say_who_asks_it_is_airflow() -> None:
    assert asked(user=None).by == "airflow"
