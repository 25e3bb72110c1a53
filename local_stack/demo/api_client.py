"""The API as a person's app asks it: GraphQL by POST, and by socket."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from graphql_api.identity import DevelopmentTokens
from local_stack.errors import StackError

_PROTOCOL = Subprotocol("graphql-transport-ws")
_SECONDS = 30
_QUIET_SECONDS = 900.0
"""The longest that a job stays as it is while its week is made."""


@dataclass(frozen=True)
class ApiClient:
    """Asks in somebody's name.

    Args:
        url: Where the API answers.
        tokens: Makes development tokens.
    """

    url: str
    tokens: DevelopmentTokens

    def ask(self, user_id: str, document: str, **variables: Any) -> dict[str, Any]:
        """Return the data of an operation.

        Args:
            user_id: Who asks.
            document: The operation.
            **variables: Its variables.

        Raises:
            StackError: The API has not answered it.
        """
        answer = httpx.post(
            f"{self.url}/graphql",
            headers={"Authorization": self._bearer(user_id)},
            json={"query": document, "variables": variables},
            timeout=_SECONDS,
            trust_env=False,
        )
        told = answer.json()
        if answer.status_code != httpx.codes.OK or "errors" in told:
            raise StackError("api", f"The API answered {answer.status_code}: {told}")
        data: dict[str, Any] = told["data"]
        return data

    def follow(
        self, user_id: str, document: str, **variables: Any
    ) -> Iterator[dict[str, Any]]:
        """Yield what a subscription tells, until it is complete.

        Raises:
            StackError: The API ends it in another way.
        """
        address = f"{self.url.replace('http', 'ws', 1)}/graphql"
        socket = connect(address, subprotocols=[_PROTOCOL], open_timeout=_SECONDS)
        with closing(socket):

            def send(kind: str, **more: Any) -> None:
                socket.send(json.dumps({"type": kind, **more}))

            send("connection_init", payload={"Authorization": self._bearer(user_id)})
            payload = {"query": document, "variables": variables}
            while True:
                message = json.loads(socket.recv(_QUIET_SECONDS))
                match message["type"]:
                    case "connection_ack":
                        send("subscribe", id="1", payload=payload)
                    case "next":
                        yield message["payload"]["data"]
                    case "complete":
                        return
                    case "ping":
                        send("pong")
                    case other:
                        raise StackError("api", f"The socket told of {other}.")

    def _bearer(self, user_id: str) -> str:
        return f"Bearer {self.tokens.issue(user_id, datetime.now(UTC))}"
