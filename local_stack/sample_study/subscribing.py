"""Letting the sample's people do what they do in the reported week."""

from dataclasses import dataclass
from datetime import timedelta

from pymongo.database import Database

from local_stack.sample_study.loader import end_memberships
from local_stack.sample_study.sample import Person, SampleStudy
from trial_reports.database.model import Row
from trial_reports.errors import RequestError
from trial_reports.settings import Schedule
from trial_reports.studies.repository import Studies
from trial_reports.subscriptions.models import Filters, ReportSubscription
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.subscriptions.subscribing import subscribe


@dataclass(frozen=True)
class Wish:
    """A person's wish for a study's report, and what became of it."""

    person: Person
    study_id: str
    subscription: ReportSubscription | None = None
    refusal: str | None = None
    """Why subscribing was refused: the error's code."""


def subscribe_everybody(
    sample: SampleStudy, database: Database[Row], schedule: Schedule
) -> list[Wish]:
    """Subscribe everybody on the Wednesday of the reported week.

    Those who change their minds unsubscribe the day after; those who leave the
    study leave.

    Args:
        sample: A sample that has been loaded.
        database: The product's database.
        schedule: The weekly tick.
    """
    wishes = [
        _subscribe(person, study, sample, database, schedule)
        for person in sample.people
        for study in person.subscribes_to
    ]
    subscriptions = Subscriptions(database)
    next_day = sample.subscribed_at + timedelta(days=1)
    for wish in wishes:
        if wish.person.unsubscribes and wish.subscription is not None:
            subscriptions.close(wish.subscription.id, next_day)
    end_memberships(sample, database)
    return wishes


def _subscribe(
    person: Person,
    study_id: str,
    sample: SampleStudy,
    database: Database[Row],
    schedule: Schedule,
) -> Wish:
    try:
        subscription, _ = subscribe(
            person.user,
            study_id,
            Filters(),
            studies=Studies(database),
            subscriptions=Subscriptions(database),
            schedule=schedule,
            now=sample.subscribed_at,
        )
    except RequestError as error:
        return Wish(person, study_id, refusal=error.code)
    return Wish(person, study_id, subscription)
