import io
import time
from datetime import UTC, datetime

import pikepdf
import pytest
from PIL import Image, ImageOps
from PIL.ExifTags import GPS, IFD, Base

from local_stack.sample_study import Awkwardness, SampleFile, SampleStudy, generate
from local_stack.sample_study.photos import Album, Shot

_TAKEN = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)


def _files(sample: SampleStudy, media_type: str) -> list[SampleFile]:
    return [
        file
        for person in sample.people
        for file in person.files
        if file.media_type == media_type
    ]


@pytest.fixture(scope="module")
def album() -> Album:
    return Album(1)


def test_photos_have_12_megapixels_orientation_time_and_place(
    sample: SampleStudy,
) -> None:
    orientations = set()
    for file in _files(sample, "image/jpeg"):
        with Image.open(io.BytesIO(file.content())) as image:
            exif = image.getexif()
            assert sorted(image.size) == [3000, 4000]
            assert len(exif.get_ifd(IFD.GPSInfo)) == 4
            assert exif[Base.DateTime].startswith("2026:11:")
            orientations.add(exif[Base.Orientation])
    assert orientations == {1, 3, 6, 8}


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_photo_turned_by_its_exif_shows_the_arrow_pointing_up(
    album: Album, orientation: int
) -> None:
    shot = Shot("pill box", orientation, _TAKEN, -36.85, 174.76)
    with Image.open(io.BytesIO(album.photo(shot))) as stored:
        turned = ImageOps.exif_transpose(stored)
    assert turned.size == (4000, 3000)
    tip, beside, shaft = ((3560, 200), (3380, 200), (3560, 600))
    white = [min(_pixel(turned, at)) > 240 for at in (tip, beside, shaft)]
    assert white == [True, False, True]


def test_a_photo_says_where_it_was_taken(album: Album) -> None:
    shot = Shot("forearm", 1, _TAKEN, -36.85, 174.76, "Somebody")
    with Image.open(io.BytesIO(album.photo(shot))) as image:
        exif = image.getexif()
    place = exif.get_ifd(IFD.GPSInfo)
    assert (place[GPS.GPSLatitudeRef], place[GPS.GPSLongitudeRef]) == ("S", "E")
    assert place[GPS.GPSLatitude] == (36, 51, 0)
    assert exif[Base.Artist] == "Somebody"


def test_no_two_photos_have_the_same_bytes(sample: SampleStudy) -> None:
    photos = [file.content() for file in _files(sample, "image/jpeg")]
    assert len(set(photos)) == len(photos) > 10


def test_every_file_but_the_truncated_one_is_sound(sample: SampleStudy) -> None:
    for person in sample.people:
        broken = person.awkwardness is Awkwardness.TRUNCATED_PHOTO
        for file in person.files[1:] if broken else person.files:
            _read(file)


def test_files_of_every_sort_are_uploaded(sample: SampleStudy) -> None:
    formats = set()
    for media_type in ("image/png", "application/octet-stream"):
        for file in _files(sample, media_type):
            with Image.open(io.BytesIO(file.content())) as image:
                formats.add(image.format)
    assert formats == {"PNG", "WEBP"}
    assert _files(sample, "application/pdf")
    notes = "".join(file.content().decode() for file in _files(sample, "text/plain"))
    for sign in ("Ç", "血", "調", "ضغط", "שלישי", "👨‍👩‍👧"):
        assert sign in notes


def test_people_upload_one_to_four_files(sample: SampleStudy) -> None:
    counts = [len(person.files) for person in sample.people if not person.awkwardness]
    assert (min(counts), max(counts)) == (1, 4)


def test_the_files_of_25_people_cost_a_few_seconds(sample: SampleStudy) -> None:
    started = time.process_time()
    for person in generate(2, 25, sample.last_tick).people:
        for file in person.files:
            file.content()
    assert time.process_time() - started < 8


def _read(file: SampleFile) -> None:
    data = io.BytesIO(file.content())
    if file.media_type == "text/plain":
        assert len(data.getvalue().decode()) > 50
    elif file.media_type == "application/pdf":
        with pikepdf.open(data) as pdf:
            assert not pdf.check_pdf_syntax()
            assert b"Appointment" in pdf.pages[0].Contents.read_bytes()
    else:
        with Image.open(data) as image:
            image.verify()


def _pixel(image: Image.Image, at: tuple[int, int]) -> tuple[int, ...]:
    pixel = image.getpixel(at)
    assert isinstance(pixel, tuple)
    return pixel
