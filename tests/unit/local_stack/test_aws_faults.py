"""The layer of faults in front of the stand-in for S3 and SQS."""

import io
import json
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from local_stack.aws_faults import CONTROL, FaultyService


class Behind:
    """A service, seen through the layer, with a clock that stands still."""

    def __init__(self) -> None:
        self.now = 0.0
        self.done: list[str] = []
        self.closed: list[float] = []
        self._layer = FaultyService(
            self._answer, self.closed.append, clock=lambda: self.now
        )

    def ask(self, path: str, body: bytes = b"") -> str:
        """Return the status of the answer."""
        statuses: list[str] = []
        environ: WSGIEnvironment = {
            "PATH_INFO": path,
            "REQUEST_METHOD": "POST",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": "http",
            "werkzeug.socket": self,
        }

        def start_response(status: str, *_: Any) -> Any:  # noqa: ANN401 - WSGI's
            statuses.append(status)

        list(self._layer(environ, start_response))
        return statuses[0]

    def fails(self, fault: int | str, seconds: float = 5) -> str:
        body = json.dumps({"fault": fault, "seconds": seconds})
        return self.ask(CONTROL, body.encode())

    def shutdown(self, _how: int) -> None:
        """Stand in for the connection."""

    def _answer(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        self.done.append(environ["PATH_INFO"])
        start_response("200 OK", [])
        return [b""]


@pytest.fixture
def service() -> Behind:
    return Behind()


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_status_is_answered_until_the_time_is_over(
    service: Behind, status: int
) -> None:
    service.fails(status)
    assert service.ask("/bucket/key").startswith(str(status))
    service.now = 5
    assert service.ask("/bucket/key") == "200 OK"
    assert service.done == ["/bucket/key"]


def test_a_dropped_request_is_not_done_and_a_dropped_answer_is(
    service: Behind,
) -> None:
    service.fails("drop_before")
    with pytest.raises(ConnectionError):
        service.ask("/one")
    service.fails("drop_after")
    with pytest.raises(ConnectionError):
        service.ask("/two")
    assert service.done == ["/two"]


def test_the_port_is_closed_where_connections_shall_be_refused(
    service: Behind,
) -> None:
    service.fails("refuse", 3)
    assert service.closed == [3]


def test_the_stand_ins_own_pages_never_go_wrong(service: Behind) -> None:
    service.fails(503)
    assert service.ask("/moto-api/reset") == "200 OK"


def test_a_fault_that_nobody_knows_is_refused(service: Behind) -> None:
    assert service.fails("explode").startswith("400")
    assert service.fails(503, seconds=10_000).startswith("400")
    assert service.ask("/one") == "200 OK"
