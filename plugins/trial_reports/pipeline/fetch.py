"""The fetch stage: everything allowed into one person's report."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from pymongo.database import Database

from trial_reports.database.model import Row
from trial_reports.documents.files import FileReader
from trial_reports.documents.models import Document, File
from trial_reports.documents.recognition import MEDIA_TYPES
from trial_reports.documents.repository import Documents
from trial_reports.jobs.models import Attempt, Job
from trial_reports.jobs.repository import Jobs
from trial_reports.pipeline.artifacts import Artifacts
from trial_reports.pipeline.stage import StageResult
from trial_reports.reports.fetched import FetchedFile, FetchedRecord, FetchedReport
from trial_reports.settings import Limits
from trial_reports.studies.models import Study
from trial_reports.studies.repository import Studies
from trial_reports.subscriptions.models import WEEKS, Filters
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.subscriptions.rights import check_still_wanted
from trial_reports.users.models import User
from trial_reports.users.repository import Users

_TREND_WEEKS = 8
"""How many weeks before the report's own are read for its trends."""

_READERS = 8
"""Files looked at at the same time; each holds its first 64 KiB or its text."""


@dataclass(frozen=True)
class Fetch:
    """Reads the records and looks at the files of a job's period."""

    database: Database[Row]
    users: Users
    studies: Studies
    subscriptions: Subscriptions
    jobs: Jobs
    files: FileReader
    artifacts: Artifacts
    limits: Limits
    clock: Callable[[], datetime]

    def __call__(self, job: Job, attempt: Attempt) -> StageResult:
        """Write what is allowed into the report as ``fetched.json``."""
        subscription, user = check_still_wanted(
            self.subscriptions.find(job.subscription_id),
            self.users.find(job.user_id),
            self.clock(),
        )
        study = self.studies.get(job.study_id)
        fetched = self._fetch(job, user, study, subscription.filters)
        artifact = self.artifacts.write(
            job,
            attempt,
            "fetched.json",
            fetched.model_dump_json(by_alias=True).encode(),
            "application/json",
        )
        return StageResult(artifact)

    def _fetch(
        self, job: Job, user: User, study: Study, filters: Filters
    ) -> FetchedReport:
        cut_off = self.clock()
        period = job.period
        start = period.earlier(WEEKS[filters.date_range] - 1).start
        documents = Documents(
            self.database, study.id, user.id, study.participant_report, cut_off
        )
        previous = self.jobs.previous_cut_off(job)
        late = documents.added(start, previous) if previous is not None else iter(())
        trend_start = period.earlier(_TREND_WEEKS).start
        records, left_out = self._take(documents.recorded(start, period.end))
        late_records, late_left_out = self._take(late)
        earlier_records, _ = self._take(documents.recorded(trend_start, start))
        files, files_left_out = self._look_at(
            documents.files(start, period.end), filters
        )
        unreadable = len(documents.unreadable_documents)
        return FetchedReport(
            job_id=job.id,
            study_title=study.title,
            study_contact=study.contact,
            emergency=study.emergency,
            name=user.name,
            locale=user.locale,
            period=period,
            window_start=start,
            cut_off=cut_off,
            records=records,
            records_left_out=left_out + late_left_out + unreadable,
            earlier_records=earlier_records,
            late_records=late_records,
            files=files,
            files_left_out=files_left_out + len(documents.unreadable_files),
        )

    def _take(
        self, documents: Iterable[Document]
    ) -> tuple[tuple[FetchedRecord, ...], int]:
        found = iter(documents)
        taken = tuple(
            FetchedRecord(id=d.id, kind=d.kind, recorded_at=d.recorded_at, data=d.data)
            for d in islice(found, self.limits.records)
        )
        return taken, sum(1 for _ in found)

    def _look_at(
        self, files: Iterable[File], filters: Filters
    ) -> tuple[tuple[FetchedFile, ...], int]:
        if filters.file_types == ():
            return (), 0
        found = iter(files)
        most = self.limits.files
        wanted: list[FetchedFile] = []
        with ThreadPoolExecutor(_READERS) as readers:
            while len(wanted) < most and (some := list(islice(found, _READERS))):
                looked_at = readers.map(self.files.look_at, some)
                wanted += [file for file in looked_at if _is_wanted(file, filters)]
        left_out = max(0, len(wanted) - most) + sum(1 for _ in found)
        return tuple(wanted[:most]), left_out


def _is_wanted(file: FetchedFile, filters: Filters) -> bool:
    if filters.file_types is None:
        return True
    chosen = {MEDIA_TYPES[file_type] for file_type in filters.file_types}
    return file.media_type in chosen
