"""Reports made in a child process, which bears what one of them may cost."""

from collections.abc import Iterable
from pathlib import Path

from trial_reports.reports.content import ReportContent
from trial_reports.reports.exchange import RenderedReport, Setup
from trial_reports.reports.renderer_child import RendererChild
from trial_reports.settings import Rendering


class Renderer:
    """Renders reports, one after the other, in a child process with limits.

    The child starts with the first report, so that a batch loads WeasyPrint
    once. Anything but a finished report is its end, and the next report has a
    new one. It also ends with this object and with this process.

    Args:
        templates: The folder that holds ``report/``.
        rendering: What one report may take.
        image_pixels: The most pixels of a photo, as for ``normalise_photo``.
    """

    def __init__(
        self, templates: Path, rendering: Rendering, image_pixels: int
    ) -> None:
        self._setup = Setup(
            templates=templates.resolve(),
            memory_bytes=rendering.memory_bytes,
            cpu_seconds=rendering.cpu_seconds,
            image_pixels=image_pixels,
        )
        self._seconds = rendering.seconds
        self._child: RendererChild | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the child that waits for the next report."""
        return self._child.pid if self._child else None

    def render(
        self, content: ReportContent, photos: Iterable[bytes | str]
    ) -> RenderedReport:
        """Return the report as ``PdfRenderer`` makes it.

        Args:
            content: What the report says.
            photos: For each of ``content.photos``, in this order, its bytes as
                they were uploaded, or the reason why there are none, in words
                meant for the participant. Taken one at a time.

        Raises:
            ServiceError: The child cannot start: no report can be made here.
            PermanentError: The report takes too much memory or processor time,
                or its template asks for something outside the report.
            TransientError: The child hung, died or met a bug.
        """
        child = self._child or RendererChild(self._setup, self._seconds)
        self._child = None
        try:
            child.tell(content.model_dump_json().encode())
            for _, photo in zip(content.photos, photos, strict=True):
                if isinstance(photo, str):
                    child.tell(photo.encode(), b"")
                else:
                    child.tell(b"", photo)
                child.answer()
            answer = child.answer()
            pdf = child.frame()
        except BaseException:
            child.end()
            raise
        if answer.worn:
            child.end()
        else:
            self._child = child
        return RenderedReport(pdf=pdf, pages=answer.pages)
