"""How a plain person becomes an odd one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from local_stack.sample_study.awkwardness import Awkwardness
from local_stack.sample_study.canaries import Canaries
from local_stack.sample_study.history import history, late_diary_entry
from local_stack.sample_study.making import Making
from local_stack.sample_study.measurements import NT_PRO_BNP
from local_stack.sample_study.sample import Person

_WEEK = timedelta(days=7)


def with_canaries(person: Person, making: Making, canaries: Canaries) -> Person:
    """Return the first person: plain, well documented, and full of canaries."""
    chart, uploads = making.chart(making.study), making.uploads(making.study)
    given = making.place.given[0]
    moment = making.weeks.moment
    baked = f"My neighbour brought {canaries.diary}. I ate one slice, then another."
    drawn_at = moment(0, 1, 9)
    value = float(canaries.laboratory)
    return replace(
        person,
        user=person.user.model_copy(
            update={
                "name": f"{given} {canaries.surname}",
                "email": f"{given.lower()}.{canaries.email}@example.org",
            }
        ),
        documents=(
            *person.documents,
            late_diary_entry(chart),
            chart.entry("diary", moment(0, 4, 20), {"mood": 4, "text": baked}),
            chart.laboratory_value(NT_PRO_BNP, value, drawn_at, moment(0, 4, 12)),
        ),
        files=(
            uploads.photo(owner=canaries.photo_owner, name=f"{canaries.file_name}.jpg"),
            uploads.note("accents", f"\nHeute ist {canaries.note}!\n"),
            uploads.note("emoji"),
            uploads.letter(),
        ),
    )


def _quiet(person: Person, making: Making) -> Person:
    week = making.weeks.period(0)
    previous_tick = making.weeks.last_tick - _WEEK
    earlier = (
        document
        for document in person.documents
        if document.recorded_at < week.start and document.stored_at <= previous_tick
    )
    return replace(person, documents=tuple(earlier), files=())


def _truncated_photo(person: Person, making: Making) -> Person:
    broken = making.uploads(making.study).truncated_photo()
    return replace(person, files=(broken, *person.files))


def _missing_object(person: Person, making: Making) -> Person:
    missing = replace(making.uploads(making.study).photo(), uploaded=False)
    return replace(person, files=(missing, *person.files))


def _refused_address(person: Person, _making: Making) -> Person:
    return _with_address(person, f"refused.{person.user.email}")


def _bouncing_address(person: Person, _making: Making) -> Person:
    return _with_address(person, f"bounces.{person.user.email}")


def _with_address(person: Person, email: str) -> Person:
    return replace(person, user=person.user.model_copy(update={"email": email}))


def _unsubscribed(person: Person, _making: Making) -> Person:
    return replace(person, unsubscribes=True)


def _withdrawn(person: Person, making: Making) -> Person:
    return replace(person, withdrawn_at=making.weeks.moment(0, 5, 12))


def _unverified(person: Person, _making: Making) -> Person:
    update = {"email_verified_at": None}
    return replace(person, user=person.user.model_copy(update=update))


def _two_studies(person: Person, making: Making) -> Person:
    second = making.other_study
    memberships = (*person.user.memberships, making.membership(second))
    return replace(
        person,
        user=person.user.model_copy(update={"memberships": memberships}),
        documents=(*person.documents, *history(making.chart(second))),
        files=(*person.files, *making.uploads(second).usual(making.index + 1)),
        subscribes_to=(*person.subscribes_to, second.id),
    )


def _blinded(person: Person, making: Making) -> Person:
    canaries = Canaries()
    chart, moment = making.chart(making.study), making.weeks.moment
    arm = {"treatmentArm": canaries.treatment_arm}
    planted = (
        document.model_copy(update={"data": document.data | arm})
        for document in person.documents
    )
    randomisation = {**arm, "kitNumber": canaries.kit, "text": canaries.kit}
    value = float(canaries.unreleased)
    return replace(
        person,
        documents=(
            *planted,
            chart.entry("randomisation", moment(0, 0, 9), randomisation),
            chart.laboratory_value(NT_PRO_BNP, value, moment(0, 1, 9), None),
        ),
    )


def _people_file_names(person: Person, _making: Making) -> Person:
    name = person.user.name
    renamed = (replace(f, name=name + PurePath(f.name).suffix) for f in person.files)
    return replace(person, files=tuple(renamed))


def _long_words(person: Person, making: Making) -> Person:
    chart, moment = making.chart(making.study), making.weeks.moment
    word = "Herzkreislaufuntersuchungsterminvereinbarungsbestätigung" * 4
    address = "https://example.org/" + "leaflet-about-side-effects/" * 12
    long: dict[str, dict[str, Any]] = {
        "diary": {
            "mood": 3,
            "text": f"I learned the word {word} from {address} today.",
        },
        "adverse_event": {
            "description": word,
            "severity": "mild",
            "status": "resolved",
        },
        "message": {"from": word, "text": address},
    }
    entries = (chart.entry(kind, moment(0, 3, 17), data) for kind, data in long.items())
    captioned = (replace(f, caption=f"{f.caption} {word}") for f in person.files)
    return replace(
        person, documents=(*person.documents, *entries), files=tuple(captioned)
    )


TWISTS: dict[Awkwardness, Callable[[Person, Making], Person]] = {
    Awkwardness.QUIET: _quiet,
    Awkwardness.TRUNCATED_PHOTO: _truncated_photo,
    Awkwardness.MISSING_OBJECT: _missing_object,
    Awkwardness.REFUSED_ADDRESS: _refused_address,
    Awkwardness.UNSUBSCRIBED: _unsubscribed,
    Awkwardness.WITHDRAWN: _withdrawn,
    Awkwardness.UNVERIFIED: _unverified,
    Awkwardness.TWO_STUDIES: _two_studies,
    Awkwardness.BLINDED: _blinded,
    Awkwardness.PEOPLE_FILE_NAMES: _people_file_names,
    Awkwardness.LONG_WORDS: _long_words,
    Awkwardness.BOUNCING_ADDRESS: _bouncing_address,
}
