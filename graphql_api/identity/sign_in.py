"""From a request to the person who sent it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address

from starlette.requests import HTTPConnection

from graphql_api.identity.development import DevelopmentTokens, token_check
from graphql_api.identity.provider import ProviderTokens, provider_tokens
from graphql_api.identity.refusals import RefusalLog, TokenRefused
from graphql_api.web.dependencies import TheServices
from graphql_api.web.problems import Problem
from trial_reports.settings import Settings
from trial_reports.users.models import User
from trial_reports.users.repository import Users


@dataclass(frozen=True)
class SignIn:
    """The ways to sign in that an installation has.

    Args:
        provider: Checks the identity provider's tokens.
        development: Checks those for development, from this machine only.
        refusals: Where it is noted why somebody was refused.
    """

    provider: ProviderTokens | None
    development: DevelopmentTokens | None
    refusals: RefusalLog = field(default_factory=RefusalLog)

    @classmethod
    def configured(cls, settings: Settings) -> "SignIn":
        """Return what the settings allow.

        Raises:
            ConfigurationError: The development key is too short.
        """
        return cls(provider_tokens(settings), token_check(settings))

    @property
    def is_possible(self) -> bool:
        """Whether anybody can sign in at all."""
        return self.provider is not None or self.development is not None

    def user(
        self, connection: HTTPConnection, users: Users, authorization: str | None
    ) -> tuple[User, datetime]:
        """Return the one user that a token names, and until when it does.

        The user is read anew each time: a membership that ends counts at once.

        Args:
            connection: The request, or the socket.
            users: The users.
            authorization: The value of the header ``Authorization``.

        Raises:
            Problem: 401, the same whatever is wrong.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise self._refusal("no_token", "Bearer")
        try:
            return self._user(token.strip(), users, is_local=_is_local(connection))
        except TokenRefused as refused:
            challenge = 'Bearer error="invalid_token"'
            raise self._refusal(refused.reason, challenge) from None

    def _user(
        self, token: str, users: Users, *, is_local: bool
    ) -> tuple[User, datetime]:
        reason = "no_provider"
        if self.development is not None and is_local:
            try:
                claims = self.development.claims(token)
                named = users.find_by_subject(claims.subject)
                if named := named or users.find(claims.subject):
                    return named, claims.expires_at
                reason = "unknown_subject"
            except TokenRefused as refused:
                reason = refused.reason
        if self.provider is not None:
            claims = self.provider.claims(token)
            if named := users.find_by_subject(claims.subject):
                return named, claims.expires_at
            reason = "unknown_subject"
        raise TokenRefused(reason)

    def _refusal(self, reason: str, challenge: str) -> Problem:
        self.refusals.note(reason)
        return Problem(
            401, "not_signed_in", "Please sign in.", {"WWW-Authenticate": challenge}
        )


def signed_in_user(sign_in: SignIn) -> Callable[[HTTPConnection, TheServices], User]:
    """Return the dependency that finds the user, or refuses with 401."""

    def user_of(connection: HTTPConnection, services: TheServices) -> User:
        header = connection.headers.get("Authorization")
        return sign_in.user(connection, services.users, header)[0]

    return user_of


def _is_local(connection: HTTPConnection) -> bool:
    try:
        return (
            connection.client is not None
            and ip_address(connection.client.host).is_loopback
        )
    except ValueError:
        return False
