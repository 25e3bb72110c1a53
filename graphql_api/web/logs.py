"""Log lines that carry the request's id, and nothing that came from a person."""

import logging
import sys
import traceback
from contextvars import ContextVar

from pymongo.errors import OperationFailure

from trial_reports.errors import ReportError

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The id of the request that is being answered: in logs, answers and errors."""

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s"
_OWN_PACKAGES = ("graphql_api", "trial_reports")
_logger = logging.getLogger(__name__)


def configure_logs() -> None:
    """Write this process's log to standard error, one line for each event.

    Of other packages only warnings are written: what they tell is not ours to
    vouch for.

    Uvicorn's access log is silenced even where ``--no-access-log`` was
    forgotten: it writes whole paths, and ours hold the tokens of mailed links.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(_FORMAT))
    handler.addFilter(_with_request_id)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for package in _OWN_PACKAGES:
        logging.getLogger(package).setLevel(logging.INFO)
    logging.getLogger("uvicorn.access").disabled = True


def log_failure(error: BaseException) -> None:
    """Log an unexpected error by what it is and where it arose.

    Its text is left out unless it is ours: drivers and validators quote the
    values they choke on, and those are health data.
    """
    _logger.error("failed: %s at %s", _what(error), _where(error))


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


def _with_request_id(record: logging.LogRecord) -> bool:
    record.request_id = request_id.get()
    return True
