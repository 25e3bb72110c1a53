"""Sending one mail, and what each way of failing means for the send ledger."""

from typing import Protocol

from trial_reports.delivery.message import EmailMessage
from trial_reports.errors import (
    PermanentError,
    ServicePaused,
    StageError,
    TransientError,
)


class MailRefused(PermanentError):  # noqa: N818 - says what happened, as its parent does
    """Not sent and never will be: the ledger settles it as refused."""


class MailNotTaken(TransientError):  # noqa: N818 - the same
    """Proved not sent: the ledger releases its claim, and a retry may send.

    Args:
        code: As for every error of the product.
        message: The same.
        retry_after: Seconds to wait, where the provider has said so.
    """

    def __init__(
        self, code: str, message: str, retry_after: float | None = None
    ) -> None:
        super().__init__(code, message)
        self.retry_after = retry_after


class MailOutcomeUnknown(StageError):  # noqa: N818 - the same
    """Perhaps sent, perhaps not: the ledger keeps it as unknown.

    Never sent again blindly: an event of the provider or a person decides.
    """


class ProviderBusy(ServicePaused):
    """Not sent, since we send too fast: everybody waits for ``retry_after``."""


class ProviderRefusesUs(ServicePaused):
    """Not sent, and no mail's fault: the ledger releases its claim."""


class Mailer(Protocol):
    """A way to hand a mail over."""

    def send(self, message: EmailMessage) -> str:
        """Hand over the mail, once, without trying again.

        Returns:
            The provider's id of the mail; later events carry it.

        Raises:
            MailRefused: The provider refuses this mail.
            MailNotTaken: It was proved not to be sent.
            MailOutcomeUnknown: Nobody knows whether it was sent.
            ProviderBusy: The provider asks us to send more slowly.
            ProviderRefusesUs: The provider refuses all of our mails.
        """
        ...
