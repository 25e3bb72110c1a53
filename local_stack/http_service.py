"""A child process that serves HTTP."""

import httpx

from local_stack.process import ManagedProcess

_START_SECONDS = 30.0


class HttpService:
    """A process and the address at which it answers.

    Args:
        process: The server.
        uri: Its address, without a trailing slash.
        health: A path that answers 200 once it is ready.
    """

    def __init__(self, process: ManagedProcess, uri: str, health: str) -> None:
        self.uri = uri
        self._process = process
        self._health = uri + health

    def wait_until_ready(self, timeout: float = _START_SECONDS) -> None:
        """Wait until it answers.

        Args:
            timeout: How long it may take, in seconds.

        Raises:
            StackError: It did not come up.
        """
        with httpx.Client(timeout=1, trust_env=False) as client:
            self._process.wait_until(lambda: self._answers(client), timeout)

    def _answers(self, client: httpx.Client) -> bool:
        try:
            return client.get(self._health).is_success
        except httpx.HTTPError:
            return False
