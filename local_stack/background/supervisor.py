"""The process that runs the stack, and ends with it."""

import logging
import os
import signal
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime

from local_stack.background.places import Places
from local_stack.background.stack_file import described
from local_stack.command import explanation
from local_stack.demo.prepare import installed, load_study
from local_stack.preconditions import require_sound_installation
from local_stack.stack import running_stack
from trial_reports.errors import ReportError
from trial_reports.settings import load_settings

_logger = logging.getLogger(__name__)


def supervise(places: Places, participants: int, seed: int) -> int:
    """Run the stack until SIGTERM, or until one of its processes dies.

    Args:
        places: Where its files are.
        participants: How many people the sample study has.
        seed: The same seed gives the same study.

    Returns:
        The exit status: 1 if it ended by itself; why is in ``places.failed``.
    """
    logging.basicConfig(
        format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stdout
    )
    logging.getLogger("local_stack").setLevel(logging.INFO)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _run(places, participants, seed)
    except KeyboardInterrupt:
        _logger.info("Stopped.")
    except Exception as error:  # noqa: BLE001 - nobody else is there to hear of it
        reason = _reason(error)
        _logger.error("%s", reason)  # noqa: TRY400 - bugs have written their traceback
        with suppress(OSError):  # a full disk may be the reason
            places.failed.write_text(f"{reason}\n")
        return 1
    return 0


def _run(places: Places, participants: int, seed: int) -> None:
    require_sound_installation()
    _logger.info("Starting MongoDB, PostgreSQL, Redis, S3/SQS, the mailbox and Airflow")
    with running_stack(places.data) as stack:
        os.environ.update(stack.services.environment())
        with installed(stack, load_settings()) as installation:
            _logger.info("Loading a sample study with %d participants", participants)
            study = load_study(installation, seed, participants, datetime.now(UTC))
            shown = described(installation, study, datetime.now(UTC))
        shown.write(places.stack_file)
        try:
            stack.watch()
        finally:
            # First of all: nobody shall rely on what is about to stop.
            places.stack_file.unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    if isinstance(error, (ReportError, OSError)):
        try:
            return explanation(error)
        except OSError:
            pass  # a bug as any other
    traceback.print_exception(error)
    return f"A bug ended it: {type(error).__name__}. Its traceback is in the log."
