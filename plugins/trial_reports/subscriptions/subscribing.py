"""Taking a subscription."""

from datetime import datetime

from trial_reports.identifiers import new_id
from trial_reports.periods.models import ReportingPeriod
from trial_reports.periods.owed import next_run
from trial_reports.settings import Schedule
from trial_reports.studies.repository import Studies
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

    The first report covers the week in which one subscribed. A person who is
    subscribed already gets that subscription back, unchanged.

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
        RequestError: The person may not subscribe; says why.
    """
    check_may_subscribe(user, studies.find(study_id), now)
    this_week = ReportingPeriod.containing(now, user.time_zone)
    wanted = ReportSubscription(
        id=new_id("sub"),
        user_id=user.id,
        study_id=study_id,
        filters=filters,
        time_zone=user.time_zone,
        reported_through=this_week.start,
        next_run=next_run(this_week.start, user.time_zone, schedule),
        created_at=now,
        updated_at=now,
    )
    stored = subscriptions.add(wanted)
    return stored, stored.id == wanted.id
