"""What tests and the demo ask of the mailbox."""

from dataclasses import dataclass, field

import httpx
from pydantic import TypeAdapter

from local_stack.mailbox.faults import FaultRule
from local_stack.mailbox.messages import Message

_TIMEOUT_SECONDS = 10
_MESSAGES = TypeAdapter(list[Message])


@dataclass(frozen=True)
class Mailbox:
    """The stand-in for SendGrid, seen from outside.

    ``url`` is the provider's host for the product and, in a browser, the page
    with the mails; ``key`` is the API key it accepts.
    """

    url: str
    key: str = field(repr=False)

    def messages(self, recipient: str | None = None) -> list[Message]:
        """Return the accepted mails, the oldest first.

        Args:
            recipient: Only those to this address.
        """
        every = _MESSAGES.validate_json(self._ask("GET", "/messages").content)
        return [m for m in every if recipient in (None, m.recipient)]

    def clear(self) -> None:
        """Throw every mail away."""
        self._ask("DELETE", "/messages")

    def fail(self, rule: FaultRule) -> None:
        """Make requests go wrong from now on."""
        self._ask("POST", "/control/rules", rule.model_dump_json())

    def recover(self) -> None:
        """Behave well again."""
        self._ask("DELETE", "/control/rules")

    def _ask(self, method: str, path: str, body: str | None = None) -> httpx.Response:
        answer = httpx.request(
            method,
            self.url + path,
            content=body,
            timeout=_TIMEOUT_SECONDS,
            trust_env=False,
        )
        return answer.raise_for_status()
