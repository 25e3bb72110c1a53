"""Where a job stands, by what its stages have left behind."""

import pytest

from tests.builders import MONDAY_NOON, a_job, an_attempt
from trial_reports.jobs.models import (
    STAGES,
    Artifact,
    Job,
    Stage,
    StageOutcome,
    StageRecord,
    previous_stage,
)

ARTIFACT = Artifact(uri="s3://b/k", sha256="0" * 64, size=1)


def a_record(outcome: StageOutcome, artifact: Artifact | None = None) -> StageRecord:
    return StageRecord(
        run="run_one",
        round=2,
        outcome=outcome,
        artifact=artifact,
        finished_at=MONDAY_NOON,
    )


@pytest.mark.parametrize(
    ("outcomes", "stage"),
    [
        ([], "fetch"),
        (["done"], "aggregate"),
        (["failed"], "fetch"),
        (["done", "done", "done"], "email"),
        (["done", "done", "done", "unknown"], "email"),
        (["done", "done", "done", "done"], "email"),
    ],
)
def test_a_job_is_in_its_first_stage_that_is_not_done(
    outcomes: list[StageOutcome], stage: Stage
) -> None:
    stages = {s: a_record(o) for s, o in zip(STAGES, outcomes, strict=False)}

    assert a_job(stages=stages).stage == stage


def test_a_stage_works_on_what_the_one_before_it_wrote() -> None:
    assert [previous_stage(stage) for stage in STAGES] == [None, *STAGES[:-1]]


def test_asking_for_an_artifact_that_is_not_there_names_the_job() -> None:
    job = a_job(stages={"fetch": a_record("done", ARTIFACT), "email": a_record("done")})

    assert job.artifact_of("fetch") == ARTIFACT
    with pytest.raises(LookupError, match=f"{job.id} has no artifact of email"):
        job.artifact_of("email")


def test_a_job_survives_being_stored() -> None:
    job = a_job(stages={"fetch": a_record("done", ARTIFACT)})

    assert Job.from_row(job.to_row()) == job


def test_an_attempt_can_be_found_in_a_log() -> None:
    assert str(an_attempt("render", number=3)) == "run_one/render/2/3"
