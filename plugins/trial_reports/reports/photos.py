"""Photos people uploaded, made fit for print and free of what they carry along.

Pillow is the only reader of foreign image bytes. What it writes is new: upright,
at print size, and without the place, time and device that cameras note down.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from trial_reports.database.model import Value
from trial_reports.errors import PermanentError

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_LONGEST_EDGE = 1200
"""Pixels: about 180 dpi across the width of the page."""

_QUALITY = 82
_PILLOW_FLAGS = Lock()


class NormalisedPhoto(Value):
    """A baseline RGB JPEG without metadata; width and height in pixels."""

    jpeg: bytes
    width: int
    height: int


class UnreadablePhoto(PermanentError):  # noqa: N818 - what it is, not what failed
    """A photo that cannot be shown; ``message`` says why, to the participant."""


def normalise_photo(data: bytes, max_pixels: int) -> NormalisedPhoto:
    """Return the photo upright, at print size and without metadata.

    Args:
        data: The bytes of a JPEG, PNG, WebP or GIF, of which the first frame.
        max_pixels: The most pixels to decode: a small file can hold a picture
            that fills the memory.

    Raises:
        UnreadablePhoto: The bytes are something else, damaged or too large.
        MemoryError: That is not the photo's fault.
    """
    try:
        with _strict_pillow():
            return _normalised(data, max_pixels)
    except (UnreadablePhoto, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(max_pixels) from None
    except UnidentifiedImageError:
        raise UnreadablePhoto(
            "photo_format",
            "This file is not a photo we can show (JPEG, PNG, WebP or GIF).",
        ) from None
    except Exception:  # noqa: BLE001 - Pillow's parsers raise whatever they stumble on
        raise UnreadablePhoto(
            "photo_damaged", "This photo is damaged or incomplete."
        ) from None


def _normalised(data: bytes, max_pixels: int) -> NormalisedPhoto:
    # verify() finds damage that decoding forgives, but uses the image up.
    Image.open(io.BytesIO(data), formats=_FORMATS).verify()
    with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
        if image.width * image.height > max_pixels:
            raise _too_large(max_pixels)
        small = _blendable(image)
        small.thumbnail((_LONGEST_EDGE, _LONGEST_EDGE))
        return _encoded(_on_white(ImageOps.exif_transpose(small)))


def _blendable(image: Image.Image) -> Image.Image:
    """Return the image in colours that can be averaged when it shrinks."""
    if image.mode in ("1", "P"):
        return image.convert("RGBA")
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value * (1 / 256)).convert("L")
    return image


def _on_white(image: Image.Image) -> Image.Image:
    """Return the colours only: a new image has none of the old one's metadata."""
    profile = image.info.get("icc_profile")
    canvas = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        canvas.paste(layer, mask=layer.getchannel("A"))
        return canvas
    canvas.paste(_in_srgb(image, profile))
    return canvas


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the image in sRGB: a phone's wide colours would print pale."""
    if not profile:
        return image.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.buildTransform(source, target, image.mode, "RGB").apply(image)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.convert("RGB")


def _encoded(image: Image.Image) -> NormalisedPhoto:
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=_QUALITY)
    return NormalisedPhoto(jpeg=jpeg.getvalue(), width=image.width, height=image.height)


def _too_large(max_pixels: int) -> UnreadablePhoto:
    return UnreadablePhoto(
        "photo_too_large",
        f"This photo is too large to show (more than {max_pixels / 1e6:.0f} "
        "million pixels).",
    )


@contextmanager
def _strict_pillow() -> Iterator[None]:
    """Refuse truncated images and bombs, which WeasyPrint and Pillow let pass.

    WeasyPrint tells Pillow to fill up truncated images, for the whole process;
    Pillow only warns of a bomb until it is twice as large.
    """
    with _PILLOW_FLAGS, warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        lenient = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = lenient
