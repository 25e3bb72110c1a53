"""A scope lets a reader see what is theirs, and nothing beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pymongo.database import Database

from tests.builders import MONDAY_NOON, a_job, a_subscription, a_user
from trial_reports.access.scope import Scope
from trial_reports.errors import RequestError
from trial_reports.jobs.models import Job
from trial_reports.jobs.visible import JobFilter, VisibleJobs
from trial_reports.subscriptions.visible import (
    SubscriptionFilter,
    VisibleSubscriptions,
)

USERS = ("usr_a", "usr_b")
STUDIES = ("stu_a", "stu_b")
SITES = ("site_a", "site_b", None)
SCOPES = st.recursive(
    st.one_of(
        st.just(Scope.nothing()),
        st.just(Scope.everything()),
        st.sampled_from(USERS).map(Scope.own),
        st.sampled_from(STUDIES).map(Scope.study),
        st.dictionaries(
            st.sampled_from(STUDIES), st.sets(st.sampled_from(SITES[:2]))
        ).map(Scope.sites),
    ),
    lambda scopes: st.builds(lambda one, other: one | other, scopes, scopes),
    max_leaves=4,
)
ROWS: tuple[tuple[str, str, str | None], ...] = (
    ("usr_a", "stu_a", "site_a"),
    ("usr_b", "stu_a", None),
    ("usr_a", "stu_b", None),
)
FILTERS = st.builds(
    JobFilter,
    study_id=st.none() | st.sampled_from(STUDIES),
    status=st.none() | st.sampled_from(["pending", "failed"]),
)


@dataclass
class Stored:
    jobs: list[Job]
    visible: VisibleJobs

    def pages(
        self, scope: Scope, filters: JobFilter, first: int
    ) -> Iterator[list[Job]]:
        after = None
        while True:
            page = self.visible.page(scope, filters, after, first)
            yield page.rows
            if (after := page.next) is None:
                return


@pytest.fixture
def stored(database: Database[dict[str, Any]]) -> Stored:
    """Two jobs for each person, study and site; several of one moment."""
    places = [(u, s, p) for u in USERS for s in STUDIES for p in SITES]
    jobs = [
        a_job(
            user_id=user,
            study_id=study,
            site_id=site,
            status=status,
            created_at=MONDAY_NOON + timedelta(minutes=number // 5),
        )
        for number, (user, study, site) in enumerate(places)
        for status in ("pending", "failed")
    ]
    database["report_jobs"].insert_many([job.to_row() for job in jobs])
    return Stored(jobs, VisibleJobs(database))


def _holds(scope: Scope, job: Job) -> bool:
    return scope.holds(user_id=job.user_id, study_id=job.study_id, site_id=job.site_id)


@hypothesis_settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(scope=SCOPES, filters=FILTERS, first=st.integers(min_value=1, max_value=30))
def test_the_pages_hold_each_job_of_the_scope_once_and_no_other(
    stored: Stored, scope: Scope, filters: JobFilter, first: int
) -> None:
    wanted = [
        job
        for job in stored.jobs
        if _holds(scope, job)
        and filters.study_id in {None, job.study_id}
        and filters.status in {None, job.status}
    ]
    newest_first = sorted(wanted, key=lambda j: (j.created_at, j.id), reverse=True)

    pages = list(stored.pages(scope, filters, first))

    assert [job.id for page in pages for job in page] == [j.id for j in newest_first]
    assert all(len(page) == first for page in pages[:-1])


@hypothesis_settings(
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(scope=SCOPES, position=st.integers(min_value=0, max_value=23))
def test_a_job_outside_of_the_scope_does_not_exist(
    stored: Stored, scope: Scope, position: int
) -> None:
    job = stored.jobs[position]

    found = stored.visible.find_visible(scope, job.id)

    assert found == (job if _holds(scope, job) else None)


@pytest.mark.parametrize(
    ("scope", "held"),
    [
        (Scope.nothing(), set()),
        (Scope.own("usr_a"), {("usr_a", "stu_a", "site_a"), ("usr_a", "stu_b", None)}),
        (
            Scope.study("stu_a"),
            {("usr_a", "stu_a", "site_a"), ("usr_b", "stu_a", None)},
        ),
        (Scope.sites({"stu_a": ["site_a"]}), {("usr_a", "stu_a", "site_a")}),
        (Scope.sites({"stu_b": ["site_a"]}), set()),
        (Scope.everything(), set(ROWS)),
    ],
)
def test_a_scope_holds_what_it_says(
    scope: Scope, held: set[tuple[str, str, str | None]]
) -> None:
    assert held == {
        (user, study, site)
        for user, study, site in ROWS
        if scope.holds(user_id=user, study_id=study, site_id=site)
    }


def test_a_page_behind_a_job_of_somebody_else_tells_nothing(stored: Stored) -> None:
    others = next(job for job in stored.jobs if job.user_id == "usr_b")
    own = Scope.own("usr_a")

    for after in (others.id, "job_that_is_not"):
        with pytest.raises(RequestError, match="cursor_unknown"):
            stored.visible.page(own, JobFilter(), after, 10)


def test_asking_for_somebody_elses_rows_by_filter_gives_none(stored: Stored) -> None:
    page = stored.visible.page(
        Scope.sites({"stu_a": ["site_a"]}), JobFilter(study_id="stu_b"), None, 10
    )

    assert page.rows == []
    assert page.next is None


def test_a_coordinator_sees_the_subscriptions_of_their_site(
    database: Database[dict[str, Any]],
) -> None:
    at_a, at_b, nowhere = (
        a_subscription(a_user(), site_id=site) for site in ("site_a", "site_b", None)
    )
    rows = [subscription.to_row() for subscription in (at_a, at_b, nowhere)]
    database["subscriptions"].insert_many(rows)
    visible = VisibleSubscriptions(database)
    scope = Scope.sites({"stu_one": ["site_a"]})

    assert visible.page(scope, SubscriptionFilter(), None, 10).rows == [at_a]
    assert visible.find_visible(scope, at_a.id) == at_a
    assert visible.find_visible(scope, at_b.id) is None
    assert visible.find_visible(scope, nowhere.id) is None
    paused = SubscriptionFilter(status="paused")
    assert visible.page(scope, paused, None, 10).rows == []


@pytest.mark.parametrize(
    "scope", [Scope.own("usr_a"), Scope.study("stu_a"), Scope.everything()]
)
@pytest.mark.usefixtures("stored")
def test_a_page_comes_from_an_index_in_its_order(
    database: Database[dict[str, Any]], scope: Scope
) -> None:
    plan = (
        database["report_jobs"]
        .find(scope.narrowed({}))
        .sort([("createdAt", -1), ("_id", -1)])
        .explain()["queryPlanner"]["winningPlan"]
    )

    assert "IXSCAN" in str(plan)
    assert "'SORT'" not in str(plan)
