"""Reading what an explanation goes by."""

from dataclasses import dataclass
from datetime import datetime

from trial_reports.audit.trail import AuditTrail
from trial_reports.delivery.controls import Controls
from trial_reports.delivery.events import TakenEvents
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.links import Links
from trial_reports.delivery.recalls import Recalls
from trial_reports.explaining.explanation import explain
from trial_reports.explaining.facts import DeliveryFacts
from trial_reports.explaining.models import DeliveryExplanation
from trial_reports.identifiers import derived_id
from trial_reports.jobs.models import Job
from trial_reports.jobs.repository import Jobs
from trial_reports.periods.asked import asked_period
from trial_reports.periods.models import ReportingPeriod
from trial_reports.runs.repository import Runs
from trial_reports.settings import Schedule
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.users.repository import Users


@dataclass(frozen=True)
class DeliveryExplaining:
    """Explains deliveries over the product's collections; changes nothing."""

    users: Users
    jobs: Jobs
    runs: Runs
    ledger: Ledger
    events: TakenEvents
    links: Links
    controls: Controls
    recalls: Recalls
    audit: AuditTrail
    schedule: Schedule

    def explain(
        self, subscription: ReportSubscription, period_key: str | None, now: datetime
    ) -> DeliveryExplanation:
        """Return why a subscription's report for a week did or did not come.

        It holds what only operators may see: show others what its
        ``for_participants()`` returns.

        Args:
            subscription: A subscription that the caller may see.
            period_key: An ISO week such as ``2026-W47``; ``None`` for the last
                one that has ended.
            now: The time of asking, UTC.

        Raises:
            RequestError: ``period_unknown``.
        """
        period = asked_period(period_key, subscription.time_zone, now)
        job = self.jobs.find(derived_id("job", subscription.id, period.key))
        return explain(self._facts(subscription, period, job, now))

    def _facts(
        self,
        subscription: ReportSubscription,
        period: ReportingPeriod,
        job: Job | None,
        now: datetime,
    ) -> DeliveryFacts:
        decisions = self.audit.about(subscription.id)
        if job is None:
            deliveries, events, link, run = [], [], None, None
        else:
            decisions += self.audit.about(job.id)
            deliveries = self.ledger.of_job(job.id, job.user_id)
            events = self.events.of_job(job.id)
            link = self.links.newest_of(job.id)
            run = self.runs.find(job.run) if job.run else None
        return DeliveryFacts(
            subscription=subscription,
            user=self.users.find(subscription.user_id),
            period=job.period if job else period,
            schedule=self.schedule,
            now=now,
            job=job,
            run=run,
            deliveries=tuple(deliveries),
            events=tuple(events),
            link=link,
            controls=tuple(self.controls.of(subscription.study_id)),
            recall=self.recalls.find(subscription.study_id, period.key),
            decisions=tuple(decisions),
        )
