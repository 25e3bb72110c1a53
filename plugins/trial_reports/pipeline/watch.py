"""Looking whether alarms are still true, and for trouble that nobody has met."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from trial_reports.alarms.repository import Alarms
from trial_reports.delivery.controls import EVERYBODY, Controls
from trial_reports.jobs.repository import Jobs
from trial_reports.subscriptions.repository import Subscriptions

_QUIET = timedelta(hours=1)
"""After so long without another refusal a service is taken to be well."""


@dataclass(frozen=True)
class AlarmWatch:
    """Raises and ends the alarms that no single task can judge."""

    subscriptions: Subscriptions
    jobs: Jobs
    controls: Controls
    alarms: Alarms
    patience: timedelta

    def look(self, now: datetime) -> None:
        """Compare the alarms with how things are.

        Args:
            now: The time of the call, UTC.
        """
        self.alarms.end_quiet("service_refuses", now - _QUIET, now)
        self._look_at_delivery(now)
        self._look_at_runs(now)
        self._look_at_reports(now)

    def _look_at_delivery(self, now: datetime) -> None:
        # Whoever paused or resumed delivery may have died before saying so, and
        # a person may have forgotten a pause.
        for control in self.controls.all():
            pause = control.pause
            if pause is None:
                self.alarms.end("delivery_paused", control.id, now)
            elif pause.automatic or now - pause.at > self.patience:
                message = f"Delivery is paused since {pause.at:%Y-%m-%d %H:%M} UTC."
                self.alarms.raise_once("delivery_paused", control.id, message, now)

    def _look_at_runs(self, now: datetime) -> None:
        for alarm in self.alarms.raised():
            if alarm.code == "run_incomplete":
                totals = self.jobs.totals(alarm.subject)
                if not totals.unaccounted and not totals.failed:
                    self.alarms.end("run_incomplete", alarm.subject, now)

    def _look_at_reports(self, now: datetime) -> None:
        late = self.jobs.count_unfinished(created_before=now - self.patience)
        overdue = self.subscriptions.any_owed(now - self.patience)
        if not late and not overdue:
            self.alarms.end("reports_late", EVERYBODY, now)
            return
        message = f"{late} reports are not finished"
        message += ", and subscriptions wait for a run." if overdue else "."
        self.alarms.raise_once("reports_late", EVERYBODY, message, now)
