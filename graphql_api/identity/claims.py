"""What we take from a token that was found to be good."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from graphql_api.identity.refusals import TokenRefused

_MOST_OF_A_SUBJECT = 255  # OpenID Connect Core, section 2


@dataclass(frozen=True)
class Claims:
    """Whom a token names, and until when; nothing else in it counts here.

    Attributes:
        subject: The `sub`.
        expires_at: From when on it is not to be believed any more, UTC.
    """

    subject: str
    expires_at: datetime

    @classmethod
    def of(cls, claims: dict[str, Any]) -> Self:
        """Return them from the checked claims of a token.

        Raises:
            TokenRefused: It names nobody.
        """
        subject = claims["sub"]
        if not subject or len(subject) > _MOST_OF_A_SUBJECT:
            raise TokenRefused("wrong_subject")
        return cls(str(subject), datetime.fromtimestamp(claims["exp"], UTC))
