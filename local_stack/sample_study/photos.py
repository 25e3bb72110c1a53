"""Photo files: a few encoded once, then told apart by their metadata alone."""

import functools
import io
from dataclasses import dataclass
from datetime import datetime
from random import Random

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from local_stack.sample_study.pictures import PICTURES, app_screenshot

PHOTO_SIZE = (4000, 3000)
"""Twelve megapixels, as most telephones take them."""

_TURN_TO_STORE = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}
"""How a telephone lays down the pixels which a viewer turns back by the EXIF
orientation (EXIF 2.32, tag 0x0112): 6 is turned clockwise to be looked at."""


@dataclass(frozen=True)
class Shot:
    """One photo: what is on it, and what the telephone noted about taking it."""

    picture: str
    orientation: int
    taken_at: datetime
    """The clock on the telephone, with its time zone."""
    latitude: float
    longitude: float
    owner: str = ""


class Album:
    """The pictures of one seed.

    Encoding 12 megapixels costs about 0.2 s, so each picture is encoded once
    per orientation; a shot is those bytes with its own EXIF block in front.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._encoded = functools.cache(self._encode)
        self._shared = functools.cache(self._save)

    def photo(self, shot: Shot) -> bytes:
        """Return a JPEG of 12 megapixels with orientation, time and place."""
        pixels = self._encoded(shot.picture, shot.orientation)
        exif = _exif(shot)
        segment = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
        # The segment belongs between the start-of-image marker and the rest.
        return pixels[:2] + segment + pixels[2:]

    def truncated_photo(self, shot: Shot) -> bytes:
        """Return the first third of a photo: an upload that broke off."""
        whole = self.photo(shot)
        return whole[: len(whole) // 3]

    def screenshot(self) -> bytes:
        """Return a PNG of 1080 x 1920; everybody's is the same."""
        return self._shared("screenshot", "PNG")

    def small_picture(self, picture: str) -> bytes:
        """Return a WebP of 2000 x 1500; everybody's is the same."""
        return self._shared(picture, "WEBP")

    def _encode(self, picture: str, orientation: int) -> bytes:
        image = self._draw(picture).resize(PHOTO_SIZE, Image.Resampling.BILINEAR)
        if turn := _TURN_TO_STORE.get(orientation):
            image = image.transpose(turn)
        return _encoded(image, "JPEG", quality=82)

    def _save(self, picture: str, kind: str) -> bytes:
        return _encoded(self._draw(picture), kind)

    def _draw(self, picture: str) -> Image.Image:
        random = Random(f"{self._seed} {picture}")  # noqa: S311 - reproducible pictures
        if picture == "screenshot":
            return app_screenshot(random)
        return PICTURES[picture](random)


def _encoded(image: Image.Image, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _exif(shot: Shot) -> bytes:
    exif = Image.Exif()
    exif[Base.Make] = "Sample"
    exif[Base.Model] = "Telephone 12"
    exif[Base.Orientation] = shot.orientation
    exif[Base.DateTime] = shot.taken_at.strftime("%Y:%m:%d %H:%M:%S")
    if shot.owner:
        exif[Base.Artist] = shot.owner
    exif.get_ifd(IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "N" if shot.latitude >= 0 else "S",
            GPS.GPSLatitude: _degrees(shot.latitude),
            GPS.GPSLongitudeRef: "E" if shot.longitude >= 0 else "W",
            GPS.GPSLongitude: _degrees(shot.longitude),
        }
    )
    return exif.tobytes()


def _degrees(angle: float) -> tuple[float, float, float]:
    """Return degrees, minutes and seconds, as EXIF wants them."""
    minutes, seconds = divmod(round(abs(angle) * 3600, 2), 60)
    degrees, minutes = divmod(minutes, 60)
    return degrees, minutes, seconds
