"""Tokens that nobody is believed by."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from graphql_api.identity import DevelopmentTokens
from graphql_api.identity.development import ISSUER
from tests.identity_provider import RSA_KEY_ID, a_token, claims, rsa_key
from tests.integration.graphql_api.client import KEY, TOKENS
from trial_reports.users.models import User

AUDIENCE = "trial-reports"


def _development(user: User, **changes: Any) -> str:
    right = {
        "aud": AUDIENCE,
        "exp": datetime.now(UTC) + timedelta(minutes=1),
        "iss": ISSUER,
        "sub": user.id,
    }
    return jwt.encode(right | changes, KEY, "HS256")


def _unsigned(user: User) -> str:
    return jwt.encode(claims(sub=user.subject), "", "none", {"kid": RSA_KEY_ID})


PAST = datetime(2026, 1, 1, tzinfo=UTC)
REFUSED: dict[str, Callable[[User], str | None]] = {
    "none": lambda _: None,
    "no token": lambda _: "x.y.z",
    "expired": lambda user: a_token(sub=user.subject, exp=PAST),
    "for somebody else": lambda user: a_token(sub=user.subject, aud="another"),
    "by somebody else": lambda user: a_token(sub=user.subject, iss="https://evil/"),
    "with another key": lambda user: jwt.encode(
        claims(sub=user.subject), rsa_key("another"), "RS256", {"kid": RSA_KEY_ID}
    ),
    "unsigned": _unsigned,
    "of nobody we know": lambda _: a_token(sub="subject-nobody"),
    "of the provider, by our own id": lambda user: a_token(sub=user.id),
    "of development, expired": lambda user: _development(user, exp=PAST),
    "of development, for somebody else": lambda user: _development(user, aud="other"),
    "of development, by the provider": lambda user: _development(
        user, iss="https://login.study.example/"
    ),
    "of development, with another key": lambda user: DevelopmentTokens(
        "x" * 32, AUDIENCE
    ).issue(user.id, datetime.now(UTC)),
    "of development, of nobody we know": lambda _: TOKENS.issue(
        "usr_nobody", datetime.now(UTC)
    ),
}
"""By what is wrong: made for somebody who could sign in with a right one."""
