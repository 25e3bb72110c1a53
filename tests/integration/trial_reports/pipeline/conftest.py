"""One participant with a job, and the stages that make their report."""

import hashlib
from datetime import datetime
from typing import Any

import pytest
from mypy_boto3_s3 import S3Client
from pymongo.database import Database

from tests.builders import (
    MONDAY_NOON,
    WEDNESDAY,
    a_document,
    a_job,
    a_study,
    a_subscription,
    a_user,
    an_attempt,
)
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.documents.models import Document, File
from trial_reports.identifiers import new_id
from trial_reports.jobs.models import Stage, StageRecord
from trial_reports.pipeline.assembly import ReportPipeline
from trial_reports.pipeline.stage import StageResult
from trial_reports.reports.fetched import FetchedReport
from trial_reports.settings import Settings
from trial_reports.storage.storage import Storage
from trial_reports.studies.models import KindRule

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
"""The correlation id of the participant's job."""

_LIMIT = 16 * 1024 * 1024


class Participant:
    """A subscribed participant whose report is due, over real services."""

    def __init__(
        self,
        settings: Settings,
        database: Database[dict[str, Any]],
        storage: Storage,
        queues: DeadLetterQueues,
        s3: S3Client,
    ) -> None:
        self.now = MONDAY_NOON
        self.settings = settings
        self.database = database
        self._storage = storage
        self._queues = queues
        self._s3 = s3
        self._bucket = settings.storage.work_uri.split("/")[2]
        self.study = a_study(
            diary=KindRule(fields=("mood", "text")), file=KindRule(fields=("caption",))
        )
        self.user = a_user()
        self.subscription = a_subscription(self.user)
        self.job = a_job(
            subscription_id=self.subscription.id,
            user_id=self.user.id,
            study_id=self.study.id,
            correlation_id=TRACE,
        )
        for name, value in (
            ("studies", self.study),
            ("users", self.user),
            ("subscriptions", self.subscription),
            ("report_jobs", self.job),
        ):
            database[name].insert_one(value.to_row())
        self.configure()

    def configure(self, **groups: dict[str, Any]) -> None:
        """Change settings, by group."""
        changed = {
            name: getattr(self.settings, name).model_copy(update=group)
            for name, group in groups.items()
        }
        self.settings = self.settings.model_copy(update=changed)
        self.pipeline = ReportPipeline(
            self.settings,
            self.database,
            self._storage,
            self._queues,
            lambda: self.now,
        )

    def is_now(self, name: str, **fields: Any) -> None:
        """Change the person, the subscription or the study in the database."""
        ids = {
            "users": self.user.id,
            "subscriptions": self.subscription.id,
            "studies": self.study.id,
        }
        self.database[name].update_one({"_id": ids[name]}, {"$set": fields})

    def records(self, **changes: Any) -> Document:
        """Store a record of theirs."""
        document = a_document(self.user, **changes)
        self.database["documents"].insert_one(document.to_row())
        return document

    def uploads(self, content: bytes, **changes: Any) -> File:
        """Store a file of theirs."""
        key = f"files/{new_id('obj')}"
        defaults: dict[str, Any] = {
            "id": new_id("fil"),
            "study_id": self.study.id,
            "user_id": self.user.id,
            "uri": f"s3://{self._bucket}/{key}",
            "name": "ada-lovelace-knee.jpg",
            "media_type": "image/jpeg",
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "recorded_at": WEDNESDAY,
            "stored_at": WEDNESDAY,
        }
        file = File(**defaults | changes)
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=content)
        self.database["files"].insert_one(file.to_row())
        return file

    def overwrite(self, file: File, content: bytes | None) -> None:
        """Put other bytes where a file was, or none at all."""
        key = file.uri.removeprefix(f"s3://{self._bucket}/")
        self._s3.delete_object(Bucket=self._bucket, Key=key)
        if content is not None:
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=content)

    def goes_through(self, stage: Stage) -> StageResult:
        """Do one stage of the job, and remember what it wrote."""
        result = self.pipeline.work(stage)(self.job, an_attempt(stage))
        record = StageRecord(
            run="run_one",
            round=2,
            outcome=result.outcome,
            artifact=result.artifact,
            finished_at=self.now,
        )
        stages = {**self.job.stages, stage: record}
        self.job = self.job.model_copy(update={"stages": stages})
        return result

    def written_by(self, stage: Stage) -> bytes:
        """Return the bytes of a stage's artifact."""
        return self._storage.read(self.job.artifact_of(stage).uri, limit=_LIMIT)

    def fetched(self, at: datetime = MONDAY_NOON) -> FetchedReport:
        """Do the fetch stage, and return what it wrote."""
        self.now = at
        self.goes_through("fetch")
        return FetchedReport.model_validate_json(self.written_by("fetch"))


@pytest.fixture
def ada(
    settings: Settings,
    database: Database[dict[str, Any]],
    storage: Storage,
    queues: DeadLetterQueues,
    s3: S3Client,
) -> Participant:
    return Participant(settings, database, storage, queues, s3)
