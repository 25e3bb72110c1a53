"""An alarm: something that needs a person, from when it began until it is over."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from trial_reports.database.model import Value

AlarmCode = Literal[
    "delivery_paused",
    "service_refuses",
    "run_incomplete",
    "dead_letters_waiting",
    "reports_late",
]
"""``delivery_paused``: the mail provider refuses us, so nobody is mailed.
``service_refuses``: a stage waits for a service that turns all of us away.
``run_incomplete``: a run was closed with jobs left over or too many failures.
``dead_letters_waiting``: a failed job has waited too long for somebody.
``reports_late``: reports are not finished long after they were begun or owed.
Each stands in docs/operations.md, with what to do."""

AlarmState = Literal["raised", "over"]


class Alarm(Value):
    """One alarm; its message holds ids, codes and counts only.

    ``told`` is the state that the alarm queue has been sent.
    """

    id: str = Field(alias="_id")
    code: AlarmCode
    subject: str
    message: str
    raised_at: datetime
    seen_at: datetime
    over_at: datetime | None = None
    open: bool = True
    told: AlarmState | None = None

    @property
    def state(self) -> AlarmState:
        """Whether it still needs somebody."""
        return "raised" if self.open else "over"
