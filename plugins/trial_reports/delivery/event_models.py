"""What the mail provider tells about a mail, and what it means to us."""

from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic_core import from_json

from trial_reports.database.model import Value
from trial_reports.delivery.models import DeliveryStatus
from trial_reports.users.models import MailProblem

EVIDENCE: dict[str, DeliveryStatus] = {
    "processed": "accepted",
    "deferred": "accepted",
    "delivered": "delivered",
    "dropped": "dropped",
    "bounce": "bounced",
    "spamreport": "complained",
    "unsubscribe": "delivered",
    "group_unsubscribe": "delivered",
}
"""What each event proves about its mail; other events (``open``, ``click``) are
none of our business. All of them prove that the provider has the mail."""

_DROPPED_FOR: dict[str, MailProblem] = {
    "bounced address": "mail_bounced",
    "invalid": "mail_bounced",
    "spam reporting address": "mail_complained",
}
"""The reasons of SendGrid's drops that are about the address."""


def _as_text(value: Any) -> Any:  # noqa: ANN401 - whatever the provider sent
    return value if isinstance(value, str) else ""


def _smtp_class(status: Any) -> Any:  # noqa: ANN401 - the same
    known = isinstance(status, str) and status[:1] in {"2", "4", "5"}
    return int(status[0]) if known else None


_Text = Annotated[str, BeforeValidator(_as_text)]


class MailEvent(BaseModel):
    """One event of SendGrid's webhook about a mail of ours.

    ``email`` and ``reason`` are looked at and forgotten: they name a person.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    id: str = Field(alias="sg_event_id", pattern=r"^[\w.=+/-]{1,128}$")
    event: str = Field(max_length=40)
    at: AwareDatetime = Field(alias="timestamp", description="When it happened")
    job_id: str = Field(alias="jobId", pattern=r"^[a-z0-9_]{1,40}$")
    send_no: int = Field(alias="sendNo", ge=0, le=10_000)
    email: _Text = Field("", repr=False)
    reason: _Text = Field("", repr=False)
    kind: _Text = Field("", alias="type")
    smtp_class: Annotated[Literal[2, 4, 5] | None, BeforeValidator(_smtp_class)] = (
        Field(None, alias="status")
    )

    @property
    def is_hard(self) -> bool:
        """Whether a bounce is for good; what is ``blocked`` may arrive next time."""
        return self.event == "bounce" and self.kind == "bounce"

    @property
    def problem(self) -> MailProblem | None:
        """What it says against its address, if anything."""
        if self.event == "spamreport":
            return "mail_complained"
        if self.is_hard:
            return "mail_bounced"
        if self.event == "dropped":
            return _DROPPED_FOR.get(self.reason.casefold())
        return None

    @property
    def unsubscribes(self) -> bool:
        """Whether its reader has told the provider to send them no more."""
        if self.event == "dropped":
            return self.reason.casefold() == "unsubscribed address"
        return self.event in {"unsubscribe", "group_unsubscribe"}


class NotedEvent(Value):
    """What is kept of an event: neither the address nor the provider's reason."""

    id: str = Field(alias="_id")
    job_id: str
    send_no: int
    event: str
    hard: bool = False
    smtp_class: int | None = None
    at: AwareDatetime
    taken_at: AwareDatetime


Item = MailEvent | Literal["foreign", "ignored", "malformed"]
"""An event, or why an item of a request is none for us."""


def read_events(body: bytes) -> list[Item]:
    """Return what a request holds, item by item; nothing in it stops the rest.

    Args:
        body: The request's body, whose signature has been checked.
    """
    try:
        items = from_json(body)
    except ValueError:
        return ["malformed"]
    if not isinstance(items, list):
        return ["malformed"]
    return [_read(item) for item in items]


def _read(item: object) -> Item:
    if not isinstance(item, dict) or not isinstance(item.get("event"), str):
        return "malformed"
    if item["event"] not in EVIDENCE:
        return "ignored"
    if "jobId" not in item:
        return "foreign"  # somebody else's mail through the same account
    try:
        return MailEvent.model_validate(item)
    except ValidationError:
        return "malformed"
