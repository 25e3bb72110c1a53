"""A person stops delivery, or lets it go on."""

from dataclasses import dataclass
from datetime import datetime

from trial_reports.alarms.repository import Alarms
from trial_reports.audit.trail import AuditTrail
from trial_reports.delivery.controls import EVERYBODY, Controls, Pause


@dataclass(frozen=True)
class DeliveryPausing:
    """Pauses and resumes delivery, for everybody or one study."""

    controls: Controls
    alarms: Alarms
    audit: AuditTrail

    def pause(self, scope: str, by: str, reason: str, now: datetime) -> None:
        """Send no mail of the scope until a person resumes it.

        A mail whose sending has begun is not stopped. Jobs wait where they are.

        Args:
            scope: A study's id, or `EVERYBODY`.
            by: The person's account name.
            reason: Why.
            now: The time of the call, UTC.
        """
        self.controls.pause(scope, Pause(by=by, reason=reason, at=now))
        self.audit.record(
            actor=by, action="pause_delivery", subject=scope, reason=reason, now=now
        )

    def resume(self, scope: str, by: str, reason: str, now: datetime) -> bool:
        """Let the scope's mails go again, also where delivery paused by itself.

        Returns:
            Whether they were stopped.
        """
        resumed = self.controls.resume(scope)
        if scope == EVERYBODY:
            self.alarms.end("delivery_paused", EVERYBODY, now)
        if resumed:
            self.audit.record(
                actor=by,
                action="resume_delivery",
                subject=scope,
                reason=reason,
                now=now,
            )
        return resumed
