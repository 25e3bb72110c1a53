"""A recall on a real database: nothing goes out and nothing opens any more."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON, PERIOD, a_decision, a_job, a_study, a_user
from trial_reports.audit.trail import AuditTrail
from trial_reports.delivery.links import Links
from trial_reports.delivery.opening import ReportOpening
from trial_reports.delivery.recalling import ReportRecalling
from trial_reports.delivery.recalls import Recalls
from trial_reports.errors import RequestError
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import Artifact, Job, Report
from trial_reports.jobs.repository import Jobs
from trial_reports.storage.storage import Storage
from trial_reports.studies.repository import Studies
from trial_reports.users.models import User
from trial_reports.users.repository import Users

NOW = MONDAY_NOON
VALID = timedelta(days=90)
WEEK = ("stu_one", PERIOD.key)


class Study:
    """A study whose reports were sent or are about to be."""

    def __init__(self, database: Database[dict[str, Any]], storage: Storage) -> None:
        self.database = database
        self.links, self.recalls = Links(database), Recalls(database)
        self.jobs = Jobs(database)
        database["studies"].insert_one(a_study().to_row())
        self.recalling = ReportRecalling(
            Studies(database),
            self.jobs,
            Decisions(database),
            self.recalls,
            self.links,
            AuditTrail(database),
        )
        self.opening = ReportOpening(
            self.links,
            self.recalls,
            self.jobs,
            Users(database),
            storage,
            AuditTrail(database),
            60,
        )

    def report(self, **changes: Any) -> tuple[User, Job, str]:
        """Store somebody's report; return them, its job and the mailed token."""
        user = a_user()
        artifact = Artifact(uri="s3://reports/a.pdf", sha256="0" * 64, size=1)
        made = Report(artifact=artifact, pages=1, cut_off=NOW, made_at=NOW)
        fields = {"user_id": user.id, "status": "completed", "report": made}
        job = a_job(**fields | changes)
        self.database["users"].insert_one(user.to_row())
        self.database["report_jobs"].insert_one(job.to_row())
        return user, job, self.mail(user, job)

    def mail(self, user: User, job: Job) -> str:
        return self.links.mint(job.id, user.id, user.email, NOW, VALID)[0]

    def status(self, job: Job) -> str:
        found = self.jobs.find(job.id)
        assert found is not None
        return found.status


@pytest.fixture
def study(database: Database[dict[str, Any]], storage: Storage) -> Study:
    return Study(database, storage)


def test_a_recall_closes_every_link_and_cancels_what_is_unsent(study: Study) -> None:
    user, sent, token = study.report()
    _, waiting, _ = study.report(status="processing")
    result = study.recalling.recall(*WEEK, a_decision(), NOW)
    assert (result.mailed, result.unsent, result.links) == ([sent.id], 1, 2)
    assert (study.status(sent), study.status(waiting)) == ("completed", "cancelled")
    with pytest.raises(RequestError, match="report_unavailable"):
        study.opening.by_link(token, NOW)
    assert study.opening.for_reader(user, sent, NOW) is None


def test_a_link_of_a_mail_that_was_just_being_written_opens_nothing(
    study: Study,
) -> None:
    user, job, _ = study.report()
    study.recalling.recall(*WEEK, a_decision(), NOW)
    with pytest.raises(RequestError, match="report_unavailable"):
        study.opening.by_link(study.mail(user, job), NOW)


def test_other_weeks_and_studies_stay_open(study: Study) -> None:
    _, _, token = study.report(period=PERIOD.earlier(1))
    study.recalling.recall(*WEEK, a_decision(), NOW)
    assert study.opening.by_link(token, NOW).startswith("http")


def test_who_had_opened_their_report_is_listed(study: Study) -> None:
    user, job, token = study.report()
    study.report()
    study.opening.by_link(token, NOW)
    result = study.recalling.recall(*WEEK, a_decision(), NOW)
    assert [(link.job_id, link.user_id) for link in result.opened] == [
        (job.id, user.id)
    ]
    assert result.opened[0].opened == (NOW,)


def test_a_preview_says_the_same_and_does_nothing(study: Study) -> None:
    _, sent, token = study.report()
    study.report(status="pending")
    preview = study.recalling.preview(*WEEK)
    assert (preview.mailed, preview.unsent, preview.links) == ([sent.id], 1, 2)
    assert study.opening.by_link(token, NOW)


def test_a_lifted_recall_opens_what_is_made_anew_and_never_what_was_recalled(
    study: Study,
) -> None:
    user, job, old = study.report()
    study.recalling.recall(*WEEK, a_decision(), NOW)
    assert study.recalling.lift(*WEEK, a_decision(), NOW)
    assert not study.recalling.lift(*WEEK, a_decision(), NOW)
    with pytest.raises(RequestError, match="report_unavailable"):
        study.opening.by_link(study.mail(user, job), NOW)
    assert study.opening.for_reader(user, job, NOW) is None

    later = NOW + timedelta(hours=1)
    study.database["report_jobs"].update_one(
        {"_id": job.id}, {"$set": {"report.madeAt": later}}
    )
    assert study.opening.by_link(study.mail(user, job), later)
    with pytest.raises(RequestError, match="report_unavailable"):
        study.opening.by_link(old, later)


def test_a_study_that_does_not_exist_is_not_said_to_be_recalled(study: Study) -> None:
    with pytest.raises(RequestError, match="study_not_found"):
        study.recalling.recall("stu_onne", PERIOD.key, a_decision(), NOW)


def test_a_recall_that_was_interrupted_is_finished_by_repeating_it(
    study: Study,
) -> None:
    _, waiting, token = study.report(status="pending")
    study.recalls.add(*WEEK, a_decision(), NOW)
    study.recalling.recall(*WEEK, a_decision(), NOW)
    assert study.status(waiting) == "cancelled"
    link = study.links.find(token)
    assert link is not None
    assert link.revoked_at == NOW
