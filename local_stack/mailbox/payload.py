"""The body of ``POST /v3/mail/send``, as SendGrid's OpenAPI description has it.

Templates are left out: the stand-in could not show what SendGrid makes of them.
"""

import base64
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

Address = Annotated[
    str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]+\.[^@\s.]+$", max_length=320)
]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[!-9;-~]+$")]
HeaderValue = Annotated[str, StringConstraints(pattern=r"^[^\r\n]*$")]
Text = Annotated[str, StringConstraints(min_length=1)]


def _require_base64(text: str) -> str:
    base64.b64decode(text, validate=True)
    return text


Base64 = Annotated[Text, AfterValidator(_require_base64)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Person(_Part):
    """An address, perhaps with a name."""

    email: Address
    name: str | None = None


class Personalization(_Part):
    """One envelope: those who get the same mail and may see each other."""

    to: list[Person] = Field(min_length=1)
    cc: list[Person] = []
    bcc: list[Person] = []
    from_: Person | None = Field(None, alias="from")
    subject: Text | None = None
    headers: dict[HeaderName, HeaderValue] = {}
    custom_args: dict[str, str] = {}
    send_at: int | None = None

    @property
    def recipients(self) -> list[Person]:
        """Everybody who gets it."""
        return [*self.to, *self.cc, *self.bcc]


class Content(_Part):
    """One form of the body."""

    type: Text
    value: Text


class Attachment(_Part):
    """A file, in base64."""

    content: Base64
    filename: Text
    type: Text | None = None
    disposition: Literal["inline", "attachment"] = "attachment"
    content_id: str | None = None


class Switch(_Part):
    """A setting that is on or off."""

    enable: bool


class Footer(Switch):
    """A footer that SendGrid adds."""

    text: str | None = None
    html: str | None = None


class MailSettings(_Part):
    """How the mail is handled."""

    bypass_list_management: Switch | None = None
    bypass_spam_management: Switch | None = None
    bypass_bounce_management: Switch | None = None
    bypass_unsubscribe_management: Switch | None = None
    footer: Footer | None = None
    sandbox_mode: Switch | None = None


class ClickTracking(Switch):
    """Whether links lead through SendGrid."""

    enable_text: bool | None = None


class OpenTracking(Switch):
    """Whether a pixel tells SendGrid that the mail was opened."""

    substitution_tag: str | None = None


class SubscriptionTracking(Footer):
    """Whether SendGrid adds an unsubscribe link of its own."""

    substitution_tag: str | None = None


class Analytics(Switch):
    """Google Analytics."""

    utm_source: str | None = None
    utm_medium: str | None = None
    utm_term: str | None = None
    utm_content: str | None = None
    utm_campaign: str | None = None


class TrackingSettings(_Part):
    """What SendGrid watches the recipient do."""

    click_tracking: ClickTracking | None = None
    open_tracking: OpenTracking | None = None
    subscription_tracking: SubscriptionTracking | None = None
    ganalytics: Analytics | None = None


class Suppression(_Part):
    """The unsubscribe group."""

    group_id: int
    groups_to_display: list[int] = Field([], max_length=25)


class MailSend(_Part):
    """The whole request."""

    personalizations: list[Personalization] = Field(min_length=1, max_length=1000)
    from_: Person = Field(alias="from")
    reply_to: Person | None = None
    reply_to_list: list[Person] = Field([], max_length=1000)
    subject: Text | None = None
    content: list[Content] = Field(min_length=1)
    attachments: list[Attachment] = []
    headers: dict[HeaderName, HeaderValue] = {}
    categories: list[Annotated[str, StringConstraints(max_length=255)]] = Field(
        [], max_length=10
    )
    custom_args: dict[str, str] = {}
    send_at: int | None = None
    batch_id: str | None = None
    asm: Suppression | None = None
    ip_pool_name: (
        Annotated[str, StringConstraints(min_length=2, max_length=64)] | None
    ) = None
    mail_settings: MailSettings = MailSettings()
    tracking_settings: TrackingSettings = TrackingSettings()

    @property
    def recipients(self) -> set[str]:
        """Every address, in lower case."""
        return {
            person.email.lower()
            for personalization in self.personalizations
            for person in personalization.recipients
        }

    @property
    def only_checked(self) -> bool:
        """Whether sandbox mode is on: nothing is sent."""
        sandbox = self.mail_settings.sandbox_mode
        return sandbox is not None and sandbox.enable

    def settings(self) -> dict[str, Any]:
        """Return the mail and tracking settings that were given."""
        return self.model_dump(
            include={"mail_settings", "tracking_settings"}, exclude_none=True
        )
