"""What a participant may see of their own records, and nothing else."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import MONDAY_NOON, PERIOD, WEDNESDAY, a_document, a_user
from trial_reports.documents.models import Document, File
from trial_reports.documents.repository import Documents
from trial_reports.identifiers import new_id
from trial_reports.studies.models import KindRule, ParticipantReport

TICK = timedelta(milliseconds=1)
DAY = timedelta(days=1)
OTHER = "usr_somebodyelse"


class Records:
    """The stored records of one person, read under an allow-list."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self.user = a_user()
        self._database = database

    def store(self, **changes: Any) -> Document:
        return self.store_all([changes])[0]

    def store_all(self, changes: list[dict[str, Any]]) -> list[Document]:
        documents = [a_document(self.user, **each) for each in changes]
        self._database["documents"].insert_many([d.to_row() for d in documents])
        return documents

    def store_file(self, **changes: Any) -> File:
        defaults: dict[str, Any] = {
            "id": new_id("fil"),
            "study_id": "stu_one",
            "user_id": self.user.id,
            "uri": f"s3://uploads/{new_id('obj')}",
            "name": "ada-lovelace-knee.jpg",
            "caption": "My knee",
            "media_type": "image/jpeg",
            "size": 1,
            "sha256": "0" * 64,
            "recorded_at": WEDNESDAY,
            "stored_at": WEDNESDAY,
        }
        file = File(**defaults | changes)
        self._database["files"].insert_one(file.to_row())
        return file

    def under(self, cut_off: datetime = MONDAY_NOON, **kinds: KindRule) -> Documents:
        allowed = ParticipantReport(kinds=kinds)
        return Documents(self._database, "stu_one", self.user.id, allowed, cut_off)


@pytest.fixture
def records(database: Database[dict[str, Any]]) -> Records:
    return Records(database)


def week(documents: Documents) -> list[Document]:
    return list(documents.recorded(PERIOD.start, PERIOD.end))


def ids(documents: list[Document]) -> list[str]:
    return [document.id for document in documents]


def test_a_study_that_lists_nothing_shows_nothing(records: Records) -> None:
    records.store()
    records.store_file()

    assert week(records.under()) == []
    assert list(records.under().files(PERIOD.start, PERIOD.end)) == []


def test_kinds_and_fields_that_are_not_listed_never_leave(records: Records) -> None:
    records.store(kind="randomisation", data={"arm": "placebo"})
    diary = records.store(data={"mood": 4, "text": "A walk.", "rater": "Dr. X"})

    (shown,) = week(records.under(diary=KindRule(fields=("mood", "text"))))

    assert shown.id == diary.id
    assert shown.data == {"mood": 4, "text": "A walk."}


def test_a_field_of_one_kind_does_not_open_it_for_another(records: Records) -> None:
    records.store(kind="laboratory", data={"value": 7.1, "dose": "20 mg"})
    records.store(kind="vital_signs", data={"value": 120, "dose": "20 mg"})

    shown = week(
        records.under(
            laboratory=KindRule(fields=("value",)),
            vital_signs=KindRule(fields=("value", "dose")),
        )
    )

    assert {d.kind: set(d.data) for d in shown} == {
        "laboratory": {"value"},
        "vital_signs": {"value", "dose"},
    }


def test_a_listed_kind_without_listed_fields_only_says_that_it_was(
    records: Records,
) -> None:
    records.store()

    (shown,) = week(records.under(diary=KindRule()))

    assert shown.data == {}


@pytest.mark.parametrize(
    "field", ["", "$mood", "$$ROOT", "hidden.arm", "hidden.", ".hidden", "mood\0", "."]
)
def test_a_field_name_that_means_something_else_opens_nothing(
    records: Records, field: str
) -> None:
    records.store(data={"mood": 4, "hidden": {"arm": "placebo"}})

    (shown,) = week(records.under(diary=KindRule(fields=(field, "mood"))))

    assert shown.data == {"mood": 4}


@pytest.mark.parametrize("data", [None, "a text", 7, [{"mood": 4}, {"arm": "B"}]])
def test_a_malformed_record_does_not_spoil_the_others(
    records: Records, database: Database[dict[str, Any]], data: object
) -> None:
    broken = records.store()
    whole = records.store(recorded_at=WEDNESDAY + DAY)
    database["documents"].update_one({"_id": broken.id}, {"$set": {"data": data}})

    shown = week(records.under(diary=KindRule(fields=("mood",))))

    assert [(d.id, d.data) for d in shown] == [(broken.id, {}), (whole.id, {"mood": 4})]


def test_nobody_elses_records_and_no_other_studys_are_read(records: Records) -> None:
    records.store(user_id=OTHER)
    records.store(study_id="stu_two")
    records.store_file(user_id=OTHER)
    records.store_file(study_id="stu_two")
    documents = records.under(diary=KindRule(), file=KindRule())

    assert week(documents) == []
    assert list(documents.files(PERIOD.start, PERIOD.end)) == []


def test_the_week_has_its_first_moment_and_not_the_next_weeks(
    records: Records,
) -> None:
    inside = [
        records.store(recorded_at=PERIOD.end - TICK),
        records.store(recorded_at=PERIOD.start),
    ]
    records.store(recorded_at=PERIOD.start - TICK)
    records.store(recorded_at=PERIOD.end)

    shown = week(records.under(diary=KindRule()))

    assert ids(shown) == [inside[1].id, inside[0].id]


@pytest.mark.parametrize(
    ("released_at", "shown"),
    [
        (None, False),
        (WEDNESDAY, True),
        (MONDAY_NOON, True),
        (MONDAY_NOON + TICK, False),
    ],
)
def test_what_needs_a_release_waits_for_it(
    records: Records, released_at: datetime | None, shown: bool
) -> None:
    records.store(kind="laboratory", released_at=released_at)
    records.store_file(released_at=released_at)
    held = KindRule(needs_release=True)
    documents = records.under(laboratory=held, file=held)

    assert len(week(documents)) == shown
    assert len(list(documents.files(PERIOD.start, PERIOD.end))) == shown


def test_a_release_of_one_kind_is_not_asked_of_another(records: Records) -> None:
    records.store(kind="laboratory")
    diary = records.store()

    shown = week(
        records.under(laboratory=KindRule(needs_release=True), diary=KindRule())
    )

    assert ids(shown) == [diary.id]


def test_a_row_that_is_not_complete_is_counted_and_the_others_are_read(
    records: Records, database: Database[dict[str, Any]]
) -> None:
    broken, whole = records.store(), records.store()
    lost, shown = records.store_file(), records.store_file()
    database["documents"].update_one({"_id": broken.id}, {"$unset": {"storedAt": 1}})
    database["files"].update_one({"_id": lost.id}, {"$unset": {"sha256": 1}})
    documents = records.under(diary=KindRule(), file=KindRule())

    assert ids(week(documents)) == [whole.id]
    files = documents.files(PERIOD.start, PERIOD.end)
    assert [file.id for file in files] == [shown.id]
    assert documents.unreadable_documents == {broken.id}
    assert documents.unreadable_files == {lost.id}


def test_what_arrives_while_a_report_is_made_is_the_next_reports(
    records: Records,
) -> None:
    records.store(stored_at=MONDAY_NOON + TICK)
    in_time = records.store(stored_at=MONDAY_NOON)

    shown = week(records.under(diary=KindRule()))

    assert ids(shown) == [in_time.id]


def test_late_records_are_those_the_previous_report_could_not_hold(
    records: Records,
) -> None:
    previous = PERIOD.start + timedelta(hours=12)
    before = PERIOD.start - DAY
    held = KindRule(needs_release=True)

    def earlier(kind: str, stored: datetime, released: datetime | None = None) -> str:
        return records.store(
            kind=kind, recorded_at=before, stored_at=stored, released_at=released
        ).id

    late = {
        earlier("diary", previous + TICK),
        earlier("diary", MONDAY_NOON),
        earlier("laboratory", before, previous + TICK),
        earlier("laboratory", previous + TICK, before),
    }
    earlier("diary", previous)
    earlier("diary", MONDAY_NOON + TICK)
    earlier("diary", before, previous + TICK)
    earlier("laboratory", before, previous)
    earlier("laboratory", previous + TICK)
    earlier("laboratory", previous + TICK, MONDAY_NOON + TICK)
    records.store(recorded_at=PERIOD.start, stored_at=previous + TICK)

    documents = records.under(diary=KindRule(), laboratory=held)
    added = list(documents.added(PERIOD.start, previous))

    assert {document.id for document in added} == late


def test_a_persons_own_file_name_never_leaves(records: Records) -> None:
    records.store_file()
    documents = records.under(file=KindRule(fields=("caption", "name")))

    (shown,) = documents.files(PERIOD.start, PERIOD.end)

    assert (shown.name, shown.caption) == ("", "My knee")


def test_a_caption_is_shown_only_where_it_is_listed(records: Records) -> None:
    records.store_file()

    (shown,) = records.under(file=KindRule()).files(PERIOD.start, PERIOD.end)

    assert shown.caption == ""


def test_more_records_than_one_page_come_in_order(records: Records) -> None:
    backwards = [PERIOD.end - timedelta(seconds=1 + n // 2) for n in range(700)]
    stored = records.store_all([{"recorded_at": moment} for moment in backwards])

    shown = week(records.under(diary=KindRule()))

    assert ids(shown) == ids(sorted(stored, key=lambda d: (d.recorded_at, d.id)))
