"""A small study for a storm: a report costs little, and most of it can go wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pymongo.database import Database

from tests.builders import (
    a_document,
    a_membership,
    a_study,
    a_subscription,
    a_user,
)
from trial_reports.database.model import Row
from trial_reports.periods.models import ReportingPeriod

_WITHDRAWN_EVERY = 20
"""One participant in so many leaves the study before the report."""

_MALFORMED_EVERY = 20
"""One participant in so many has an address that no mail can go to: a dead letter."""

_BOUNCES_EVERY = 20
"""The mail of one participant in so many bounces after it was accepted, ..."""

_COMPLAINS_EVERY = 20
"""... and one calls it spam."""

_RECORDS = 3


@dataclass(frozen=True)
class OwedWeek:
    """The subscriptions that are owed a report, and the tick that owes it."""

    subscriptions: frozenset[str]
    tick: datetime


def load_week(
    database: Database[Row], seed: int, people: int, tick: datetime
) -> OwedWeek:
    """Load a study whose participants are owed the week before a tick.

    Ids carry the seed: what an earlier storm left running finds nothing here.

    Args:
        database: The product's, empty.
        seed: The storm's.
        people: How many take part and have subscribed.
        tick: A weekly tick, UTC.
    """
    week = ReportingPeriod.containing(tick, "UTC").earlier(1)
    wednesday = week.start + timedelta(days=2, hours=9)
    study = a_study(f"stu_{seed}")
    users = [
        a_user(
            id=f"usr_{seed}_{number}",
            email=_address(seed, number),
            memberships=(
                a_membership(
                    study.id,
                    until=wednesday if number % _WITHDRAWN_EVERY == 1 else None,
                ),
            ),
        )
        for number in range(people)
    ]
    subscriptions = [
        a_subscription(
            user,
            id=user.id.replace("usr", "sub"),
            reported_through=week.start,
            next_run=tick,
            created_at=week.start,
            updated_at=week.start,
        )
        for user in users
    ]
    documents = [
        a_document(user, recorded_at=at, stored_at=at)
        for user in users
        for at in (wednesday + timedelta(days=day) for day in range(_RECORDS))
    ]
    for name, values in (
        ("studies", [study]),
        ("users", users),
        ("subscriptions", subscriptions),
        ("documents", documents),
    ):
        database[name].insert_many([value.to_row() for value in values])
    return OwedWeek(frozenset(s.id for s in subscriptions), tick)


def _address(seed: int, number: int) -> str:
    if number % _MALFORMED_EVERY == 3:
        return f"participant {seed} {number}"
    fate = ""  # see local_stack.mailbox.fates
    if number % _BOUNCES_EVERY == 5:
        fate = "bounces."
    if number % _COMPLAINS_EVERY == 7:
        fate = "complains."
    return f"{fate}participant.{seed}.{number}@example.org"
