"""``python -m trial_reports.reports.renderer_main``: the render stage's child.

Started by ``Renderer``, which talks to it over the socket at its standard input
and gives it a ``Setup`` as its only argument. It limits itself before it loads
WeasyPrint and Pillow, makes one report after the other, and ends when its parent
does: at the latest when the report it works on has used up its processor time.
"""

import logging
import math
import os
import resource
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from trial_reports.errors import PermanentError, TransientError, unexpected
from trial_reports.reports.content import ReportContent
from trial_reports.reports.exchange import MOST_BYTES, OUT_OF_MEMORY, Answer, Setup

_FILE_BYTES = 64 * 1024 * 1024
"""The longest file it may write: fontconfig keeps its cache in some."""


def main() -> None:
    """Make the reports that the parent asks for, until it asks for no more."""
    setup = Setup.model_validate_json(sys.argv[1])
    _limit_resources(setup)
    with Connection(sys.stdin.fileno()) as parent:
        try:
            _make_reports(parent, setup)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except (PermanentError, TransientError) as error:
            _answer(parent, Answer.of(error))
        except Exception as bug:  # noqa: BLE001 - its words may quote a record
            _answer(parent, Answer.of(unexpected(bug)))
        os._exit(0)  # Nothing is left to tidy up, and the parent waits.


def _limit_resources(setup: Setup) -> None:
    """Bound what this process can take, for good but for its processor time."""
    _limit(resource.RLIMIT_AS, setup.memory_bytes)
    _limit(resource.RLIMIT_FSIZE, _FILE_BYTES)
    _limit(resource.RLIMIT_CORE, 0)  # A core file would hold a person's records.
    with suppress(OSError):  # Only Linux has it: end this process before any other.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(what, (most, most))


def _allow_processor_time(seconds: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(time.process_time()) + seconds
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _make_reports(parent: Connection, setup: Setup) -> None:
    from trial_reports.reports.pdf import (  # noqa: PLC0415 - after the limits
        PdfRenderer,
    )
    from trial_reports.reports.photos import (  # noqa: PLC0415 - the same
        NormalisedPhoto,
        UnreadablePhoto,
        normalise_photo,
    )

    def photo() -> NormalisedPhoto | str:
        problem, data = _received(parent), _received(parent)
        if problem:
            return problem.decode()
        try:
            return normalise_photo(data, setup.image_pixels)
        except UnreadablePhoto as unreadable:
            return unreadable.message

    renderer = PdfRenderer(setup.templates)
    _refuse_losses()
    _answer(parent, Answer())
    while True:
        _allow_processor_time(setup.cpu_seconds)
        content = ReportContent.model_validate_json(_received(parent))
        photos = {}
        for file in content.photos:
            photos[file.id] = photo()
            _answer(parent, Answer())
        report = renderer.render(content, photos)
        worn = _address_space() > setup.memory_bytes / 2
        _answer(parent, Answer(pages=report.pages, worn=worn))
        parent.send_bytes(report.pdf)


def _received(parent: Connection) -> bytes:
    try:
        return parent.recv_bytes(MOST_BYTES)
    except EOFError:
        sys.exit()


def _answer(parent: Connection, answer: Answer) -> None:
    parent.send_bytes(answer.model_dump_json().encode())


def _address_space() -> int:
    """Return how many bytes of address space this process has; 0 if unknown."""
    with suppress(OSError):
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
        return int(pages) * resource.getpagesize()
    return 0


class _Losses(logging.Handler):
    """Stops a rendering that would leave out a photo or chart without a word.

    WeasyPrint only logs what it fails to draw, also for want of memory.
    """

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR and record.msg.startswith("Failed to "):
            raise TransientError(
                "report_incomplete", "A part of the report could not be drawn."
            )


def _refuse_losses() -> None:
    log = logging.getLogger("weasyprint")
    log.handlers = [_Losses()]
    log.propagate = False


if __name__ == "__main__":
    main()
