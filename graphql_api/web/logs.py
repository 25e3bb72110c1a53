"""Log lines: a JSON object each, with the request's id, and nothing of a person."""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

from pymongo.errors import OperationFailure

from trial_reports.errors import ReportError

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The correlation id of the request that is being answered: in logs, answers,
errors, and in the job that the request creates."""

_OWN_PACKAGES = ("graphql_api", "trial_reports")
_logger = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON.

    A record may carry more members in ``facts``. Of an exception only its kind and
    place are written: drivers and validators quote the values they choke on.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname,
            "logger": record.name,
            "correlationId": request_id.get(),
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _told(record.exc_info[1])
        return json.dumps(line)


def configure_logs() -> None:
    """Write this process's log to standard error, one line for each event.

    Of other packages only warnings are written: what they tell is not ours to
    vouch for. Uvicorn tells whole paths, those of WebSockets as well, and ours
    hold the tokens of mailed links.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for package in _OWN_PACKAGES:
        logging.getLogger(package).setLevel(logging.INFO)
    uvicorns = logging.getLogger("uvicorn")
    uvicorns.handlers, uvicorns.propagate = [], True
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").disabled = True


def log_failure(error: BaseException) -> None:
    """Log an unexpected error by what it is and where it arose.

    Its text is left out unless it is ours: drivers and validators quote the
    values they choke on, and those are health data.
    """
    _logger.error("failed: %s", _told(error))


def _told(error: BaseException) -> str:
    return f"{_what(error)} at {_where(error)}"


def _what(error: BaseException) -> str:
    if isinstance(error, ReportError):
        return f"{type(error).__name__} {error}"
    if isinstance(error, OperationFailure):
        return f"{type(error).__name__} code={error.code}"
    return type(error).__name__


def _where(error: BaseException) -> str:
    frames = traceback.walk_tb(error.__traceback__)
    places = [
        f"{frame.f_globals.get('__name__', '?')}:{line}"
        for frame, line in frames
        if str(frame.f_globals.get("__name__")).startswith(_OWN_PACKAGES)
    ]
    return " > ".join(places) or "?"
