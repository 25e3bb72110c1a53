"""The blinding guard against a model of it that fits on a page."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo.database import Database

from tests.builders import PERIOD, a_document, a_user
from trial_reports.documents.models import Document
from trial_reports.documents.repository import Documents
from trial_reports.studies.models import KindRule, ParticipantReport

DAY = timedelta(days=1)
MOMENTS = [PERIOD.start + n * DAY / 2 for n in range(-6, 30)]
FIRST_CUT_OFF = PERIOD.end + DAY / 2
SECOND_CUT_OFF = FIRST_CUT_OFF + 7 * DAY

KINDS = st.sampled_from(["diary", "laboratory", "file", "kind", "data"])
FIELDS = st.sampled_from(
    ["mood", "arm", "arm.dose", "$arm", "", "_id", "data", "kind", "mood ", "MOOD"]
)
ALLOW_LISTS = st.dictionaries(
    KINDS,
    st.builds(
        KindRule,
        fields=st.lists(FIELDS, unique=True).map(tuple),
        needs_release=st.booleans(),
    ),
)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": KINDS,
            "recorded_at": st.sampled_from(MOMENTS),
            "stored_at": st.sampled_from(MOMENTS),
            "released_at": st.none() | st.sampled_from(MOMENTS),
            "data": st.dictionaries(FIELDS, st.integers(-9, 9) | st.just({"dose": 20})),
        }
    ),
    max_size=8,
)
examples = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@dataclass(frozen=True)
class Model:
    """What the allow-list promises, said of one record at a time."""

    allowed: dict[str, KindRule]

    def shows(self, record: Document, cut_off: datetime) -> bool:
        rule = self.allowed.get(record.kind)
        if rule is None or record.stored_at > cut_off:
            return False
        released = record.released_at
        return not rule.needs_release or (released is not None and released <= cut_off)

    def data(self, record: Document) -> dict[str, Any]:
        listed = self.allowed[record.kind].fields
        plain = {field for field in listed if re.fullmatch(r"[^.$][^.]*", field)}
        return {field: v for field, v in record.data.items() if field in plain}


@examples
@given(kinds=ALLOW_LISTS, rows=RECORDS)
def test_exactly_what_is_listed_is_shown(
    database: Database[dict[str, Any]],
    kinds: dict[str, KindRule],
    rows: list[dict[str, Any]],
) -> None:
    user = a_user()
    records = [a_document(user, **row) for row in rows]
    store(database, records)
    documents = reader(database, user.id, kinds, FIRST_CUT_OFF)

    shown = list(documents.recorded(PERIOD.start, PERIOD.end))

    model = Model(kinds)
    assert {document.id: document.data for document in shown} == {
        record.id: model.data(record)
        for record in records
        if PERIOD.start <= record.recorded_at < PERIOD.end
        and model.shows(record, FIRST_CUT_OFF)
    }


@examples
@given(kinds=ALLOW_LISTS, rows=RECORDS)
def test_what_came_in_time_or_late_is_in_one_of_two_reports_and_not_in_both(
    database: Database[dict[str, Any]],
    kinds: dict[str, KindRule],
    rows: list[dict[str, Any]],
) -> None:
    user = a_user()
    records = [a_document(user, **row) for row in rows]
    store(database, records)
    first = reader(database, user.id, kinds, FIRST_CUT_OFF)
    second = reader(database, user.id, kinds, SECOND_CUT_OFF)

    reported = {d.id for d in first.recorded(PERIOD.start, PERIOD.end)}
    added = {d.id for d in second.added(PERIOD.end, FIRST_CUT_OFF)}

    model = Model(kinds)
    of_the_week = {
        record.id
        for record in records
        if PERIOD.start <= record.recorded_at < PERIOD.end
        and model.shows(record, SECOND_CUT_OFF)
    }
    assert of_the_week <= reported | added
    assert not reported & added


def store(database: Database[dict[str, Any]], records: list[Document]) -> None:
    if records:
        database["documents"].insert_many([record.to_row() for record in records])


def reader(
    database: Database[dict[str, Any]],
    user_id: str,
    kinds: dict[str, KindRule],
    cut_off: datetime,
) -> Documents:
    allowed = ParticipantReport(kinds=kinds)
    return Documents(database, "stu_one", user_id, allowed, cut_off)
