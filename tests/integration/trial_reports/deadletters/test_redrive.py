"""Failed jobs are taken up again once each, whatever dies and whoever is faster."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, cast

import pytest
from mypy_boto3_sqs import SQSClient

from tests.builders import MONDAY_NOON
from tests.state_machine.outside import Crash, Interruption, Outside, WatchedDatabase
from trial_reports.audit.trail import AuditTrail
from trial_reports.deadletters.open_letters import Selection
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.deadletters.redrive import Redriver, RedriveRequest
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.models import Failure, Job

if TYPE_CHECKING:
    from pymongo.database import Database

    from tests.integration.trial_reports.deadletters.conftest import Desk

NOW = MONDAY_NOON
HOUR = timedelta(hours=1)
Moment = Literal["before", "after"]
EVERYTHING = RedriveRequest(
    Selection(stage="fetch"), by="olivia", reason="fixed", dry_run=False
)


def test_a_dry_run_counts_and_changes_nothing(desk: "Desk") -> None:
    jobs = desk.sent(3)

    outcome = desk.redrive(dry_run=True, stage="fetch", limit=2)

    counts = outcome.counts()
    assert (counts["open"], counts["selected"], counts["redriven"]) == (3, 2, 0)
    assert desk.statuses(jobs) == ["failed"] * 3
    assert len(desk.letters()) == 3
    assert desk.audit.about("dead_letters") == []


def test_the_oldest_are_redriven_and_the_others_letters_stay_in_sqs(
    desk: "Desk",
) -> None:
    jobs = desk.sent(3)

    outcome = desk.redrive(stage="fetch", limit=2)

    line = outcome.line("fetch", "permanent")
    assert (line.open, line.oldest_hours) == (3, 3.0)
    assert (line.selected, line.redriven, line.deleted, line.dropped) == (2, 2, 2, 0)
    assert desk.statuses(jobs) == ["pending", "pending", "failed"]
    assert [desk.fresh(job).run for job in jobs] == [None, None, "run_one"]
    assert desk.letters() == [desk.letter(jobs[2]).id]
    assert outcome.notes == []


SELECTIONS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["old", "bug", "email", "new"]),
    ({"stage": "email"}, ["email"]),
    ({"cause": "bug"}, ["bug"]),
    ({"code": "special"}, ["bug"]),
    ({"older_than": 3 * HOUR}, ["old", "bug"]),
    ({"newer_than": 2 * HOUR}, ["email", "new"]),
    ({"older_than": HOUR, "newer_than": 3 * HOUR}, ["bug", "email"]),
    ({"older_than": 0 * HOUR}, ["old", "bug", "email", "new"]),
    ({"cause": "permanent", "limit": 1}, ["old"]),
    ({"jobs": ()}, []),
    ({"code": "nothing_like_it"}, []),
]


def test_letters_are_selected_by_what_failed_why_and_when(desk: "Desk") -> None:
    names = {
        desk.failed(at=NOW).id: "new",
        desk.failed(at=NOW - 4 * HOUR).id: "old",
        desk.failed("email", at=NOW - 2 * HOUR).id: "email",
        desk.failed(cause="bug", code="special", at=NOW - 3 * HOUR).id: "bug",
    }

    for selection, meant in SELECTIONS:
        found = desk.open_letters.find(Selection(**selection), NOW)
        assert [names[job.id] for job in found] == meant, selection


def test_only_the_named_jobs_are_redriven(desk: "Desk") -> None:
    one, two = desk.failed(), desk.failed()

    desk.redrive(stage="fetch", jobs=(two.id, "job_unknown"))

    assert desk.statuses([one, two]) == ["failed", "pending"]


def test_a_mail_of_unknown_fate_is_left_to_a_person(desk: "Desk") -> None:
    (job,) = desk.sent(1, stage="email", cause="delivery", code="delivery_unknown")

    outcome = desk.redrive(stage="email")

    assert outcome.to_decide == 1
    assert outcome.counts()["selected"] == 0
    assert desk.statuses([job]) == ["failed"]
    assert desk.letters("email") == [desk.letter(job).id]


def test_the_audit_says_who_had_which_job_redriven_and_why(desk: "Desk") -> None:
    (job,) = desk.sent(1)

    desk.redrive(stage="fetch")

    (event,) = desk.audit.about(job.id)
    assert (event.actor, event.action, event.reason) == ("olivia", "redrive", "fixed")
    assert event.details == {"letter": first_letter(job)}
    (asked,) = desk.audit.about("dead_letters")
    assert asked.details == {"selected": 1}


def test_a_job_that_fails_again_says_how_often_and_since_when(desk: "Desk") -> None:
    (job,) = desk.sent(1)
    desk.redrive(stage="fetch")

    desk.fails(job, Failure(code="broken", message="It broke.", cause="bug"))

    again = desk.fresh(job)
    assert again.failures == 2
    assert again.error is not None
    assert again.error.message == "It broke. It has failed 2 times."
    assert again.first_failed_at == NOW - HOUR
    assert desk.letter(job).id != first_letter(job)


def test_redriving_works_while_sqs_is_away_and_says_so(
    desk: "Desk", sqs: SQSClient
) -> None:
    (job,) = desk.sent(1)
    away = desk.redriver(DeadLetterQueues(sqs, "no-such-prefix"))

    outcome = away.run(EVERYTHING, NOW)

    assert desk.statuses([job]) == ["pending"]
    assert "SQS does not show the queue of fetch." in outcome.notes[0]
    assert "1 redriven jobs had no message in SQS" in outcome.notes[1]
    assert desk.letters() == [first_letter(job)]
    tidied = desk.redrive(stage="fetch")
    assert tidied.line("fetch", "permanent").dropped == 1
    assert desk.letters() == []


def test_redriving_works_when_the_message_has_expired(desk: "Desk") -> None:
    job = desk.failed(at=NOW - timedelta(days=15))  # never sent, or long gone

    outcome = desk.redrive(stage="fetch")

    assert desk.statuses([job]) == ["pending"]
    assert "1 redriven jobs had no message in SQS" in str(outcome)
    assert desk.outbox.send_unsent(NOW) == 0


def test_a_job_somebody_else_has_just_redriven_is_not_counted(desk: "Desk") -> None:
    one, two = desk.sent(2)

    def somebody_is_faster() -> None:
        assert desk.decisions.redrive(one, desk.letter(one).id, NOW)

    slow = redriver_interrupted(desk, 1, "after", somebody_is_faster)

    line = slow.run(EVERYTHING, NOW).line("fetch", "permanent")

    assert (line.selected, line.redriven, line.moved_on) == (2, 1, 1)
    assert (line.deleted, line.dropped) == (1, 1)
    assert desk.audit.about(one.id) == []
    assert desk.statuses([one, two]) == ["pending", "pending"]


@pytest.mark.parametrize("write", range(1, 6))
def test_whatever_write_it_dies_at_a_repetition_finishes_the_rest(
    desk: "Desk", write: int
) -> None:
    jobs = desk.sent(2)
    with pytest.raises(Crash):
        redriver_interrupted(desk, write, "before", dies).run(EVERYTHING, NOW)

    desk.redriver().run(EVERYTHING, NOW)

    assert desk.statuses(jobs) == ["pending", "pending"]
    assert desk.letters() == []
    assert {event.actor for event in desk.audit.about("dead_letters")} == {"olivia"}


@pytest.mark.parametrize("call", ["ReceiveMessage", "DeleteMessageBatch"])
def test_dying_while_it_tidies_up_undoes_nothing_and_redrives_nothing_twice(
    desk: "Desk", sqs: SQSClient, call: str
) -> None:
    jobs = desk.sent(2)
    event = f"before-call.sqs.{call}"
    sqs.meta.events.register(event, dies)
    with pytest.raises(Crash):
        desk.redriver().run(EVERYTHING, NOW)
    sqs.meta.events.unregister(event, dies)

    again = desk.redriver().run(EVERYTHING, NOW)

    assert again.counts()["redriven"] == 0
    assert desk.statuses(jobs) == ["pending", "pending"]


def first_letter(job: Job) -> str:
    """Return the id of the letter that a job had when it was made."""
    assert job.dead_letter is not None
    return job.dead_letter.id


def redriver_interrupted(
    desk: "Desk", write: int, moment: Moment, happens: Callable[[], None]
) -> Redriver:
    """Return a redriver whose n-th write to MongoDB is interrupted."""
    outside = Outside(lambda _: None)
    outside.arm(Interruption(None, write, moment, happens))
    watched = cast("Database[dict[str, Any]]", WatchedDatabase(desk.database, outside))
    return Redriver(
        desk.open_letters, Decisions(watched), desk.sweep, AuditTrail(watched)
    )


def dies(**_: object) -> None:
    raise Crash
