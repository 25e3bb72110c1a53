"""What the render stage and its child process say to each other.

Each message is a frame of bytes. The parent sends the content, and then two
frames for each of its photos: why there is none, or empty, and the bytes. The
child answers when it is ready, after each photo and, with the PDF in a frame of
its own, after the layout. It answers an error once, and ends.

Nothing heavy is imported here: the parent never loads WeasyPrint or Pillow.
"""

from pathlib import Path
from typing import Literal, Self

from trial_reports.database.model import Value
from trial_reports.errors import PermanentError, StageError, TransientError

OUT_OF_MEMORY = 77
"""The child's exit status when memory ran out: it takes none to exit."""

MOST_BYTES = 256 * 1024 * 1024
"""The longest frame that is accepted."""


class RenderedReport(Value):
    """A finished PDF and how many pages it has."""

    pdf: bytes
    pages: int


class Setup(Value):
    """What the child is told when it starts."""

    templates: Path
    memory_bytes: int
    """Address space, to which libraries and fonts add about 250 MB."""
    cpu_seconds: int
    """Processor time for each report."""
    image_pixels: int


class Answer(Value):
    """What the child answers; everything but an error has defaults."""

    pages: int = 0
    worn: bool = False
    """Whether so much memory stayed in use that another child should follow."""
    error: Literal["permanent", "transient"] | None = None
    code: str = ""
    message: str = ""

    @classmethod
    def of(cls, error: StageError) -> Self:
        """Return the answer that an error is."""
        kind: Literal["permanent", "transient"] = (
            "permanent" if isinstance(error, PermanentError) else "transient"
        )
        return cls(error=kind, code=error.code, message=error.message)

    def raise_error(self) -> None:
        """Raise the error that this answer is, if it is one.

        Raises:
            PermanentError: This report will never be made as it stands.
            TransientError: It may be made later.
        """
        if self.error == "permanent":
            raise PermanentError(self.code, self.message)
        if self.error == "transient":
            raise TransientError(self.code, self.message)
