"""Changing a subscription: its filters, a pause, its end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from trial_reports.audit.trail import SYSTEM, AuditTrail, Decision
from trial_reports.errors import RequestError, TransientError
from trial_reports.identifiers import new_id
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import JobError
from trial_reports.periods.owed import next_run
from trial_reports.settings import Schedule
from trial_reports.studies.repository import Studies
from trial_reports.subscriptions.conflicts import SubscriptionConflict
from trial_reports.subscriptions.models import Filters, ReportSubscription, Undo
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.subscriptions.rights import check_may_subscribe
from trial_reports.users.repository import Users

WantedStatus = Literal["active", "paused", "unsubscribed"]
"""What people can make of a subscription; only the system disables one."""

ASKED = "The subscriber asked for it."
_UNSUBSCRIBED = JobError(code="unsubscribed", message="The subscription has ended.")
_TRIES = 5
_UNDO = timedelta(hours=24)


@dataclass(frozen=True)
class SubscriptionChanging:
    """Changes subscriptions, one compare-and-set for each change.

    A change says what is to be, not what to do, so that repeating one whose
    answer was lost succeeds and changes nothing more.
    """

    subscriptions: Subscriptions
    users: Users
    studies: Studies
    decisions: Decisions
    audit: AuditTrail
    schedule: Schedule

    def change(
        self,
        subscription_id: str,
        *,
        filters: Filters | None = None,
        status: WantedStatus | None = None,
        expected_revision: int | None = None,
        by: str,
        reason: str = ASKED,
        token: str | None = None,
        now: datetime,
    ) -> ReportSubscription:
        """Change what is asked for, and leave the rest as it is.

        A pause does not move the subscription forward: with the setting
        ``catch_up`` of ``latest`` only the last ended week is owed after it.

        Args:
            subscription_id: The subscription.
            filters: Merged into the present ones; what they were not given
                explicitly stays.
            status: ``paused``, ``active`` to resume, ``unsubscribed`` to end it
                and to cancel its jobs that have not been sent.
            expected_revision: The revision that the wish is based on, ``None``
                for whatever it is by now. It does not matter to a wish that is
                fulfilled already (RFC 9110, 13.1.1).
            by: The id or account name of whoever asks.
            reason: Why, in their words.
            token: The SHA-256 of the token that ends it: it may undo that.
            now: The time of the request, UTC.

        Returns:
            The subscription as it is now.

        Raises:
            SubscriptionConflict: It has another revision than expected.
            RequestError: ``subscription_not_found``; ``subscription_ended``;
                ``subscription_disabled``; or why the person may have no report.
            TransientError: Others keep changing it.
        """
        for _ in range(_TRIES):
            seen = self._present(subscription_id)
            wanted = _as_asked(seen, filters, status)
            if token is not None and seen.open and not wanted.open:
                wanted = _undoable(wanted, seen, token, now)
            if wanted == seen:
                break
            if expected_revision not in (None, seen.revision):
                raise SubscriptionConflict("It has been changed meanwhile.", seen)
            self._check(seen, wanted, now)
            wanted = self._next(wanted, now)
            if self.subscriptions.replace(seen, wanted):
                self._note(seen, wanted, by, reason, now)
                break
        else:
            raise TransientError("subscription_busy", "Others keep changing it.")
        if not wanted.open:
            # Asked for again in a repeated call too: the first one may have died here.
            self.decisions.cancel_of_subscription(wanted.id, _UNSUBSCRIBED, now)
        return wanted

    def undo(self, subscription_id: str, token: str, now: datetime) -> bool:
        """Take back an unsubscription, with the token that did it.

        The subscription goes on as it was, from the week it had got to. Its jobs
        that were cancelled stay so.

        Args:
            subscription_id: The subscription.
            token: The SHA-256 of the token.
            now: The time of the request, UTC.

        Returns:
            Whether it did; not if that was done already, was too long ago, if
            something else has happened to the subscription, if there is a newer
            one, or if the person may have no report.
        """
        seen = self.subscriptions.find(subscription_id)
        undo = seen.undo if seen else None
        if seen is None or undo is None or undo.token != token or now > undo.until:
            return False
        try:
            user = self.users.find(seen.user_id)
            check_may_subscribe(user, self.studies.find(seen.study_id), now)
        except RequestError:
            return False
        as_before = {"open": True, "status": undo.status, "undo": None}
        wanted = self._next(seen.model_copy(update=as_before), now)
        undone = self.subscriptions.replace(seen, wanted)
        if undone:
            self._note(seen, wanted, SYSTEM, "Undone in the mail's page.", now)
        return undone

    def _present(self, subscription_id: str) -> ReportSubscription:
        found = self.subscriptions.find(subscription_id)
        if found is None:
            raise RequestError(
                "subscription_not_found", "There is no such subscription."
            )
        return found

    def _check(
        self, seen: ReportSubscription, wanted: ReportSubscription, now: datetime
    ) -> None:
        if not seen.open:
            raise RequestError(
                "subscription_ended", "It has ended; please subscribe again."
            )
        if wanted.status in (seen.status, "unsubscribed"):
            return
        if seen.status == "disabled":
            raise RequestError(
                "subscription_disabled",
                "It was stopped; please unsubscribe and subscribe again.",
            )
        if wanted.status == "active":
            user = self.users.find(seen.user_id)
            check_may_subscribe(user, self.studies.find(seen.study_id), now)

    def _next(self, wanted: ReportSubscription, now: datetime) -> ReportSubscription:
        """Return what was asked for as it is stored: the next revision."""
        due = next_run(wanted.reported_through, wanted.time_zone, self.schedule)
        return wanted.model_copy(
            update={
                "next_run": due,
                "revision": wanted.revision + 1,
                "updated_at": now,
            }
        )

    def _note(
        self,
        old: ReportSubscription,
        new: ReportSubscription,
        by: str,
        reason: str,
        now: datetime,
    ) -> None:
        self.audit.record(
            Decision(new_id("dec"), by, reason),
            "change_subscription",
            new.id,
            now,
            revision=new.revision,
            **_differences(old, new),
        )


def _as_asked(
    seen: ReportSubscription, filters: Filters | None, status: WantedStatus | None
) -> ReportSubscription:
    return seen.model_copy(
        update={
            "filters": seen.filters.merged(filters) if filters else seen.filters,
            "status": status or seen.status,
            "open": seen.open and status != "unsubscribed",
        }
    )


def _undoable(
    wanted: ReportSubscription, seen: ReportSubscription, token: str, now: datetime
) -> ReportSubscription:
    undo = Undo(token=token, until=now + _UNDO, status=seen.status)
    return wanted.model_copy(update={"undo": undo})


def _differences(old: ReportSubscription, new: ReportSubscription) -> dict[str, str]:
    """Return each code that has changed, as it was and as it is."""
    before, after = _codes(old), _codes(new)
    changed = [name for name in after if before[name] != after[name]]
    return {f"{name}_was": before[name] for name in changed} | {
        name: after[name] for name in changed
    }


def _codes(subscription: ReportSubscription) -> dict[str, str]:
    types = subscription.filters.file_types
    return {
        "status": subscription.status,
        "date_range": subscription.filters.date_range,
        "file_types": "all" if types is None else ",".join(types) or "none",
    }
