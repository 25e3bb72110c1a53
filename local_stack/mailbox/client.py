"""What tests and the demo ask of the mailbox."""

import json
import time
from dataclasses import dataclass, field

import httpx
from pydantic import TypeAdapter

from local_stack.mailbox.faults import FaultRule
from local_stack.mailbox.messages import Message

_TIMEOUT_SECONDS = 10
_POLL_SECONDS = 0.2
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
        """Behave well again; go on telling events that were held back."""
        self._ask("DELETE", "/control/rules")

    def hold_events(self) -> None:
        """Tell the webhook nothing for now; events gather."""
        self._ask("POST", "/control/events/hold")

    def shuffle_events(self, seed: int, copies: int) -> None:
        """Tell the webhook every event again, in random order.

        Args:
            seed: Where the order comes from.
            copies: How often each is told.
        """
        asked = json.dumps({"seed": seed, "copies": copies})
        self._ask("POST", "/control/events/shuffle", asked)

    def waiting_events(self) -> int:
        """Return how many events the webhook is still to be told."""
        waiting: int = self._ask("GET", "/control/events").json()["waiting"]
        return waiting

    def wait_until_told(self, seconds: float) -> bool:
        """Wait until the webhook knows what became of every mail.

        Args:
            seconds: How long at most.

        Returns:
            Whether it does.
        """
        deadline = time.monotonic() + seconds
        while self.waiting_events():
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def _ask(self, method: str, path: str, body: str | None = None) -> httpx.Response:
        answer = httpx.request(
            method,
            self.url + path,
            content=body,
            timeout=_TIMEOUT_SECONDS,
            trust_env=False,
        )
        return answer.raise_for_status()
