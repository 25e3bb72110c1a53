"""Who is asking: a bearer token (RFC 6750) that names a user of ours.

The token says only who somebody is. What they may do is read from the
database, never from a claim.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import jwt
from starlette.requests import HTTPConnection

from graphql_api.web.dependencies import TheServices
from graphql_api.web.problems import Problem
from trial_reports.errors import ConfigurationError
from trial_reports.settings import Settings
from trial_reports.users.models import User

_ALGORITHM = "HS256"
_KEY_BYTES = 32  # RFC 7518, section 3.2: a key of the hash's size or larger
_VALID = timedelta(hours=12)


class DevelopmentTokens:
    """Makes and checks tokens signed with a shared key; never in production.

    Args:
        key: The secret.
        issuer: Who the tokens say made them.
        audience: Who they say they are for.

    Raises:
        ConfigurationError: The key is too short to be safe even here.
    """

    def __init__(self, key: str, issuer: str, audience: str) -> None:
        if len(key.encode()) < _KEY_BYTES:
            raise ConfigurationError(
                "development_key",
                f"api.development_key must have at least {_KEY_BYTES} bytes.",
            )
        self._key = key
        self._issuer = issuer
        self._audience = audience

    def issue(self, user_id: str, now: datetime) -> str:
        """Return a token for a user that works for 12 hours."""
        claims = {
            "aud": self._audience,
            "exp": now + _VALID,
            "iat": now,
            "iss": self._issuer,
            "sub": user_id,
        }
        return jwt.encode(claims, self._key, _ALGORITHM)

    def user_id(self, token: str) -> str | None:
        """Return whom a token names, ``None`` if it is not to be believed."""
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                audience=self._audience,
                issuer=self._issuer,
                options={"require": ["aud", "exp", "iss", "sub"]},
            )
        except jwt.InvalidTokenError:
            return None
        return str(claims["sub"])


def token_check(settings: Settings) -> DevelopmentTokens | None:
    """Return what checks tokens, ``None`` where nobody can sign in.

    Raises:
        ConfigurationError: The development key is too short.
    """
    key = settings.api.development_key
    if settings.environment == "production" or key is None:
        return None
    return DevelopmentTokens(
        key.get_secret_value(), settings.api.token_issuer, settings.api.token_audience
    )


def signed_in_user(
    tokens: DevelopmentTokens | None,
) -> Callable[[HTTPConnection, TheServices], User]:
    """Return the dependency that finds the user, or refuses with 401."""

    def user_of(connection: HTTPConnection, services: TheServices) -> User:
        scheme, _, token = connection.headers.get("Authorization", "").partition(" ")
        if tokens is None or scheme.lower() != "bearer" or not token:
            raise _not_signed_in("Bearer")
        user_id = tokens.user_id(token.strip())
        user = services.users.find(user_id) if user_id is not None else None
        if user is None:
            raise _not_signed_in('Bearer error="invalid_token"')
        return user

    return user_of


def _not_signed_in(challenge: str) -> Problem:
    return Problem(
        401, "not_signed_in", "Please sign in.", {"WWW-Authenticate": challenge}
    )
