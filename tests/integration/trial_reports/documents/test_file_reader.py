"""Looking at files: whatever was uploaded, the report can say something about it."""

import hashlib
import io
from dataclasses import replace
from typing import Any

import pytest
from mypy_boto3_s3 import S3Client
from PIL import Image

from tests.builders import WEDNESDAY
from trial_reports.documents.files import FileReader
from trial_reports.documents.models import File
from trial_reports.documents.recognition import HEAD_BYTES
from trial_reports.identifiers import new_id
from trial_reports.settings import Limits
from trial_reports.storage.storage import Storage


class Uploads:
    """A bucket with people's files."""

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def add(self, content: bytes, **changes: Any) -> File:
        file = self.claimed(
            size=len(content), sha256=hashlib.sha256(content).hexdigest(), **changes
        )
        key = file.uri.removeprefix(f"s3://{self._bucket}/")
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=content)
        return file

    def claimed(self, **changes: Any) -> File:
        """Return the metadata of a file nobody has stored."""
        defaults: dict[str, Any] = {
            "id": new_id("fil"),
            "study_id": "stu_one",
            "user_id": new_id("usr"),
            "uri": f"s3://{self._bucket}/files/{new_id('obj')}",
            "media_type": "application/octet-stream",
            "size": 1,
            "sha256": "0" * 64,
            "recorded_at": WEDNESDAY,
            "stored_at": WEDNESDAY,
        }
        return File(**defaults | changes)


@pytest.fixture
def uploads(s3: S3Client) -> Uploads:
    bucket = new_id("uploads").replace("_", "-")
    region: Any = s3.meta.region_name
    s3.create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region}
    )
    return Uploads(s3, bucket)


@pytest.fixture
def reader(storage: Storage) -> FileReader:
    return FileReader(storage, Limits(text_characters=50))


def a_photo() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (8, 8)).save(data, "PNG")
    return data.getvalue()


def test_a_photo_is_a_photo_whatever_it_was_called(
    uploads: Uploads, reader: FileReader
) -> None:
    file = uploads.add(a_photo(), name="notes.txt", media_type="text/plain")

    seen = reader.look_at(file)

    assert (seen.media_type, seen.text, seen.problem) == ("image/png", None, None)
    assert (seen.uri, seen.size, seen.sha256) == (file.uri, file.size, file.sha256)


def test_a_note_is_read(uploads: Uploads, reader: FileReader) -> None:
    seen = reader.look_at(uploads.add("Müde, 37,5 °C".encode("utf-8-sig")))

    assert (seen.media_type, seen.text) == ("text/plain", "Müde, 37,5 °C")


@pytest.mark.parametrize("character", ["a", "ü", "日", "🙂"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_long_note_is_cut_where_the_reader_can_see_it(
    uploads: Uploads, reader: FileReader, encoding: str, character: str
) -> None:
    seen = reader.look_at(uploads.add((character * 1000).encode(encoding)))

    assert seen.text == character * 50 + " …"


def test_a_note_of_just_the_right_length_is_whole(
    uploads: Uploads, reader: FileReader
) -> None:
    assert reader.look_at(uploads.add(b"a" * 50)).text == "a" * 50


def test_a_note_that_turns_out_to_hold_something_else_is_not_shown_empty(
    uploads: Uploads, reader: FileReader
) -> None:
    patient = replace(reader, limits=Limits())

    seen = patient.look_at(uploads.add(b"a" * HEAD_BYTES + b"\0\1\2"))

    assert seen.problem == "The report cannot show this kind of file."


def test_a_file_that_is_too_large_is_not_even_looked_for(
    uploads: Uploads, reader: FileReader
) -> None:
    strict = replace(reader, limits=Limits(file_bytes=2 * 1024**2))

    seen = strict.look_at(uploads.claimed(size=2 * 1024**2 + 1))

    assert seen.problem == "The file is larger than 2 MB."


def test_a_file_that_is_gone_is_named(uploads: Uploads, reader: FileReader) -> None:
    seen = reader.look_at(uploads.claimed(media_type="image/jpeg"))

    assert seen.problem == "The file could not be found."
    assert seen.media_type == "image/jpeg"


@pytest.mark.parametrize("uri", ["", "knee.jpg", "ftp://uploads/knee.jpg", "s3://"])
def test_an_address_that_is_none_spoils_one_file_and_no_report(
    uploads: Uploads, reader: FileReader, uri: str
) -> None:
    seen = reader.look_at(uploads.claimed(uri=uri))

    assert seen.problem == "The file could not be read."


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04\0\0\0\0", b"<html><body>Hello</body></html>"]
)
def test_a_file_nobody_can_print_is_named_as_such(
    uploads: Uploads, reader: FileReader, content: bytes
) -> None:
    seen = reader.look_at(uploads.add(content, media_type="image/jpeg"))

    assert seen.problem == "The report cannot show this kind of file."
    assert seen.media_type == "image/jpeg"
    assert seen.text is None
