"""The render stage: the report's content and photos become a PDF."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from trial_reports.errors import PermanentError
from trial_reports.jobs.models import Attempt, Job, Report
from trial_reports.pipeline.artifacts import Artifacts
from trial_reports.pipeline.stage import StageResult
from trial_reports.reports.content import ReportContent, ReportFile
from trial_reports.reports.renderer import Renderer
from trial_reports.settings import Limits
from trial_reports.storage.errors import ObjectMissing, ObjectTooLarge
from trial_reports.storage.storage import Storage


@dataclass(frozen=True)
class Render:
    """Makes the PDF and stores it among the reports."""

    artifacts: Artifacts
    reports: Artifacts
    storage: Storage
    renderer: Renderer
    limits: Limits
    clock: Callable[[], datetime]

    def __call__(self, job: Job, attempt: Attempt) -> StageResult:
        """Write ``report.pdf`` and hand it out as the job's last good report."""
        content = ReportContent.model_validate_json(
            self.artifacts.read(job.artifact_of("aggregate"))
        )
        rendered = self.renderer.render(content, map(self._photo, content.photos))
        artifact = self.reports.write(
            job, attempt, "report.pdf", rendered.pdf, "application/pdf"
        )
        report = Report(
            artifact=artifact,
            pages=rendered.pages,
            cut_off=content.cut_off,
            made_at=self.clock(),
        )
        return StageResult(artifact, report)

    def _photo(self, file: ReportFile) -> bytes | str:
        """Return the photo's bytes, or the reason why it cannot be shown."""
        try:
            data = self.storage.read(file.uri, limit=self.limits.file_bytes)
        except ObjectMissing:
            return "The file could not be found."
        except ObjectTooLarge:
            return "The file is larger than it was said to be."
        except PermanentError:
            return "The file could not be read."
        if hashlib.sha256(data).hexdigest() != file.sha256:
            return "The file has changed since it was uploaded."
        return data
