"""The aggregate stage: from records to what the report says."""

from dataclasses import dataclass

from trial_reports.jobs.models import Attempt, Job
from trial_reports.pipeline.artifacts import Artifacts
from trial_reports.pipeline.stage import StageResult
from trial_reports.reports.aggregate import build_content
from trial_reports.reports.fetched import FetchedReport


@dataclass(frozen=True)
class Aggregate:
    """Turns fetched records into the report's content."""

    artifacts: Artifacts

    def __call__(self, job: Job, attempt: Attempt) -> StageResult:
        """Write the report's content as ``content.json``."""
        fetched = FetchedReport.model_validate_json(
            self.artifacts.read(job.artifact_of("fetch"))
        )
        content = build_content(fetched)
        artifact = self.artifacts.write(
            job,
            attempt,
            "content.json",
            content.model_dump_json(by_alias=True).encode(),
            "application/json",
        )
        return StageResult(artifact)
