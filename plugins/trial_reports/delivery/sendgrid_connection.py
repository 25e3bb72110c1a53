"""SendGrid's client, taught to tell apart "not sent" and "perhaps sent".

The SDK's urllib reports a failed connect and a failed send by the same
exception. Only the first one proves that no mail has left.
"""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any
from urllib.error import HTTPError
from urllib.request import AbstractHTTPHandler, OpenerDirector, Request

from python_http_client import Client
from sendgrid import SendGridAPIClient


class NotConnectedError(Exception):
    """No connection came about, so nothing of the request was sent."""


def mail_send_endpoint(api: SendGridAPIClient, timeout_seconds: float) -> Client:
    """Return the client of ``POST /v3/mail/send``.

    Args:
        api: Holds the host and the key.
        timeout_seconds: For connecting and for each wait afterwards. The SDK
            has none of its own.
    """
    return _Endpoint(
        host=api.host,
        request_headers=api.client.request_headers,
        version=3,
        url_path=["mail", "send"],
        timeout=timeout_seconds,
    )


class _Endpoint(Client):  # type: ignore[misc]  # - the SDK publishes no types
    def _make_request(
        self, opener: OpenerDirector, request: Request, timeout: float | None = None
    ) -> Any:  # noqa: ANN401 - the same
        opener.add_handler(_ConnectionHandler())
        return super()._make_request(opener, request, timeout=timeout)


class _ConnectionHandler(AbstractHTTPHandler):
    handler_order = 400  # before urllib's own, which have 500

    def http_open(self, request: Request) -> http.client.HTTPResponse:
        return self.do_open(_HttpConnection, request)

    def https_open(self, request: Request) -> http.client.HTTPResponse:
        return self.do_open(_HttpsConnection, request)

    def http_error_302(
        self,
        request: Request,
        body: IO[bytes],
        code: int,
        message: str,
        headers: http.client.HTTPMessage,
    ) -> None:
        # urllib would follow with the key in the headers and without the mail.
        raise HTTPError(request.full_url, code, message, headers, body)

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


class _HttpConnection(http.client.HTTPConnection):
    def connect(self) -> None:
        with _connecting():
            super().connect()


class _HttpsConnection(http.client.HTTPSConnection):
    def connect(self) -> None:
        with _connecting():
            super().connect()


@contextmanager
def _connecting() -> Iterator[None]:
    try:
        yield
    # Name, route, proxy, time-out and TLS handshake all come before the request.
    except (OSError, http.client.HTTPException, UnicodeError):
        raise NotConnectedError from None
