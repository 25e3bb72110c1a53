"""Whether the next mail may go now: asked by every sender, before every mail.

Mail stops when a person says so, when the provider asks for a rest, and by
itself when the provider has taken nothing several times in a row. In that last
case one mail in a while is tried, and the first that is taken lets all go on:
nobody's report fails because the provider is away.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from trial_reports.alarms.repository import Alarms
from trial_reports.delivery.controls import EVERYBODY, Control, Controls, Pause
from trial_reports.delivery.pace import Pace
from trial_reports.errors import ServicePaused
from trial_reports.settings import Mail

_OURSELVES = "delivery"
_LONGEST_PROBE = 24 * 3600.0
_MOST_DOUBLINGS = 20
_LONGEST_NAP = 5.0
"""Seconds a sender waits for its turn before it gives its worker slot away."""


@dataclass(frozen=True)
class DeliveryGate:
    """Lets mails through, and watches what becomes of them."""

    controls: Controls
    pace: Pace
    alarms: Alarms
    settings: Mail
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]

    def require_open(self, study_id: str) -> None:
        """Refuse where nothing may be sent now; asking changes nothing.

        Raises:
            ServicePaused: ``delivery_paused`` or ``mail_rate_limited``.
        """
        self._open_controls(study_id)

    def admit(self, study_id: str) -> None:
        """Let one mail through, in its turn; the caller sends it at once.

        Raises:
            ServicePaused: ``delivery_paused`` or ``mail_rate_limited``.
        """
        if any(control.pause for control in self._open_controls(study_id)):
            self._take_probe()
        wait = self.pace.take()
        while wait:
            if wait > _LONGEST_NAP:
                raise _too_fast(wait)
            self.sleep(wait)
            self.require_open(study_id)
            wait = self.pace.take()

    def was_taken(self) -> None:
        """Note that the provider takes mails: what we stopped goes on."""
        if self.controls.resume_ourselves():
            self.alarms.end("delivery_paused", EVERYBODY, self.clock())

    def was_not_taken(self, retry_after: float | None = None) -> bool:
        """Note that the provider took nothing, for no fault of the mail's.

        Args:
            retry_after: Seconds for which it wants to be left alone.

        Returns:
            Whether delivery is paused now.
        """
        if retry_after is not None:
            self.rest(retry_after)
        return self._count() is not None

    def was_in_doubt(self) -> None:
        """Note that nobody knows whether the provider took a mail.

        In our own pause each probe that ends so is a mail that a person has to
        settle: the next one waits twice as long, up to a day.
        """
        in_a_row = self._count()
        if in_a_row is not None:
            doublings = min(in_a_row - self.settings.pause_after, _MOST_DOUBLINGS)
            wait = self.settings.probe_seconds * 2**doublings
            self.rest(min(wait, _LONGEST_PROBE))

    def _count(self) -> int | None:
        """Count what was not taken; return how many in a row if that pauses us."""
        in_a_row = self.controls.count_refusal()
        if in_a_row < self.settings.pause_after:
            return None
        now = self.clock()
        reason = f"{self.settings.pause_after} mails in a row were not taken."
        probe = now + timedelta(seconds=self.settings.probe_seconds)
        pause = Pause(by=_OURSELVES, reason=reason, at=now, automatic=True)
        self.controls.pause_ourselves(pause, probe)
        self.alarms.raise_once("delivery_paused", EVERYBODY, reason, now)
        return in_a_row

    def rest(self, seconds: float) -> None:
        """Leave the provider alone for a while, as it has asked for."""
        self.controls.hold_until(self.clock() + timedelta(seconds=seconds))

    def _open_controls(self, study_id: str) -> list[Control]:
        now = self.clock()
        controls = self.controls.of(study_id)
        for control in controls:
            _require_open(control, now)
        return controls

    def _take_probe(self) -> None:
        now = self.clock()
        wait = self.settings.probe_seconds
        if not self.controls.take_probe(now, now + timedelta(seconds=wait)):
            raise _paused("by itself", wait)


def _require_open(control: Control, now: datetime) -> None:
    pause = control.pause
    if pause is not None and not pause.automatic:
        raise _paused("by a person")
    if control.not_before is None or control.not_before <= now:
        return
    wait = (control.not_before - now).total_seconds()
    raise _too_fast(wait) if pause is None else _paused("by itself", wait)


def _paused(how: str, wait: float | None = None) -> ServicePaused:
    return ServicePaused("delivery_paused", f"Delivery is paused {how}.", wait)


def _too_fast(wait: float) -> ServicePaused:
    return ServicePaused("mail_rate_limited", "Mail waits for its turn.", wait)
