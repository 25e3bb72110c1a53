"""Tokens of the identity provider."""

from datetime import timedelta

import jwt

from graphql_api.identity.claims import Claims
from graphql_api.identity.key_server import KeyServer
from graphql_api.identity.public_keys import PublicKeys
from graphql_api.identity.refusals import TokenRefused, refused
from trial_reports.settings import Api, Settings

REQUIRED = ["aud", "exp", "iss", "sub"]
LEEWAY = timedelta(seconds=30)
"""How far the clocks of a provider and of ours may be apart."""

MOST_CHARACTERS = 8 * 1024
_MOST_OF_A_KEY_ID = 255


class ProviderTokens:
    """Checks tokens (RFC 7519) by the provider's public keys.

    Args:
        keys: The keys.
        issuer: Who has to have made a token.
        audience: Whom it has to be for.
        algorithms: The only ones that may sign.
    """

    def __init__(
        self, keys: PublicKeys, issuer: str, audience: str, algorithms: tuple[str, ...]
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._algorithms = algorithms

    def claims(self, token: str) -> Claims:
        """Return whom a token names, and until when.

        Raises:
            TokenRefused: It is not to be believed.
        """
        if len(token) > MOST_CHARACTERS:
            raise TokenRefused("too_long")
        try:
            key = self._keys.find(self._key_id(token))
            claims = jwt.decode(
                token,
                key,
                algorithms=list(self._algorithms),
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY,
                options={"require": REQUIRED, "enforce_minimum_key_length": True},
            )
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise refused(error) from None
        return Claims.of(claims)

    def _key_id(self, token: str) -> str:
        # Nobody has vouched for the header yet: it only chooses among our keys,
        # and an algorithm that we refuse costs no fetch of them.
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in self._algorithms:
            raise TokenRefused("wrong_algorithm")
        key_id = header.get("kid")
        if not isinstance(key_id, str) or not 0 < len(key_id) <= _MOST_OF_A_KEY_ID:
            raise TokenRefused("unknown_key")
        return key_id


def provider_tokens(settings: Settings) -> ProviderTokens | None:
    """Return what checks the provider's tokens, ``None`` if none is configured."""
    api: Api = settings.api
    if api.jwks_url is None or api.token_issuer is None:
        return None
    keys = PublicKeys(KeyServer(api.jwks_url).keys)
    return ProviderTokens(
        keys, api.token_issuer, api.token_audience, api.token_algorithms
    )
