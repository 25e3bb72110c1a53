import io

import pytest
from PIL import Image, ImageFile

from local_stack.sample_study import Awkwardness, SampleStudy, generate
from local_stack.sample_study.weeks import Weeks


def test_25_participants_hold_one_of_each_oddity_after_a_plain_person(
    sample: SampleStudy,
) -> None:
    odd = [person.awkwardness for person in sample.people]
    assert odd == [None, *Awkwardness, *[None] * 12]


def test_a_small_sample_holds_the_most_important_oddities(sample: SampleStudy) -> None:
    small = generate(1, 3, sample.last_tick)
    odd = [person.awkwardness for person in small.people]
    assert odd == [None, Awkwardness.QUIET, Awkwardness.TRUNCATED_PHOTO]
    with pytest.raises(KeyError, match="BLINDED"):
        small.odd(Awkwardness.BLINDED)


def test_a_quiet_person_has_a_history_but_nothing_this_week(
    sample: SampleStudy,
) -> None:
    person = sample.odd(Awkwardness.QUIET)
    week = Weeks(sample.last_tick, person.user.time_zone).period(0)
    assert len(person.documents) > 50
    assert max(document.recorded_at for document in person.documents) < week.start
    assert not person.files


def test_a_truncated_photo_is_recognised_but_cannot_be_decoded(
    sample: SampleStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    # WeasyPrint tells Pillow to fill up truncated images, for the whole process.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)
    broken = sample.odd(Awkwardness.TRUNCATED_PHOTO).files[0]
    with Image.open(io.BytesIO(broken.content())) as image:
        assert image.format == "JPEG"
        with pytest.raises(OSError, match="truncated"):
            image.load()


def test_one_file_is_never_uploaded(sample: SampleStudy) -> None:
    missing = {
        person.awkwardness
        for person in sample.people
        for file in person.files
        if not file.uploaded
    }
    assert missing == {Awkwardness.MISSING_OBJECT}


def test_one_address_is_refused(sample: SampleStudy) -> None:
    refused = sample.odd(Awkwardness.REFUSED_ADDRESS)
    others = [person for person in sample.people if person is not refused]
    assert refused.user.email.startswith("refused.")
    assert not any(person.user.email.startswith("refused") for person in others)


def test_one_address_takes_no_mail(sample: SampleStudy) -> None:
    bouncing = [
        person.awkwardness
        for person in sample.people
        if person.user.email.startswith("bounces.")
    ]
    assert bouncing == [Awkwardness.BOUNCING_ADDRESS]


def test_one_person_unsubscribes(sample: SampleStudy) -> None:
    leaving = [person.awkwardness for person in sample.people if person.unsubscribes]
    assert leaving == [Awkwardness.UNSUBSCRIBED]


def test_one_person_withdraws_within_the_report_week_after_subscribing(
    sample: SampleStudy,
) -> None:
    person = sample.odd(Awkwardness.WITHDRAWN)
    week = Weeks(sample.last_tick, person.user.time_zone).period(0)
    assert person.withdrawn_at is not None
    assert sample.subscribed_at < person.withdrawn_at < week.end
    assert [p for p in sample.people if p.withdrawn_at] == [person]


def test_only_the_unverified_person_may_not_subscribe(sample: SampleStudy) -> None:
    refused = [
        person.awkwardness for person in sample.people if not person.may_subscribe
    ]
    assert refused == [Awkwardness.UNVERIFIED]


def test_one_person_has_records_and_files_in_two_studies(sample: SampleStudy) -> None:
    person = sample.odd(Awkwardness.TWO_STUDIES)
    both = {study.id for study in sample.studies}
    assert set(person.subscribes_to) == both
    assert {document.study_id for document in person.documents} == both
    assert {file.study_id for file in person.files} == both


def test_a_blinded_person_has_records_that_must_stay_hidden(
    sample: SampleStudy,
) -> None:
    person = sample.odd(Awkwardness.BLINDED)
    listed = sample.studies[0].participant_report.kinds
    assert all("treatmentArm" in document.data for document in person.documents[:50])
    assert all("treatmentArm" not in rule.fields for rule in listed.values())
    assert {d.kind for d in person.documents} - set(listed) == {"randomisation"}
    unreleased = [
        document.data["value"]
        for document in person.documents
        if document.kind == "laboratory" and document.released_at is None
    ]
    assert unreleased == [float(sample.canaries.unreleased)]


def test_files_are_named_after_their_person(sample: SampleStudy) -> None:
    person = sample.odd(Awkwardness.PEOPLE_FILE_NAMES)
    assert person.files
    assert all(person.user.name in file.name for file in person.files)


def test_words_and_addresses_are_longer_than_a_line(sample: SampleStudy) -> None:
    person = sample.odd(Awkwardness.LONG_WORDS)
    texts = [
        value
        for document in person.documents
        for value in document.data.values()
        if isinstance(value, str)
    ]
    assert max(len(word) for text in texts for word in text.split()) > 200
    assert all(len(file.caption) > 200 for file in person.files)
