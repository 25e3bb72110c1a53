"""What stands in the way of every mail now: a pause, a rest, a wish or a right."""

from collections.abc import Iterator
from typing import cast

from trial_reports.delivery.controls import Control
from trial_reports.explaining import wording
from trial_reports.explaining.facts import DeliveryFacts
from trial_reports.explaining.models import OperatorDetail, Step, StepCode

_WAITS = "your report waits and will be sent."


def unwanted_step(facts: DeliveryFacts) -> Step | None:
    """Return why the person gets no report now, ``None`` if they do."""
    code = facts.unwanted
    if code is None:
        return None
    detail = OperatorDetail(reason=facts.subscription.disabled_reason)
    told = wording.unwanted(code, facts.subscription)
    return Step(cast("StepCode", code), None, told, detail)


def delivery_steps(facts: DeliveryFacts) -> Iterator[Step]:
    """Yield what keeps all mails of the study from going at this moment."""
    for control in facts.controls:
        if control.pause is not None:
            yield _paused(control)
        elif control.not_before is not None and control.not_before > facts.now:
            until = f"Nobody sends before {control.not_before:%F %T} UTC."
            detail = OperatorDetail(note=until, scope=control.id)
            told = f"The mail provider has asked us to slow down; {_WAITS}"
            yield Step("delivery_resting", None, told, detail)


def _paused(control: Control) -> Step:
    pause = control.pause
    if pause is None:
        raise LookupError(f"Delivery of {control.id} is not paused")
    how = "by itself" if pause.automatic else "by a person"
    probe = ""
    if pause.automatic and control.not_before is not None:
        probe = f" One mail is tried at {control.not_before:%F %T} UTC."
    detail = OperatorDetail(
        note=f"Paused {how} at {pause.at:%F %T} UTC.{probe}",
        scope=control.id,
        by=pause.by,
        reason=pause.reason,
    )
    told = f"Sending is paused at the moment; {_WAITS}"
    return Step("delivery_paused", None, told, detail)
