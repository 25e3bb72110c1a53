"""From a request to the person who sent it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import HTTPConnection

from graphql_api.identity.development import DevelopmentTokens, token_check
from graphql_api.identity.provider import ProviderTokens, provider_tokens
from graphql_api.identity.refusals import RefusalLog, TokenRefused
from graphql_api.services import Services
from graphql_api.web.client_address import is_local
from graphql_api.web.dependencies import TheServices
from graphql_api.web.problems import Problem
from graphql_api.web.rate_limits import RateLimits
from trial_reports.errors import ConfigurationError
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
            ConfigurationError: The development key is too short, or this is
                production without an identity provider: nobody could sign in.
        """
        provider = provider_tokens(settings)
        if provider is None and settings.environment == "production":
            raise ConfigurationError(
                "identity_provider",
                "api.jwks_url and api.token_issuer are missing: without an identity "
                "provider nobody can sign in.",
            )
        return cls(provider, token_check(settings))

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
            return self._user(token.strip(), users, is_local=is_local(connection))
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


@dataclass(frozen=True)
class Entrance:
    """Who may come in, and how often.

    Args:
        sign_in: The ways to sign in.
        limits: How often somebody may ask.
    """

    sign_in: SignIn
    limits: RateLimits

    def user(
        self, connection: HTTPConnection, users: Users, authorization: str | None
    ) -> tuple[User, datetime]:
        """Return who is asking, and until when their token says so.

        Who cannot sign in counts by address, so that nobody else's share is used
        up.

        Raises:
            Problem: 401 for whoever cannot sign in, 429 for who asks too often.
        """
        try:
            user, until = self.sign_in.user(connection, users, authorization)
        except Problem:
            self.limits.admit_stranger(connection)
            raise
        self.limits.admit_caller(user.id)
        return user, until


def signed_in_user(entrance: Entrance) -> Callable[[HTTPConnection, Services], User]:
    """Return the dependency that finds who sent a request, or refuses it."""

    def user_of(connection: HTTPConnection, services: TheServices) -> User:
        header = connection.headers.get("Authorization")
        return entrance.user(connection, services.users, header)[0]

    return user_of
