"""An identity provider with real keys, which it publishes on loopback."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

ISSUER = "https://login.study.example/"
AUDIENCE = "trial-reports"
RSA_KEY_ID, EC_KEY_ID = "rsa-2026", "ec-2026"
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def rsa_key(name: str = RSA_KEY_ID) -> rsa.RSAPrivateKey:
    """Return the key of a name, the same for the whole session."""
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def published(key_id: str, key: PrivateKey, **more: Any) -> dict[str, Any]:
    """Return the public half of a key as a JSON Web Key."""
    public = (
        RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        if isinstance(key, rsa.RSAPrivateKey)
        else ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    )
    return {**public, "kid": key_id, "use": "sig", **more}


def key_set() -> bytes:
    keys = [published(RSA_KEY_ID, rsa_key()), published(EC_KEY_ID, ec_key())]
    return json.dumps({"keys": keys}).encode()


def claims(**changes: Any) -> dict[str, Any]:
    """Return claims that are right, but for the changes; ``None`` leaves one out."""
    now = datetime.now(UTC)
    right: dict[str, Any] = {
        "aud": AUDIENCE,
        "exp": now + timedelta(minutes=5),
        "iat": now,
        "iss": ISSUER,
        "sub": "subject-one",
    }
    return {name: it for name, it in (right | changes).items() if it is not None}


def a_token(key_id: str | None = RSA_KEY_ID, **changes: Any) -> str:
    """Return a token that is right, but for the changes of its claims."""
    headers = {} if key_id is None else {"kid": key_id}
    return jwt.encode(claims(**changes), rsa_key(), "RS256", headers)


class KeyPublisher:
    """What the key server answers, and how often it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked = 0
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = key_set()
        self.before_answer: Callable[[], object] = lambda: None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    publisher: KeyPublisher


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        publisher = self.server.publisher
        publisher.asked += 1
        publisher.before_answer()
        self.send_response_only(publisher.status)
        for name, value in publisher.headers.items():
            self.send_header(name, value)
        # A client that has waited or read enough is gone by now.
        with suppress(ConnectionError):
            self.end_headers()
            self.wfile.write(publisher.body)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@contextmanager
def publishing() -> Iterator[KeyPublisher]:
    """Publish the keys until the end of the block."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.publisher = KeyPublisher(f"http://127.0.0.1:{server.server_port}/keys")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.publisher
        finally:
            server.shutdown()
            thread.join()
