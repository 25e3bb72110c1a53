"""Everything an explanation goes by, read once, and the first conclusions from it."""

from dataclasses import dataclass
from datetime import datetime

from trial_reports.audit.trail import AuditEvent
from trial_reports.delivery.controls import Control
from trial_reports.delivery.event_models import NotedEvent
from trial_reports.delivery.models import HANDED_OVER, Delivery, Link
from trial_reports.delivery.recalls import Recall
from trial_reports.errors import Cancelled
from trial_reports.jobs.models import Job
from trial_reports.periods.models import ReportingPeriod
from trial_reports.runs.models import Run
from trial_reports.settings import Schedule
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.subscriptions.rights import check_still_wanted
from trial_reports.users.models import User


@dataclass(frozen=True)
class DeliveryFacts:
    """The rows about one subscription's report for one week.

    Attributes:
        subscription: Whose report it is.
        user: Its reader, ``None`` if they are gone.
        period: The week; the job's own where there is a job.
        job: The week's job, ``None`` if no run has planned it.
        run: The run that owns the job.
        deliveries: The job's mails, by send number.
        events: What the mail provider told of them.
        link: The newest link to the report.
        controls: Whether mail may be sent: for everybody and for the study.
        recall: The recall of the study's week, lifted or not.
        decisions: The audit trail of the subscription and of the job.
        schedule: The weekly tick.
        now: The time of asking, UTC.
    """

    subscription: ReportSubscription
    user: User | None
    period: ReportingPeriod
    schedule: Schedule
    now: datetime
    job: Job | None = None
    run: Run | None = None
    deliveries: tuple[Delivery, ...] = ()
    events: tuple[NotedEvent, ...] = ()
    link: Link | None = None
    controls: tuple[Control, ...] = ()
    recall: Recall | None = None
    decisions: tuple[AuditEvent, ...] = ()

    @property
    def zone(self) -> str:
        """The time zone in which moments are told."""
        return self.period.time_zone

    @property
    def mail(self) -> Delivery | None:
        """The send of the mail that is due or was sent last."""
        number = self.job.send_no if self.job else 0
        return next((d for d in self.deliveries if d.send_no == number), None)

    @property
    def mail_is_handed_over(self) -> bool:
        """Whether the provider has that mail."""
        return self.mail is not None and self.mail.status in HANDED_OVER

    @property
    def is_unfinished(self) -> bool:
        """Whether there is a job that has not ended."""
        return self.job is not None and self.job.status in ("pending", "processing")

    @property
    def is_recalled(self) -> bool:
        """Whether the report must not be sent or read."""
        report = self.job.report if self.job else None
        return self.recall is not None and self.recall.closes(report)

    @property
    def unwanted(self) -> str | None:
        """The code with which the pipeline would cancel the report now."""
        try:
            check_still_wanted(self.subscription, self.user, self.now)
        except Cancelled as reason:
            return reason.code
        return None

    @property
    def is_delivery_closed(self) -> bool:
        """Whether no mail of the study goes at this moment."""
        return any(
            control.pause is not None
            or (control.not_before is not None and control.not_before > self.now)
            for control in self.controls
        )
