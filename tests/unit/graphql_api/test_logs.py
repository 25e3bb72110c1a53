"""A log line is an object, and nobody's data."""

import json
import logging
import sys
from typing import Any

from graphql_api.web.logs import JsonLines, request_id

SECRET = "diary: felt dizzy"


def _line(**changes: Any) -> dict[str, Any]:
    record = logging.LogRecord("other", logging.ERROR, "", 1, "a\nb %s", ("c",), None)
    for name, value in changes.items():
        setattr(record, name, value)
    written = JsonLines().format(record)
    assert "\n" not in written
    line: dict[str, Any] = json.loads(written)
    return line


def test_a_line_has_time_level_logger_and_the_requests_id() -> None:
    token = request_id.set("4bf92f3577b34da6a3ce929d0e0e4736")
    try:
        line = _line(created=0.5)
    finally:
        request_id.reset(token)

    assert line == {
        "time": "1970-01-01T00:00:00.500+00:00",
        "level": "ERROR",
        "logger": "other",
        "correlationId": "4bf92f3577b34da6a3ce929d0e0e4736",
        "message": "a\nb c",
    }


def test_facts_are_members() -> None:
    assert _line(facts={"status": 200})["status"] == 200


def test_of_an_exception_its_kind_and_place_are_told_but_not_its_text() -> None:
    try:
        raise ValueError(SECRET)  # noqa: TRY301 - as it happens
    except ValueError:
        line = _line(exc_info=sys.exc_info())

    assert line["error"].startswith("ValueError at")
    assert SECRET not in str(line)
