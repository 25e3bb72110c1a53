"""Taking a subscription."""

from datetime import datetime

from trial_reports.errors import RequestError
from trial_reports.identifiers import new_id
from trial_reports.periods.models import ReportingPeriod
from trial_reports.periods.owed import next_run
from trial_reports.settings import Schedule
from trial_reports.studies.repository import Studies
from trial_reports.subscriptions.conflicts import SubscriptionConflict
from trial_reports.subscriptions.models import Filters, ReportSubscription
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.subscriptions.rights import check_may_subscribe
from trial_reports.users.models import User


def subscribe(
    user: User,
    study_id: str,
    filters: Filters,
    *,
    studies: Studies,
    subscriptions: Subscriptions,
    schedule: Schedule,
    now: datetime,
) -> tuple[ReportSubscription, bool]:
    """Subscribe a person to the weekly report of a study they take part in.

    The first report covers the week in which one subscribed. A person who
    repeats a wish gets the subscription they have, unchanged.

    Args:
        user: The person asking.
        study_id: The study.
        filters: What they want in it.
        studies: Where studies are read.
        subscriptions: Where it is stored.
        schedule: The weekly tick.
        now: The time of the request, UTC.

    Returns:
        The open subscription, and whether it is new.

    Raises:
        SubscriptionConflict: They are subscribed with other filters, which are
            for them to change.
        RequestError: The person may not subscribe; says why.
    """
    check_may_subscribe(user, studies.find(study_id), now)
    this_week = ReportingPeriod.containing(now, user.time_zone)
    wanted = ReportSubscription(
        id=new_id("sub"),
        user_id=user.id,
        study_id=study_id,
        site_id=user.site_in(study_id, now),
        filters=filters,
        time_zone=user.time_zone,
        reported_through=this_week.start,
        next_run=next_run(this_week.start, user.time_zone, schedule),
        created_at=now,
        updated_at=now,
    )
    stored = subscriptions.add(wanted)
    if not stored.filters.asks_for_the_same(filters):
        raise SubscriptionConflict("You have this subscription already.", stored)
    return stored, stored.id == wanted.id


def only_study(user: User, now: datetime) -> str:
    """Return the study of a person who takes part in one.

    Args:
        user: A person who named no study.
        now: The time of the request, UTC.

    Raises:
        RequestError: ``study_not_found`` without any, ``study_not_named`` where
            there are several to choose from.
    """
    studies = {place.study_id for place in user.memberships}
    own = [study for study in studies if user.participates(study, now)]
    if not own:
        raise RequestError("study_not_found", "You take part in no such study.")
    if len(own) > 1:
        raise RequestError(
            "study_not_named", "You take part in several studies; please name one."
        )
    return own[0]
