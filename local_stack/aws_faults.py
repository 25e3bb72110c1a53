"""S3 and SQS going wrong on purpose: a layer of WSGI in front of moto.

What is under ``/moto-api`` is the stand-in's own and never goes wrong.
"""

import socket
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Literal
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.test import run_wsgi_app

CONTROL = "/moto-api/faults"
"""Takes an :class:`AwsFault` by POST."""

_OWN = "/moto-api/"
_LONGEST_SECONDS = 60
_MOST_BYTES = 1024

Status = Literal[401, 403, 429, 500, 502, 503, 504]


class AwsFault(BaseModel):
    """What happens to every request for some seconds, and ends by itself.

    A status is answered without a body. ``refuse`` closes the port;
    ``drop_before`` closes the connection and does nothing; ``drop_after`` does
    what was asked and closes without an answer.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    fault: Status | Literal["refuse", "drop_before", "drop_after"]
    seconds: float = Field(gt=0, le=_LONGEST_SECONDS)


class FaultyService:
    """Passes requests on to an application, unless a fault is in force.

    Args:
        application: The stand-in.
        close_port: Is told for how many seconds nobody shall listen.
        clock: Returns seconds that never go back.
    """

    def __init__(
        self,
        application: WSGIApplication,
        close_port: Callable[[float], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._application = application
        self._close_port = close_port
        self._clock = clock
        self._fault: AwsFault | None = None
        self._until = 0.0

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a request, as WSGI asks for it."""
        if environ["PATH_INFO"] == CONTROL:
            return self._take(environ, start_response)
        if environ["PATH_INFO"].startswith(_OWN) or self._clock() >= self._until:
            return self._application(environ, start_response)
        fault = self._fault.fault if self._fault else None
        if isinstance(fault, int):
            return _answer(HTTPStatus(fault), start_response)
        if fault == "drop_after":
            run_wsgi_app(self._application, environ, buffered=True)
        return _drop(environ)

    def _take(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        size = min(int(environ.get("CONTENT_LENGTH") or 0), _MOST_BYTES)
        body = environ["wsgi.input"].read(size)
        try:
            fault = AwsFault.model_validate_json(body)
        except ValidationError:
            return _answer(HTTPStatus.BAD_REQUEST, start_response)
        self._fault, self._until = fault, self._clock() + fault.seconds
        if fault.fault == "refuse":
            self._close_port(fault.seconds)
        return _answer(HTTPStatus.CREATED, start_response)


def _answer(status: HTTPStatus, start_response: StartResponse) -> Iterable[bytes]:
    start_response(f"{status.value} {status.phrase}", [("Content-Length", "0")])
    return [b""]


def _drop(environ: WSGIEnvironment) -> Iterable[bytes]:
    connection: socket.socket = environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError  # the server knows that nobody listens any more
