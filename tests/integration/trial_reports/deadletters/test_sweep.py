"""Closed letters leave SQS; open ones, and what is not ours, stay for everybody."""

from dataclasses import replace
from typing import TYPE_CHECKING

from botocore.exceptions import EndpointConnectionError
from mypy_boto3_sqs import SQSClient

from tests.builders import MONDAY_NOON
from trial_reports.deadletters.letter import DeadLetter
from trial_reports.deadletters.open_letters import Selection
from trial_reports.jobs.models import Failure

if TYPE_CHECKING:
    from tests.integration.trial_reports.deadletters.conftest import Desk

NOW = MONDAY_NOON
FOREIGN = ["not json", '{"version": 2}', '"a string"', '{"id": "dl_one"}']


def test_open_letters_stay_and_others_see_them_at_once(desk: "Desk") -> None:
    jobs = desk.sent(23)

    swept = desk.sweep.run("fetch")

    assert (swept.kept, swept.dropped, swept.problem) == (23, [], None)
    assert desk.letters() == sorted(desk.letter(job).id for job in jobs)


def test_a_letter_is_dropped_once_its_job_has_another_or_none(desk: "Desk") -> None:
    again, gone, still = desk.sent(3)
    before = {desk.letter(again).id, desk.letter(gone).id}
    for job in (again, gone):
        assert desk.decisions.redrive(job, desk.letter(job).id, NOW)
    desk.fails(again, Failure(code="broken", message="It broke.", cause="bug"))
    desk.outbox.send_unsent(NOW)

    swept = desk.sweep.run("fetch")

    assert {letter.id for letter in swept.dropped} == before
    assert desk.letters() == sorted([desk.letter(again).id, desk.letter(still).id])


def test_a_letter_that_was_sent_twice_is_dropped_twice(desk: "Desk") -> None:
    (job,) = desk.sent(1)
    desk.queues.send(DeadLetter.about(desk.fresh(job)))
    desk.decisions.redrive(job, desk.letter(job).id, NOW)

    swept = desk.sweep.run("fetch")

    assert len(swept.dropped) == 2
    assert desk.letters() == []


def test_what_cannot_be_read_is_kept_and_counted(desk: "Desk") -> None:
    (job,) = desk.sent(1)
    for body in FOREIGN:
        desk.put(body)

    swept = desk.sweep.run("fetch")

    assert (swept.foreign, swept.kept, swept.dropped) == (len(FOREIGN), 1, [])
    open_letter = DeadLetter.about(desk.fresh(job)).model_dump_json(by_alias=True)
    assert sorted(desk.seen_by_others()) == sorted([*FOREIGN, open_letter])


def test_a_letter_about_a_job_that_is_not_in_our_database_is_not_ours_to_drop(
    desk: "Desk",
) -> None:
    (job,) = desk.sent(1)
    desk.database["report_jobs"].delete_one({"_id": job.id})

    swept = desk.sweep.run("fetch")

    assert (swept.foreign, swept.dropped) == (1, [])
    assert len(desk.letters()) == 1


def test_a_queue_of_any_length_ends(desk: "Desk") -> None:
    desk.sent(12)

    swept = replace(desk.sweep, most_messages=10).run("fetch")

    assert swept.problem == "The queue of fetch is long: not all was seen."
    assert swept.kept == 10
    assert len(desk.letters()) == 12


def test_a_queue_that_goes_away_half_way_has_told_what_was_done(
    desk: "Desk", sqs: SQSClient
) -> None:
    jobs = desk.sent(12)
    for job in jobs:
        desk.decisions.redrive(job, desk.letter(job).id, NOW)
    calls = [0]

    def away_after_the_first(**_: object) -> None:
        calls[0] += 1
        if calls[0] > 1:
            raise EndpointConnectionError(endpoint_url="sqs")

    sqs.meta.events.register("before-call.sqs.ReceiveMessage", away_after_the_first)

    swept = desk.sweep.run("fetch")

    assert len(swept.dropped) == 10
    assert swept.problem == "SQS does not show the queue of fetch."


def test_what_waits_is_counted_by_stage_and_cause_with_its_age(desk: "Desk") -> None:
    desk.sent(3)
    desk.failed("email", "bug")
    (closed,) = desk.open_letters.find(Selection(limit=1), NOW)
    desk.decisions.redrive(closed, desk.letter(closed).id, NOW)

    described = [waiting.describe(NOW) for waiting in desk.open_letters.waiting()]

    assert described == [
        "email/bug: 1 open, the oldest for 0.0 h",
        "fetch/permanent: 2 open, the oldest for 2.0 h",
    ]
