"""A site's coordinator finds what its participants have subscribed to."""

from typing import Any

from pymongo.database import Database

from tests.builders import MONDAY_NOON, PERIOD, a_membership, a_study, a_user
from trial_reports.access.caller import Caller
from trial_reports.jobs.requesting import REQUESTED, job_for
from trial_reports.jobs.visible import VisibleJobs
from trial_reports.settings import Schedule
from trial_reports.studies.repository import Studies
from trial_reports.subscriptions.models import Filters
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.subscriptions.subscribing import subscribe
from trial_reports.subscriptions.visible import VisibleSubscriptions


def test_what_a_participant_subscribes_to_is_at_their_site(
    database: Database[dict[str, Any]],
) -> None:
    database["studies"].insert_one(a_study().to_row())
    participant = a_user(memberships=(a_membership(site_id="site_a"),))
    subscription, _ = subscribe(
        participant,
        "stu_one",
        Filters(),
        studies=Studies(database),
        subscriptions=Subscriptions(database),
        schedule=Schedule(),
        now=MONDAY_NOON,
    )
    job = job_for(subscription, PERIOD, REQUESTED, MONDAY_NOON)
    database["report_jobs"].insert_one(job.to_row())

    for site, is_seen in (("site_a", True), ("site_b", False)):
        place = a_membership(role="coordinator", site_id=site)
        scope = Caller.of(a_user(memberships=(place,))).scope(MONDAY_NOON)
        jobs, subscriptions = VisibleJobs(database), VisibleSubscriptions(database)
        assert (jobs.find_visible(scope, job.id) == job) is is_seen
        found = subscriptions.find_visible(scope, subscription.id)
        assert (found == subscription) is is_seen
