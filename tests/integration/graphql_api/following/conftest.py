"""Somebody's job that can be followed."""

import pytest

from tests.builders import a_job
from tests.integration.graphql_api.rows import Rows
from trial_reports.jobs.models import Job
from trial_reports.users.models import User


@pytest.fixture
def waiting(database: Rows, participant: User) -> Job:
    """The participant's job, which is still to be done."""
    job = a_job(user_id=participant.id)
    database["report_jobs"].insert_one(job.to_row())
    return job
