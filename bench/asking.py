"""Asking the API over connections that stay open, several requests at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx

from bench.comparison import Variant

_SECONDS = 30


class Asking:
    """Makes variants of requests.

    Args:
        http: With as many connections as requests are made at once.
        at_once: How many that is.
    """

    def __init__(self, http: httpx.Client, at_once: int) -> None:
        self._http = http
        self._at_once = at_once

    def rest(self, name: str, path: str) -> Variant:
        """Return a variant that gets a path.

        Args:
            name: What the table calls it.
            path: Of the route.
        """
        request = self._http.build_request("GET", path)
        return self._variant(name, request, lambda _: True)

    def graphql(self, name: str, query: str, **variables: str) -> Variant:
        """Return a variant that posts an operation.

        Args:
            name: What the table calls it.
            query: The operation.
            **variables: Those of the operation.
        """
        body = {"query": query, "variables": variables}
        request = self._http.build_request("POST", "/graphql", json=body)
        return self._variant(name, request, lambda answer: "errors" not in answer)

    def _variant(
        self,
        name: str,
        request: httpx.Request,
        is_right: Callable[[dict[str, Any]], bool],
    ) -> Variant:
        def ask(_: int) -> None:
            answer = self._http.send(request)
            if not answer.is_success or not is_right(answer.json()):
                raise RuntimeError(f"{name}: {answer.status_code} {answer.text}")

        def work(times: int) -> None:
            with ThreadPoolExecutor(self._at_once) as threads:
                list(threads.map(ask, range(times)))

        return Variant(name, work)


@contextmanager
def asking(url: str, token: str, at_once: int) -> Iterator[Asking]:
    """Open connections to the API.

    Args:
        url: Its address.
        token: Signs every request.
        at_once: How many requests are made at the same time.
    """
    with httpx.Client(
        base_url=url,
        headers={"Authorization": f"Bearer {token}"},
        limits=httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once),
        timeout=_SECONDS,
        trust_env=False,
    ) as http:
        yield Asking(http, at_once)
