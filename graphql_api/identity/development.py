"""Tokens for development, signed with a key that the server itself knows."""

from datetime import datetime, timedelta

import jwt

from graphql_api.identity.claims import Claims
from graphql_api.identity.refusals import refused
from trial_reports.errors import ConfigurationError
from trial_reports.settings import Settings

ISSUER = "trial-reports-development"
"""No provider's: one kind of token never passes for the other."""

_ALGORITHM = "HS256"
_KEY_BYTES = 32  # RFC 7518, section 3.2: a key of the hash's size or larger
_VALID = timedelta(hours=12)


class DevelopmentTokens:
    """Makes and checks tokens signed with a shared key; never in production.

    Args:
        key: The secret.
        audience: Whom the tokens are for.

    Raises:
        ConfigurationError: The key is too short to be safe even here.
    """

    def __init__(self, key: str, audience: str) -> None:
        if len(key.encode()) < _KEY_BYTES:
            raise ConfigurationError(
                "development_key",
                f"api.development_key must have at least {_KEY_BYTES} bytes.",
            )
        self._key = key
        self._audience = audience

    def issue(self, user_id: str, now: datetime) -> str:
        """Return a token for a user that works for 12 hours."""
        claims = {
            "aud": self._audience,
            "exp": now + _VALID,
            "iat": now,
            "iss": ISSUER,
            "sub": user_id,
        }
        return jwt.encode(claims, self._key, _ALGORITHM)

    def claims(self, token: str) -> Claims:
        """Return whom a token names, and until when.

        Raises:
            TokenRefused: It is not to be believed.
        """
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                audience=self._audience,
                issuer=ISSUER,
                options={"require": ["aud", "exp", "iss", "sub"]},
            )
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise refused(error) from None
        return Claims.of(claims)


def token_check(settings: Settings) -> DevelopmentTokens | None:
    """Return what makes and checks development tokens, ``None`` where there are none.

    Raises:
        ConfigurationError: The development key is too short.
    """
    key = settings.api.development_key
    if settings.environment == "production" or key is None:
        return None
    return DevelopmentTokens(key.get_secret_value(), settings.api.token_audience)
