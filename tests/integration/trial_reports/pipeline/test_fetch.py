"""The fetch stage: what is wanted and allowed, counted to the last record."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import MONDAY_NOON, PERIOD, WEDNESDAY, a_job
from trial_reports.errors import Cancelled, PermanentError
from trial_reports.jobs.models import Artifact, Report

if TYPE_CHECKING:
    from tests.integration.trial_reports.pipeline.conftest import Participant
    from trial_reports.reports.fetched import FetchedReport

WEEK = timedelta(days=7)
ARTIFACT = Artifact(uri="s3://b/k", sha256="0" * 64, size=1)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
ZIP = b"PK\x03\x04" + b"\0" * 26


def types_in(report: FetchedReport) -> list[str]:
    return sorted(file.media_type or "" for file in report.files)


def test_the_report_is_about_the_person_and_the_week(ada: Participant) -> None:
    diary = ada.records()

    report = ada.fetched()

    assert (report.job_id, report.name) == (ada.job.id, ada.user.name)
    assert (report.study_title, report.emergency) == (ada.study.title, "112")
    assert (report.window_start, report.period) == (PERIOD.start, PERIOD)
    assert report.cut_off == MONDAY_NOON
    assert [(r.id, r.data) for r in report.records] == [(diary.id, diary.data)]


def test_what_the_study_does_not_list_is_not_in_the_artifact(ada: Participant) -> None:
    ada.records(data={"mood": 4, "arm": "canary-placebo"})
    ada.records(kind="randomisation", data={"text": "canary-randomised"})
    ada.uploads(PNG, caption="My knee", name="canary-lovelace.png")

    ada.fetched()

    written = ada.written_by("fetch")
    assert b"canary" not in written
    assert b"My knee" in written
    assert ada.user.email.encode() not in written


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        (None, ["application/pdf", "application/zip", "image/png", "text/plain"]),
        ([], []),
        (["png"], ["image/png"]),
        (["txt", "pdf"], ["application/pdf", "text/plain"]),
        (["gif"], []),
    ],
)
def test_the_files_are_those_of_the_chosen_types_whatever_they_claim_to_be(
    ada: Participant, chosen: list[str] | None, shown: list[str]
) -> None:
    ada.is_now("subscriptions", filters={"fileTypes": chosen})
    ada.uploads(PNG, media_type="image/gif")
    ada.uploads(PDF, media_type="text/plain")
    ada.uploads(b"A walk in the park.", media_type="application/pdf")
    ada.uploads(ZIP, media_type="application/zip")

    report = ada.fetched()

    assert types_in(report) == shown
    assert report.files_left_out == 0


@pytest.mark.parametrize(
    ("date_range", "weeks"),
    [("last_week", 1), ("last_2_weeks", 2), ("last_4_weeks", 4)],
)
def test_the_window_is_as_long_as_was_chosen_and_the_rest_is_the_trend(
    ada: Participant, date_range: str, weeks: int
) -> None:
    ada.is_now("subscriptions", filters={"dateRange": date_range})
    recorded = [ada.records(recorded_at=PERIOD.end - n * WEEK) for n in range(11)]
    ada.uploads(PNG, recorded_at=PERIOD.end - weeks * WEEK)
    ada.uploads(PNG, recorded_at=PERIOD.end - (weeks + 1) * WEEK)

    report = ada.fetched()

    assert report.window_start == PERIOD.end - weeks * WEEK
    inside = [r.id for r in reversed(recorded[1 : weeks + 1])]
    before = [r.id for r in reversed(recorded[weeks + 1 : 10])]
    assert [r.id for r in report.records] == inside
    assert [r.id for r in report.earlier_records] == before
    assert len(report.files) == 1


def test_what_exceeds_the_limits_of_a_report_is_counted(ada: Participant) -> None:
    ada.configure(limits={"records": 2, "files": 1})
    times = [WEDNESDAY + timedelta(minutes=n) for n in range(5)]
    recorded = [ada.records(recorded_at=moment) for moment in times]
    uploaded = [ada.uploads(PNG, recorded_at=moment) for moment in times]

    report = ada.fetched()

    assert [r.id for r in report.records] == [r.id for r in recorded[:2]]
    assert [f.id for f in report.files] == [uploaded[0].id]
    assert (report.records_left_out, report.files_left_out) == (3, 4)


def test_a_file_that_is_gone_is_named_and_the_report_goes_on(ada: Participant) -> None:
    gone = ada.uploads(PNG)
    ada.overwrite(gone, None)

    (shown,) = ada.fetched().files

    assert shown.problem == "The file could not be found."


@pytest.mark.parametrize(
    ("collection", "fields", "reason"),
    [
        ("subscriptions", {"open": False, "status": "unsubscribed"}, "unsubscribed"),
        ("subscriptions", {"status": "paused"}, "paused"),
        ("users", {"memberships.0.until": WEDNESDAY}, "withdrawn"),
        ("users", {"emailConsent": False}, "email_not_allowed"),
    ],
)
def test_a_report_nobody_may_have_any_more_is_not_even_begun(
    ada: Participant, collection: str, fields: dict[str, Any], reason: str
) -> None:
    ada.is_now(collection, **fields)

    with pytest.raises(Cancelled) as cancelled:
        ada.fetched()

    assert cancelled.value.code == reason


def test_a_person_who_was_erased_has_withdrawn(ada: Participant) -> None:
    ada.database["users"].delete_one({"_id": ada.user.id})

    with pytest.raises(Cancelled, match="withdrawn"):
        ada.fetched()


def test_a_study_that_is_gone_is_a_permanent_error(ada: Participant) -> None:
    ada.database["studies"].delete_one({"_id": ada.study.id})

    with pytest.raises(PermanentError, match="study_missing"):
        ada.fetched()


def test_a_twin_takes_what_the_first_has_written(ada: Participant) -> None:
    first = ada.goes_through("fetch")
    ada.records()

    assert ada.goes_through("fetch") == first


def test_a_first_report_has_nothing_that_came_late(ada: Participant) -> None:
    ada.records(recorded_at=PERIOD.start - WEEK)

    assert ada.fetched().late_records == ()


def test_what_the_last_report_could_not_hold_is_in_this_one(ada: Participant) -> None:
    read_at, made_at = (MONDAY_NOON - WEEK + timedelta(minutes=n) for n in (0, 10))
    previous = a_job(
        subscription_id=ada.subscription.id,
        period=PERIOD.earlier(1),
        report=Report(artifact=ARTIFACT, pages=1, cut_off=read_at, made_at=made_at),
    )
    ada.database["report_jobs"].insert_one(previous.to_row())
    last_week = PERIOD.earlier(1).start
    second = timedelta(seconds=1)
    ada.records(recorded_at=last_week, stored_at=read_at)
    late = [
        ada.records(recorded_at=last_week, stored_at=read_at + second),
        ada.records(recorded_at=last_week, stored_at=made_at + second),
    ]

    report = ada.fetched()

    assert {r.id for r in report.late_records} == {r.id for r in late}
