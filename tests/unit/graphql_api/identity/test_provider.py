"""Which tokens of the identity provider are believed."""

import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.utils import base64url_encode

from graphql_api.identity.key_server import KeyServer
from graphql_api.identity.provider import ProviderTokens
from graphql_api.identity.public_keys import PublicKeys
from graphql_api.identity.refusals import TokenRefused
from tests.identity_provider import (
    AUDIENCE,
    EC_KEY_ID,
    ISSUER,
    RSA_KEY_ID,
    KeyPublisher,
    a_token,
    claims,
    ec_key,
    publishing,
    rsa_key,
)

PAST = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def publisher() -> Iterator[KeyPublisher]:
    with publishing() as publisher:
        yield publisher


@pytest.fixture
def tokens(publisher: KeyPublisher) -> ProviderTokens:
    keys = PublicKeys(KeyServer(publisher.url).keys)
    return ProviderTokens(keys, ISSUER, AUDIENCE, ("RS256", "ES256"))


def _soon(**ahead: float) -> datetime:
    return datetime.now(UTC) + timedelta(**ahead)


def _refusal(tokens: ProviderTokens, token: str) -> str:
    with pytest.raises(TokenRefused) as caught:
        tokens.claims(token)
    assert caught.value.__cause__ is None
    return caught.value.reason


def test_both_kinds_of_keys_are_believed_after_one_fetch(
    tokens: ProviderTokens, publisher: KeyPublisher
) -> None:
    by_ec = jwt.encode(claims(), ec_key(), "ES256", {"kid": EC_KEY_ID})

    assert tokens.claims(a_token()).subject == "subject-one"
    assert tokens.claims(by_ec).subject == "subject-one"
    assert publisher.asked == 1


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"aud": "another-product"}, "wrong_audience"),
        ({"aud": None}, "claim_missing"),
        ({"iss": "https://login.elsewhere.example/"}, "wrong_issuer"),
        ({"iss": None}, "claim_missing"),
        ({"sub": None}, "claim_missing"),
        ({"sub": ""}, "wrong_subject"),
        ({"sub": "s" * 256}, "wrong_subject"),
        ({"exp": PAST}, "expired"),
        ({"exp": None}, "claim_missing"),
    ],
)
def test_a_claim_that_is_wrong_refuses_the_token(
    tokens: ProviderTokens, wrong: dict[str, Any], reason: str
) -> None:
    assert _refusal(tokens, a_token(**wrong)) == reason


@pytest.mark.parametrize("claim", ["nbf", "iat"])
def test_a_token_counts_from_its_beginning_with_clocks_half_a_minute_apart(
    tokens: ProviderTokens, claim: str
) -> None:
    early: dict[str, Any] = {claim: _soon(seconds=60)}
    near: dict[str, Any] = {claim: _soon(seconds=15)}

    assert _refusal(tokens, a_token(**early)) == "not_yet_valid"
    assert tokens.claims(a_token(**near)).subject == "subject-one"


def test_an_end_is_an_end_half_a_minute_later(tokens: ProviderTokens) -> None:
    assert _refusal(tokens, a_token(exp=_soon(seconds=-45))) == "expired"
    assert tokens.claims(a_token(exp=_soon(seconds=-15))).subject == "subject-one"


def test_an_unsigned_token_is_refused(tokens: ProviderTokens) -> None:
    unsigned = jwt.encode(claims(), "", "none", {"kid": RSA_KEY_ID})

    assert _refusal(tokens, unsigned) == "wrong_algorithm"


def test_the_public_key_is_no_secret_to_sign_with(tokens: ProviderTokens) -> None:
    public = rsa_key().public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    # By hand: PyJWT would rather not sign with a public key.
    header = {"alg": "HS256", "kid": RSA_KEY_ID, "typ": "JWT"}
    unsigned = f"{_encoded(header)}.{a_token().split('.')[1]}"
    signature = hmac.digest(pem, unsigned.encode(), "sha256")
    forged = f"{unsigned}.{base64url_encode(signature).decode()}"

    assert _refusal(tokens, forged) == "wrong_algorithm"


def _encoded(header: dict[str, str]) -> str:
    return base64url_encode(json.dumps(header).encode()).decode()


def test_an_algorithm_that_is_not_on_the_list_is_refused_even_with_the_right_key(
    tokens: ProviderTokens, publisher: KeyPublisher
) -> None:
    stronger = jwt.encode(claims(), rsa_key(), "RS512", {"kid": RSA_KEY_ID})

    assert _refusal(tokens, stronger) == "wrong_algorithm"
    assert publisher.asked == 0


def test_a_key_of_one_kind_checks_no_signature_of_another(
    tokens: ProviderTokens,
) -> None:
    mixed = jwt.encode(claims(), ec_key(), "ES256", {"kid": RSA_KEY_ID})

    assert _refusal(tokens, mixed) == "wrong_algorithm"


def test_somebody_elses_key_signs_nothing(tokens: ProviderTokens) -> None:
    forged = jwt.encode(claims(), rsa_key("another"), "RS256", {"kid": RSA_KEY_ID})

    assert _refusal(tokens, forged) == "wrong_signature"


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("x.y.z", "malformed"),
        ("é.é.é", "malformed"),
        ("a" * 9000, "too_long"),
    ],
)
def test_what_is_no_token_is_refused_without_asking_for_keys(
    tokens: ProviderTokens, publisher: KeyPublisher, token: str, reason: str
) -> None:
    assert _refusal(tokens, token) == reason
    assert publisher.asked == 0


@pytest.mark.parametrize("key_id", [None, "", "k" * 300])
def test_a_token_has_to_name_its_key(
    tokens: ProviderTokens, publisher: KeyPublisher, key_id: str | None
) -> None:
    assert _refusal(tokens, a_token(key_id)) == "unknown_key"
    assert publisher.asked == 0


def test_a_flood_of_made_up_keys_makes_one_fetch(
    tokens: ProviderTokens, publisher: KeyPublisher
) -> None:
    reasons = {_refusal(tokens, a_token(f"made-up-{number}")) for number in range(30)}

    assert reasons == {"unknown_key"}
    assert publisher.asked == 1
    assert tokens.claims(a_token()).subject == "subject-one"
