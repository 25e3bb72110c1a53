"""A file is what its content is; names and claims are not even asked for."""

import codecs
import io
import zipfile

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from trial_reports.documents.recognition import (
    HEAD_BYTES,
    MEDIA_TYPES,
    decode,
    recognise,
)
from trial_reports.subscriptions.models import FileType

NOTE = "Größe 1,80 m. Müde, 37,5 °C, naïve façade."
RUSSIAN = "Сегодня болит голова и температура, вчера было лучше."


def an_image(encoding: str, mode: str = "RGB", **options: object) -> bytes:
    data = io.BytesIO()
    Image.new(mode, (16, 12)).save(data, encoding, **options)
    return data.getvalue()


def a_pdf() -> bytes:
    data = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(data)
    return data.getvalue()


def an_archive(name: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, NOTE)
    return data.getvalue()


LISTED: list[tuple[bytes, FileType]] = [
    (an_image("JPEG"), "jpg"),
    (an_image("JPEG", "CMYK", progressive=True, comment=b"A camera"), "jpg"),
    (an_image("PNG"), "png"),
    (an_image("PNG", "1"), "png"),
    (an_image("GIF", "P"), "gif"),
    (an_image("WEBP"), "webp"),
    (an_image("WEBP", "RGBA", lossless=True), "webp"),
    (a_pdf(), "pdf"),
    (NOTE.encode(), "txt"),
]


@pytest.mark.parametrize(("content", "file_type"), LISTED)
def test_each_file_type_is_known_by_its_bytes(
    content: bytes, file_type: FileType
) -> None:
    assert recognise(content[:HEAD_BYTES]) == MEDIA_TYPES[file_type]


def test_there_is_an_example_of_every_file_type() -> None:
    assert {file_type for _, file_type in LISTED} == set(MEDIA_TYPES)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        an_image("BMP"),
        an_image("TIFF"),
        an_archive("note.txt"),
        an_archive("word/document.xml"),
        b"<!DOCTYPE html><html><body>Hello</body></html>",
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'></svg>",
        b"<?xml version='1.0'?><a/>",
        b"{\\rtf1 hello}",
        b"MZ\x90\x00\x03\x00\x00\x00",
        b"\x7fELF\x02\x01\x01\x00",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
        bytes(range(256)),
        bytes(range(1, 256)),
        b"Hello\0world",
        codecs.BOM_UTF16_LE + b"\x00\xd8\x00\x00\x00\xd8",
    ],
)
def test_everything_else_is_nothing_the_report_can_show(content: bytes) -> None:
    assert recognise(content) is None


@pytest.mark.parametrize(
    "note",
    [
        "BMI was 24 today.",
        "From Monday on I felt better.",
        "ID3 was the code of the sample.",
        "MZ is my doctor.",
        "P1 was the first visit.",
        "RIFF on the guitar for an hour.",
        "GIF of my dog made me laugh.",
        "import more fruit, they said",
        "<3 today was a good day",
        "a",
    ],
)
def test_a_note_is_a_note_whatever_it_begins_with(note: str) -> None:
    assert recognise(note.encode()) == "text/plain"
    assert decode(note.encode()) == note


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_people_can_read_their_notes_again(encoding: str) -> None:
    assert recognise(NOTE.encode(encoding)) == "text/plain"
    assert decode(NOTE.encode(encoding)) == NOTE


@pytest.mark.parametrize("word", ["café", "müde", "37,5 °C", "naïve", "schön"])
def test_a_short_note_in_latin_1_is_not_taken_for_chinese(word: str) -> None:
    assert decode(word.encode("cp1252")) == word


@pytest.mark.parametrize(
    ("note", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        ("日本語のテキスト", "cp932"),
        ("今天头疼。没有发烧。", "gb18030"),
    ],
)
def test_other_scripts_are_guessed(note: str, encoding: str) -> None:
    assert decode(note.encode(encoding)) == note


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@given(
    rest=st.text(st.characters(codec="utf-8", categories=["L"])),
    lost=st.integers(min_value=0, max_value=3),
)
def test_cutting_a_note_within_a_character_loses_only_that_character(
    encoding: str, rest: str, lost: int
) -> None:
    # After an umlaut, UTF-8 cannot be mistaken for anything else.
    note = f"üüü{rest}"
    whole = note.encode(encoding)

    shown = decode(whole[: len(whole) - lost])

    assert shown is not None
    assert note.startswith(shown)
    assert len(note) - len(shown) <= lost


def test_a_long_english_note_with_its_first_accent_at_the_cut_is_text() -> None:
    note = ("A walk in the park. " * 5000)[: HEAD_BYTES - 1] + "é"

    assert recognise(note.encode()[:HEAD_BYTES]) == "text/plain"


@given(st.binary(max_size=200))
def test_whatever_is_uploaded_the_answer_is_a_listed_type_or_none(
    content: bytes,
) -> None:
    assert recognise(content) in {*MEDIA_TYPES.values(), None}
