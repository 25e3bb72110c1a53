"""Letting the sample's people subscribe as they would: over GraphQL, with tokens."""

from pymongo.database import Database

from local_stack.demo.api_client import ApiClient
from local_stack.sample_study import SampleStudy, Wish, end_memberships
from local_stack.sample_study.sample import Person
from trial_reports.database.model import Row
from trial_reports.periods.models import ReportingPeriod
from trial_reports.periods.owed import next_run
from trial_reports.settings import Schedule
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.subscriptions.repository import Subscriptions

_CREATE = """
mutation ($input: CreateSubscriptionInput!) {
  createSubscription(input: $input) {
    ... on CreateSubscriptionSuccess { subscription { id } }
    ... on Error { code }
  }
}
"""
_DELETE = """
mutation ($input: SubscriptionInput!) {
  deleteSubscription(input: $input) {
    ... on SubscriptionSuccess { subscription { status } }
    ... on Error { code }
  }
}
"""


def subscribe_by_api(
    sample: SampleStudy, api: ApiClient, database: Database[Row], schedule: Schedule
) -> list[Wish]:
    """Have everybody subscribe, and those unsubscribe who change their minds.

    Nobody wants to wait for Sunday: the subscriptions are then moved back to the
    Wednesday of the reported week, and those leave the study who do.

    Args:
        sample: A sample that has been loaded.
        api: The running API.
        database: The product's database.
        schedule: The weekly tick.

    Raises:
        StackError: The API does not answer.
    """
    wishes = [
        _wish(person, study, sample, api, database, schedule)
        for person in sample.people
        for study in person.subscribes_to
    ]
    end_memberships(sample, database)
    return wishes


def _wish(
    person: Person,
    study_id: str,
    sample: SampleStudy,
    api: ApiClient,
    database: Database[Row],
    schedule: Schedule,
) -> Wish:
    user = person.user.id
    answer = api.ask(user, _CREATE, input={"studyId": study_id})["createSubscription"]
    if "code" in answer:
        return Wish(person, study_id, refusal=answer["code"].lower())
    id_ = answer["subscription"]["id"]
    if person.unsubscribes:
        api.ask(user, _DELETE, input={"id": id_})
    subscription = Subscriptions(database).find(id_)
    if subscription is None:
        raise LookupError(f"{id_} was created and is not there")
    earlier = _moved_back(subscription, sample, schedule)
    database["subscriptions"].replace_one({"_id": id_}, earlier.to_row())
    return Wish(person, study_id, earlier)


def _moved_back(
    subscription: ReportSubscription, sample: SampleStudy, schedule: Schedule
) -> ReportSubscription:
    zone, then = subscription.time_zone, sample.subscribed_at
    start = ReportingPeriod.containing(then, zone).start
    return subscription.model_copy(
        update={
            "created_at": then,
            "updated_at": then,
            "reported_through": start,
            "next_run": next_run(start, zone, schedule),
        }
    )
