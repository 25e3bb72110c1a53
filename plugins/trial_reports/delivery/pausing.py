"""A person stops delivery, or lets it go on."""

from dataclasses import dataclass
from datetime import datetime

from trial_reports.alarms.repository import Alarms
from trial_reports.audit.trail import AuditTrail, Decision
from trial_reports.delivery.controls import EVERYBODY, Controls, Pause
from trial_reports.errors import RequestError
from trial_reports.studies.repository import Studies


@dataclass(frozen=True)
class DeliveryPausing:
    """Pauses and resumes delivery, for everybody or one study."""

    studies: Studies
    controls: Controls
    alarms: Alarms
    audit: AuditTrail

    def pause(self, scope: str, decision: Decision, now: datetime) -> None:
        """Send no mail of the scope until a person resumes it.

        A mail whose sending has begun is not stopped. Jobs wait where they are.

        Args:
            scope: A study's id, or `EVERYBODY`.
            decision: Whose it is, and why.
            now: The time of the call, UTC.

        Raises:
            RequestError: ``study_not_found``.
        """
        self._require(scope)
        self.audit.record(decision, "pause_delivery", scope, now)
        pause = Pause(by=decision.by, reason=decision.reason, at=now)
        self.controls.pause(scope, pause)

    def resume(self, scope: str, decision: Decision, now: datetime) -> bool:
        """Let the scope's mails go again, also where delivery paused by itself.

        Returns:
            Whether they were stopped.

        Raises:
            RequestError: ``study_not_found``.
        """
        self._require(scope)
        self.audit.record(decision, "resume_delivery", scope, now)
        resumed = self.controls.resume(scope)
        self.alarms.end("delivery_paused", scope, now)
        return resumed

    def _require(self, scope: str) -> None:
        if scope != EVERYBODY and self.studies.find(scope) is None:
            raise RequestError("study_not_found", "There is no such study.")
