"""An explanation: what it all comes to, and the chain that led there."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Self

from trial_reports.delivery.models import DeliveryStatus
from trial_reports.jobs.models import Cause, Stage
from trial_reports.periods.models import ReportingPeriod

Verdict = Literal[
    "delivered",
    "sent",
    "on_its_way",
    "waiting",
    "not_owed",
    "cancelled",
    "failed",
    "unknown",
    "bounced",
    "dropped",
    "complained",
    "recalled",
]
"""What became of the mail that is due; what is known of the mail comes first.

``delivered``, ``sent`` (the provider has it, and has told no more), ``bounced``,
``dropped``, ``complained``: what the provider knows.
``on_its_way``: a run is making it. ``waiting``: for the week's end, a run, or
delivery to go on; it comes by itself. ``not_owed``: nobody will make one, unless
they are asked to. ``cancelled``: it was wanted or allowed no longer, or is not
when its turn comes. ``failed``: waits for an operator. ``unknown``: the mail may
or may not have gone. ``recalled``: the study has called it back, sent or not."""

StepCode = Literal[
    # what has happened
    "subscribed",
    "subscription_paused",
    "subscription_resumed",
    "subscription_disabled",
    "subscription_ended",
    "week_ended",
    "report_requested",
    "report_planned",
    "records_gathered",
    "week_summed_up",
    "report_made",
    "report_failed",
    "report_redriven",
    "report_cancelled",
    "report_recalled",
    "recall_lifted",
    "resend_decided",
    "mail_settled",
    "mail_claimed",
    "mail_released",
    "mail_accepted",
    "mail_refused",
    "mail_unknown",
    "mail_deferred",
    "mail_delivered",
    "mail_dropped",
    "mail_bounced",
    "mail_complained",
    # how things are now
    "week_not_begun",
    "week_not_over",
    "subscribed_after_week",
    "before_joining",
    "week_skipped",
    "only_latest_week",
    "can_be_requested",
    "run_planned",
    "run_due",
    "unsubscribed",
    "paused",
    "disabled",
    "withdrawn",
    "email_not_allowed",
    "waiting_for_run",
    "waiting_for_stage",
    "in_stage",
    "tried_again",
    "made_anew",
    "waiting_for_operator",
    "delivery_paused",
    "delivery_resting",
    "link_closed",
    "link_expired",
    "link_address_changed",
]


@dataclass(frozen=True)
class OperatorDetail:
    """What an operator needs about a step; ids, codes, counts and times.

    Every field may be missing. ``note`` is a sentence that is not for
    participants; ``by`` and ``reason`` are an operator's account and words.
    ``batch`` is also the map index of its tasks. ``tries`` counts the times that
    any stage has begun on the job, ``try_number`` those of the failed stage.
    """

    note: str | None = None
    job_id: str | None = None
    stage: Stage | None = None
    run_id: str | None = None
    batch: int | None = None
    round: int | None = None
    try_number: int | None = None
    tries: int | None = None
    releases: int | None = None
    log_url: str | None = None
    dead_letter_id: str | None = None
    cause: Cause | None = None
    error_code: str | None = None
    failures: int | None = None
    delivery_status: DeliveryStatus | None = None
    send_no: int | None = None
    claimed_at: datetime | None = None
    provider_message_id: str | None = None
    scope: str | None = None
    by: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Step:
    """One link of the chain.

    Attributes:
        code: What kind of step it is; part of the product's contract.
        at: When it happened or is due, UTC; ``None`` for how things are now.
        sentence: What a participant is told, without health data and internals.
        detail: What an operator is told beyond it.
    """

    code: StepCode
    at: datetime | None
    sentence: str
    detail: OperatorDetail | None = None


@dataclass(frozen=True)
class DeliveryExplanation:
    """Why a subscription's report for a week did or did not come.

    Attributes:
        subscription_id: The subscription.
        period: The week.
        verdict: What it comes to.
        steps: What happened, the oldest first, and then how things are now.
    """

    subscription_id: str
    period: ReportingPeriod
    verdict: Verdict
    steps: tuple[Step, ...]

    def for_participants(self) -> Self:
        """Return what everybody but an operator may be shown of it."""
        return replace(
            self, steps=tuple(replace(step, detail=None) for step in self.steps)
        )
