"""A person who asks the contract's routes."""

from datetime import UTC, datetime
from typing import Any

import httpx

from tests.integration.graphql_api.client import TOKENS, ApiClient
from trial_reports.users.models import User


class Person:
    """Somebody with a token."""

    def __init__(self, api: ApiClient, user: User) -> None:
        self._api = api
        self.user = user

    def ask(
        self,
        method: str,
        path: str,
        json: object = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        token = TOKENS.issue(self.user.id, datetime.now(UTC))
        return self._api.request(
            method,
            f"/api{path}",
            headers={"Authorization": f"Bearer {token}"} | (headers or {}),
            json=json,
        )

    def subscribe(self, **changes: Any) -> httpx.Response:
        wanted = {"userId": self.user.id, "reportType": "weekly"}
        return self.ask("POST", "/subscriptions", wanted | changes)

    def subscribed(self, **changes: Any) -> str:
        answer = self.subscribe(**changes)
        assert answer.status_code == 201, answer.text
        subscription_id: str = answer.json()["subscriptionId"]
        return subscription_id
