"""Values that could never work are refused where they are read."""

import pytest

from tests.unit.trial_reports.conftest import PRODUCTION, Environment
from trial_reports.errors import ConfigurationError
from trial_reports.settings import load_settings


@pytest.mark.parametrize(
    "origins",
    ["https://study.example", "https://a.example:8443, https://b.example"],
)
def test_pages_are_named_by_their_origin(
    environment: Environment, origins: str
) -> None:
    environment.holds(**PRODUCTION | {"API__ALLOWED_ORIGINS": origins})

    assert load_settings().api.allowed_origins == tuple(origins.split(", "))


@pytest.mark.parametrize("host", ["localhost", "localhost:5173", "127.0.0.1:3000"])
def test_developers_serve_pages_on_their_machine(
    environment: Environment, host: str
) -> None:
    origin = f"http://{host}"
    environment.holds(ENVIRONMENT="development", API__ALLOWED_ORIGINS=origin)

    assert load_settings().api.allowed_origins == (origin,)


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "study.example",
        "http://study.example",
        "http://localhost.study.example",
        "https://*.study.example",
        "https://study.example/",
        "https://study.example/page",
        "https://Study.example",
        "https://study.example:443",
        "https://user@study.example",
        "https://",
    ],
)
def test_nothing_else_is_an_origin(environment: Environment, origin: str) -> None:
    environment.holds(ENVIRONMENT="development", API__ALLOWED_ORIGINS=origin)

    with pytest.raises(ConfigurationError, match="API__ALLOWED_ORIGINS"):
        load_settings()


def test_proxies_are_addresses_and_networks(environment: Environment) -> None:
    environment.holds(
        ENVIRONMENT="test", API__TRUSTED_PROXIES="10.0.0.7, 10.1.0.0/16,fd00::/8"
    )

    assert [str(network) for network in load_settings().api.trusted_proxies] == [
        *("10.0.0.7/32", "10.1.0.0/16", "fd00::/8")
    ]


@pytest.mark.parametrize(
    "proxies", ["proxy.example", "0.0.0.0/0", "::/0", "10.0.0.1/8"]
)
def test_nobody_in_particular_is_no_proxy(
    environment: Environment, proxies: str
) -> None:
    environment.holds(ENVIRONMENT="test", API__TRUSTED_PROXIES=proxies)

    with pytest.raises(ConfigurationError, match="API__TRUSTED_PROXIES"):
        load_settings()


@pytest.mark.parametrize("keys", ["one,two", " one, two "])
def test_while_a_key_is_replaced_there_are_two(
    environment: Environment, keys: str
) -> None:
    environment.holds(ENVIRONMENT="test", MAIL__WEBHOOK_KEYS=keys)
    assert load_settings().mail.webhook_keys == ("one", "two")

    environment.holds(MAIL__WEBHOOK_KEYS="one,two,three")
    with pytest.raises(ConfigurationError, match="MAIL__WEBHOOK_KEYS"):
        load_settings()


def test_tokens_are_signed_with_rsa_or_curves(environment: Environment) -> None:
    environment.holds(ENVIRONMENT="test")
    assert load_settings().api.token_algorithms == ("RS256", "ES256")

    environment.holds(API__TOKEN_ALGORITHMS="PS256, ES384")
    assert load_settings().api.token_algorithms == ("PS256", "ES384")


@pytest.mark.parametrize("algorithms", ["none", "HS256", "RS256,HS256", ","])
def test_nothing_else_may_sign_a_token(
    environment: Environment, algorithms: str
) -> None:
    environment.holds(ENVIRONMENT="test", API__TOKEN_ALGORITHMS=algorithms)

    with pytest.raises(ConfigurationError, match="API__TOKEN_ALGORITHMS"):
        load_settings()
