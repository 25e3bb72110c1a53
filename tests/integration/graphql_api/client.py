"""What the tests ask the API with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI

from graphql_api.identity import DevelopmentTokens
from tests.builders import MONDAY_NOON
from trial_reports.settings import Api
from trial_reports.users.models import User

KEY = "k" * 32
PDF = b"%PDF-1.7 a report"
TOKENS = DevelopmentTokens(KEY, Api().token_audience)


@dataclass
class Clock:
    now: datetime = MONDAY_NOON

    def __call__(self) -> datetime:
        return self.now


def signed(user: User) -> dict[str, str]:
    """Return the header by which somebody signs in."""
    return {"Authorization": f"Bearer {TOKENS.issue(user.id, datetime.now(UTC))}"}


class ApiClient:
    """A client of one running application."""

    def __init__(self, portal: BlockingPortal, http: httpx.AsyncClient) -> None:
        self._portal = portal
        self._http = http

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self._portal.call(lambda: self._http.request(method, path, **options))

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def graphql(self, user: User, query: str, **variables: Any) -> dict[str, Any]:
        response = self.post(
            "/graphql",
            headers=signed(user),
            json={"query": query, "variables": variables},
        )
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer


Started = Callable[[FastAPI], ApiClient]
"""Starts an application with its lifespan, until the test ends."""
