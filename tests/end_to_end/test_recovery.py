"""Whatever an operator or an accident does to a run, everybody is accounted for."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from local_stack.demo.prepare import Installation
from local_stack.mailbox.faults import FaultRule
from tests.end_to_end.light_study import (
    LightStudy,
    Reader,
    dispatch,
    light_study,
    wait_until,
)
from tests.end_to_end.promise import assert_accounted_for
from trial_reports.jobs.models import Stage

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300)]

LONG = 200
"""Diary entries enough for a render that can be caught at work."""


def test_a_job_that_kills_its_worker_fails_alone_and_can_be_cleared(
    installation: Installation,
) -> None:
    study = light_study(installation, 3, LONG)
    airflow = installation.stack.airflow
    deadly = study.readers[1]
    study.start(batch_size=3)
    for deaths in (1, 2):
        wait_until(lambda: study.begun("render", deadly) == deaths)  # noqa: B023 - called at once
        kill_task(study, study.task("render", deadly))

    ended = study.wait()

    assert (ended.state, ended.note) == ("failed", "2 completed, 1 failed")
    assert assert_accounted_for(study) == {"completed": 2, "failed": 1}
    error = study.job(deadly).error
    assert error is not None
    assert error.code == "worker_died"
    made = [study.job(reader).report for reader in study.readers]

    render = study.task("render", deadly)
    airflow.clear_task_instances(*study.of, [render], downstream=True)
    ended = study.wait()

    assert (ended.state, ended.note) == ("success", "3 completed")
    assert assert_accounted_for(study) == {"completed": 3}
    kept = [study.job(reader).report for reader in study.readers]
    assert [before == after for before, after in zip(made, kept, strict=True)] == [
        True,
        False,
        True,
    ]


def test_once_the_cause_is_mended_every_way_to_clear_leads_to_a_report(
    installation: Installation,
) -> None:
    study = light_study(installation, 3)
    airflow = installation.stack.airflow
    alone, with_downstream, _ = study.readers
    with without_study(study):
        study.start()
        assert study.wait().state == "failed"
        assert assert_accounted_for(study) == {"failed": 3}

    fetch = study.task("fetch", alone)
    airflow.clear_task_instances(*study.of, [fetch])
    study.wait()
    fetch = study.task("fetch", with_downstream)
    airflow.clear_task_instances(*study.of, [fetch], downstream=True)
    study.wait()
    assert study.job(with_downstream).status == "completed"
    airflow.clear_run(*study.of, only_failed=True)
    study.wait()
    dispatch(installation)

    assert assert_accounted_for(study) == {"completed": 3}


def test_what_had_succeeded_can_be_cleared_and_nobody_hears_of_it(
    installation: Installation,
) -> None:
    study = light_study(installation, 2)
    airflow = installation.stack.airflow
    study.start()
    ended = study.wait()
    assert (ended.state, ended.note) == ("success", "2 completed")
    made = [study.job(reader).report for reader in study.readers]

    fetch = study.task("fetch", study.readers[0])
    airflow.clear_task_instances(*study.of, [fetch, "plan"])
    assert study.wait().state == "success"
    assert assert_accounted_for(study) == {"completed": 2}
    assert [study.job(reader).report for reader in study.readers] == made

    airflow.write_note(*study.of, "Cleared to see the new layout")
    airflow.clear_run(*study.of)
    ended = study.wait()
    assert ended.state == "success"
    assert ended.note == "Cleared to see the new layout"
    assert assert_accounted_for(study) == {"completed": 2}
    for reader, before in zip(study.readers, made, strict=True):
        after = study.job(reader).report
        assert before is not None
        assert after is not None
        assert after.made_at > before.made_at


def test_what_is_running_can_be_cleared_or_marked_and_nobody_is_lost(
    installation: Installation,
) -> None:
    study = light_study(installation, 3, LONG)
    stopped = light_study(installation, 1, LONG)
    airflow = installation.stack.airflow
    cleared, failed, succeeded = study.readers
    study.start()
    stopped.start()
    as_soon_as_it_renders(
        (study, cleared, lambda task: airflow.clear_task_instances(*study.of, [task])),
        (study, failed, lambda task: airflow.mark_task(*study.of, task, "failed")),
        (study, succeeded, lambda task: airflow.mark_task(*study.of, task, "success")),
        (
            stopped,
            stopped.readers[0],
            lambda _: airflow.mark_run(*stopped.of, "failed"),
        ),
    )

    ended = study.wait()
    assert (ended.state, ended.note) == ("failed", "1 completed, 2 unaccounted")
    assert study.job(cleared).status == "completed"
    dispatch(installation)
    assert assert_accounted_for(study) == {"completed": 3}
    assert assert_accounted_for(stopped) == {"completed": 1}


def test_a_provider_that_refuses_us_fails_nobody_and_uses_up_no_try(
    installation: Installation,
) -> None:
    study = light_study(installation, 2)
    mailbox = installation.stack.services.mailbox
    mailbox.fail(FaultRule(fault=401))
    study.start()
    wait_until(lambda: waiting(study, "email") == len(study.readers))
    assert [study.job(reader).status for reader in study.readers] == ["processing"] * 2
    mailbox.recover()
    ended = study.wait()

    assert (ended.state, ended.note) == ("success", "2 completed")
    assert assert_accounted_for(study) == {"completed": 2}
    for reader in study.readers:
        assert study.instance(study.task("email", reader)).try_number == 1


def as_soon_as_it_renders(
    *interventions: tuple[LightStudy, Reader, Callable[[tuple[str, int]], None]],
) -> None:
    """Interfere with each reader's render task while it is at work."""
    left = list(interventions)
    while left:
        wait_until(
            lambda: any(study.begun("render", reader) for study, reader, _ in left)
        )
        for study, reader, interfere in list(left):
            if study.begun("render", reader):
                interfere(study.task("render", reader))
                left.remove((study, reader, interfere))


def kill_task(study: LightStudy, task: tuple[str, int]) -> None:
    """End the process of a running task as the kernel ends one without memory."""
    pid = study.instance(task).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def waiting(study: LightStudy, stage: Stage) -> int:
    """Count the tasks of a stage that have given their slots away to wait."""
    instances = study.installation.stack.airflow.task_instances(*study.of)
    return sum(
        (task.task_id, task.state) == (f"report.{stage}", "up_for_reschedule")
        for task in instances
    )


@contextmanager
def without_study(study: LightStudy) -> Iterator[None]:
    """Hide the study's row, so that its reports cannot be made."""
    studies = study.installation.database["studies"]
    studies.delete_one({"_id": study.study.id})
    yield
    studies.insert_one(study.study.to_row())


def test_a_mail_whose_answer_was_lost_completes_its_job_by_an_event(
    installation: Installation,
) -> None:
    study = light_study(installation, 2)
    mailbox = installation.stack.services.mailbox
    lost, _ = study.readers
    mailbox.fail(FaultRule(fault="drop_after_accept", recipient=lost.user.email))
    mailbox.hold_events()
    study.start()
    study.wait()
    assert study.job(lost).status == "failed"

    mailbox.recover()
    assert mailbox.wait_until_told(60)

    assert assert_accounted_for(study) == {"completed": 2}
    assert study.job(lost).decided_by == ()
    told = installation.database["mail_events"].count_documents({"jobId": lost.job_id})
    mailbox.shuffle_events(seed=1, copies=3)
    assert mailbox.wait_until_told(60)
    again = installation.database["mail_events"].count_documents({"jobId": lost.job_id})
    assert told == again == 2
