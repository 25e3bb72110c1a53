"""Who may have a report: asked at subscribing, at generating and at opening."""

from datetime import datetime

from trial_reports.errors import Cancelled, RequestError
from trial_reports.periods.models import ReportingPeriod
from trial_reports.studies.models import Study
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.users.models import User


def check_may_subscribe(user: User | None, study: Study | None, now: datetime) -> None:
    """Refuse a subscription that could never be answered.

    Args:
        user: The person who would get the reports, ``None`` if they are gone.
        study: The study asked for, ``None`` if there is no such study.
        now: The time of the request.

    Raises:
        RequestError: ``study_not_found`` also where the person takes no part:
            whether a study exists is not told to outsiders;
            ``email_not_verified`` or ``email_consent_missing``.
    """
    if user is None or study is None or not user.participates(study.id, now):
        raise RequestError("study_not_found", "You take part in no such study.")
    if user.email_verified_at is None:
        raise RequestError(
            "email_not_verified", "Please confirm your e-mail address first."
        )
    if not user.email_consent:
        raise RequestError(
            "email_consent_missing", "Please agree to receive e-mail first."
        )


def check_may_request(
    subscription: ReportSubscription, user: User, period: ReportingPeriod, now: datetime
) -> None:
    """Refuse a report that would be cancelled, or could have nothing to tell.

    Args:
        subscription: The subscription it is asked for.
        user: Its reader.
        period: The week asked for.
        now: The time of the request, UTC.

    Raises:
        RequestError: ``period_not_over``; ``before_joining`` for a week in
            which the person took no part in the study; otherwise the code with
            which the pipeline would cancel the report.
    """
    try:
        check_still_wanted(subscription, user, now)
    except Cancelled as reason:
        raise RequestError(reason.code, reason.message) from None
    if period.end > now:
        raise RequestError("period_not_over", "This week has not ended yet.")
    if not _took_part(user, subscription.study_id, period):
        raise RequestError("before_joining", "You took no part in the study then.")


def check_still_wanted(
    subscription: ReportSubscription | None, user: User | None, now: datetime
) -> tuple[ReportSubscription, User]:
    """Stop a report that is no longer wanted or allowed.

    Asked when a report is begun and again right before its mail is sent.

    Args:
        subscription: The report's subscription, ``None`` if it is gone.
        user: Its reader, ``None`` if they are gone.
        now: The time of asking, UTC.

    Returns:
        The subscription and its reader, who are both there.

    Raises:
        Cancelled: With the reason.
    """
    if subscription is None or not subscription.open:
        raise Cancelled("unsubscribed", "The subscription has ended.")
    if subscription.status != "active":
        raise Cancelled(
            subscription.status, f"The subscription is {subscription.status}."
        )
    if user is None or not user.participates(subscription.study_id, now):
        raise Cancelled("withdrawn", "The person no longer takes part in the study.")
    if user.email_verified_at is None or not user.email_consent:
        raise Cancelled("email_not_allowed", "The person may not be sent e-mail.")
    return subscription, user


def _took_part(user: User, study_id: str, period: ReportingPeriod) -> bool:
    return any(
        place.study_id == study_id
        and place.role == "participant"
        and place.since < period.end
        and (place.until is None or place.until > period.start)
        for place in user.memberships
    )
