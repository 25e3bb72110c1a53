"""How often somebody may ask: a person by who they are, a stranger by address.

It counts in this process's memory, so each process of several allows as much: a
limit against floods, at the price of a dictionary's entry and not of a database.
"""

import time
from collections.abc import Sequence

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from graphql_api.web.client_address import Proxies
from graphql_api.web.problems import Problem, problem
from trial_reports.settings import Api


class RateLimits:
    """Refuses what comes too often.

    Args:
        proxies: Whose word on where a request comes from is believed.
        caller: What one signed-in person may do.
        address: What people who are not signed in may do from one address.
    """

    def __init__(
        self, proxies: Proxies, caller: RateLimitItem, address: RateLimitItem
    ) -> None:
        self._proxies = proxies
        self._caller = caller
        self._address = address
        self._counts = FixedWindowRateLimiter(MemoryStorage())

    @classmethod
    def configured(cls, api: Api) -> "RateLimits":
        """Return the limits that the settings ask for, each for a minute."""
        return cls(
            Proxies(api.trusted_proxies),
            RateLimitItemPerMinute(api.caller_per_minute),
            RateLimitItemPerMinute(api.address_per_minute),
        )

    def admit_caller(self, user_id: str) -> None:
        """Count something that a signed-in person does.

        Args:
            user_id: The person.

        Raises:
            Problem: 429 with ``Retry-After``: it is too much.
        """
        self._admit(self._caller, "caller", user_id)

    def admit_stranger(self, connection: HTTPConnection) -> None:
        """Count a request by somebody who is not signed in.

        Args:
            connection: The request.

        Raises:
            Problem: 429 with ``Retry-After``: there are too many from there.
        """
        self._admit(self._address, "address", self._proxies.origin(connection))

    def _admit(self, limit: RateLimitItem, *key: str) -> None:
        if self._counts.hit(limit, *key):
            return
        reset = self._counts.get_window_stats(limit, *key).reset_time
        raise Problem(
            429,
            "rate_limited",
            "Too many requests; please wait a moment.",
            {"Retry-After": str(max(1, int(reset - time.time()) + 1))},
        )


class StrangersLimit:
    """Counts the requests that need no signing in, before anything is done for them.

    Where people sign in, whoever looks at their token counts; see
    `graphql_api.identity.signed_in_user`. An upgrade to a WebSocket counts here
    too: browsers cannot send a token with it.

    Args:
        app: The application inside.
        limits: What is allowed.
        signed_in: The beginnings of the paths where people sign in.
        free: The beginnings of the paths that anybody may ask for at any time.
    """

    def __init__(
        self,
        app: ASGIApp,
        limits: RateLimits,
        signed_in: Sequence[str],
        free: Sequence[str],
    ) -> None:
        self._app = app
        self._limits = limits
        self._uncounted = (*signed_in, *free)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._counts(scope):
            try:
                self._limits.admit_stranger(HTTPConnection(scope))
            except Problem as refusal:
                answer = problem(
                    refusal.status_code, refusal.code, refusal.detail, refusal.headers
                )
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _counts(self, scope: Scope) -> bool:
        if scope["type"] == "websocket":
            return True
        if scope["type"] != "http":
            return False
        path: str = scope["path"]
        return not path.startswith(self._uncounted)
