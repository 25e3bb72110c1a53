import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from tests.unit.trial_reports.reports.builders import MAX_PIXELS, a_huge_photo, a_photo
from trial_reports.reports.photos import (
    UnreadablePhoto,
    normalise_photo,
)

ORIENTATION, GPS, MAKE, TURNED_RIGHT = 0x0112, 0x8825, 0x010F, 6


def normalised(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(normalise_photo(data, MAX_PIXELS).jpeg))


def reason(data: bytes) -> str:
    with pytest.raises(UnreadablePhoto) as problem:
        normalise_photo(data, MAX_PIXELS)
    assert problem.value.__cause__ is None
    return problem.value.message


@pytest.mark.parametrize("encoding", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_allowed_format_becomes_a_baseline_jpeg(encoding: str) -> None:
    image = normalised(a_photo((640, 480), encoding=encoding))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (640, 480))
    assert "progressive" not in image.info


def test_a_photo_is_brought_to_print_size() -> None:
    photo = normalise_photo(a_photo((3000, 200)), MAX_PIXELS)
    assert (photo.width, photo.height) == (1200, 80)


def test_a_sliver_of_a_photo_is_still_a_photo() -> None:
    assert normalise_photo(a_photo((5000, 1)), MAX_PIXELS).height == 1


def test_a_photo_taken_sideways_is_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    image = normalised(a_photo((640, 480), exif=exif))
    assert image.size == (480, 640)
    assert image.getexif() == {}


def test_nothing_a_camera_noted_down_remains() -> None:
    exif = Image.Exif()
    exif[MAKE] = "CANARY-camera"
    exif.get_ifd(GPS)[1] = "CANARY-north"
    data = a_photo(exif=exif, comment=b"CANARY-comment", xmp=b"<x>CANARY-xmp</x>")
    assert data.count(b"CANARY") == 4
    photo = normalise_photo(data, MAX_PIXELS)
    assert b"CANARY" not in photo.jpeg
    image = Image.open(io.BytesIO(photo.jpeg))
    assert set(image.info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
    }


def test_what_is_transparent_becomes_white_paper() -> None:
    image = normalised(a_photo(mode="RGBA", colour=(255, 0, 0, 0), encoding="PNG"))
    red, green, blue = image.getpixel((5, 5))  # type: ignore[misc]  # - RGB image
    assert min(red, green, blue) > 250


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "LA"])
def test_every_colour_mode_can_be_printed(mode: str) -> None:
    encoding = "JPEG" if mode == "CMYK" else "PNG"
    assert normalised(a_photo(mode=mode, encoding=encoding)).mode == "RGB"


def test_a_photo_with_fine_shades_of_grey_is_not_blown_out() -> None:
    image = normalised(a_photo(mode="I;16", colour=0x8000, encoding="PNG"))
    assert image.convert("L").getpixel((5, 5)) == pytest.approx(0x80, abs=2)


def test_a_broken_colour_profile_does_not_lose_the_photo() -> None:
    assert normalised(a_photo(icc_profile=b"not a profile")).size == (64, 48)


@pytest.mark.parametrize("encoding", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_truncated_photo_is_damaged_even_where_pillow_was_told_to_bear_it(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    data = io.BytesIO()
    noise.save(data, encoding)
    whole = data.getvalue()
    assert "damaged" in reason(whole[: len(whole) // 2])
    assert ImageFile.LOAD_TRUNCATED_IMAGES


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"%PDF-1.7", b"<svg/>", b"\xff\xd8\xff", b"\x89PNG\r\n"]
)
def test_what_is_not_a_photo_says_which_formats_are(data: bytes) -> None:
    assert "JPEG, PNG, WebP or GIF" in reason(data)


def test_a_format_outside_the_list_is_not_even_tried() -> None:
    assert "JPEG, PNG, WebP or GIF" in reason(a_photo(encoding="TIFF"))


@pytest.mark.parametrize("side", [1_001, 12_000, 60_000])
def test_a_small_file_with_a_huge_picture_is_refused_unread(side: int) -> None:
    assert "too large" in reason(a_huge_photo(side))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=40), st.integers(0, 600))
def test_damage_anywhere_has_no_other_outcome(noise: bytes, at: int) -> None:
    whole = a_photo()
    damaged = whole[:at] + noise + whole[at + len(noise) :]
    with suppress(UnreadablePhoto):
        assert normalise_photo(damaged, MAX_PIXELS).jpeg
