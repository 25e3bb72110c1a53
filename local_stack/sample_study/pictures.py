"""Synthetic photographs, drawn so that one sees which way is up."""

import math
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

Colour = tuple[int, int, int]
Size = tuple[int, int]

CANVAS: Size = (2000, 1500)
"""What is drawn; a photo enlarges it to the 12 megapixels of a telephone."""


def landscape(random: Random) -> Image.Image:
    """Return hills under a sun, as seen on a walk."""
    width, height = CANVAS
    picture = _gradient(CANVAS, (96, 158, 214), (250, 224, 190))
    draw = ImageDraw.Draw(picture)
    _disc(
        draw, (random.uniform(0.15, 0.45) * width, 0.28 * height), 120, (255, 244, 206)
    )
    hues: list[Colour] = [(148, 176, 178), (104, 148, 122), (66, 112, 78), (44, 82, 52)]
    for depth, colour in enumerate(hues):
        _hill(draw, random, (0.5 + 0.12 * depth) * height, colour)
    for _ in range(26):
        _tree(draw, random)
    return _marked(picture)


def pill_box(random: Random) -> Image.Image:
    """Return a week's pill box on a wooden table; the days still to come are full."""
    picture = _gradient(CANVAS, (196, 150, 104), (150, 106, 68))
    draw = ImageDraw.Draw(picture)
    for y in range(0, CANVAS[1], 125):
        draw.line((0, y, CANVAS[0], y + random.randint(-14, 14)), (138, 96, 60), 5)
    draw.rounded_rectangle((170, 560, 1850, 1060), 60, (92, 70, 52))
    draw.rounded_rectangle((150, 530, 1830, 1030), 60, (232, 240, 246))
    taken = random.randint(2, 5)
    for day, name in enumerate(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")):
        left = 190 + 231 * day
        draw.rounded_rectangle((left, 660, left + 205, 990), 28, (150, 190, 218))
        draw.text((left + 102, 600), name, (60, 84, 108), _font(72), anchor="mm")
        if day >= taken:
            _pills(draw, random, left)
    return _marked(picture)


def forearm(random: Random) -> Image.Image:
    """Return a forearm on a cloth, with a patch of reddened skin."""
    skin = random.choice(((232, 190, 160), (198, 146, 108), (142, 96, 68)))
    picture = _gradient(CANVAS, (208, 216, 226), (172, 184, 200))
    arm = Image.new("L", CANVAS)
    ImageDraw.Draw(arm).polygon(
        [
            (0, 420),
            (1350, 560),
            (1560, 500),
            (2000, 540),
            (2000, 1060),
            (1340, 1010),
            (0, 1260),
        ],
        fill=255,
    )
    shade = _gradient(CANVAS, _lighter(skin, 1.12), _lighter(skin, 0.72))
    picture.paste(shade, mask=arm.filter(ImageFilter.GaussianBlur(14)))
    rash = Image.new("L", CANVAS)
    spots = ImageDraw.Draw(rash)
    for _ in range(48):
        centre = (random.gauss(840, 190), random.gauss(810, 90))
        _disc(spots, centre, random.randint(14, 56), random.randint(90, 190))
    redness = Image.new("RGB", CANVAS, (206, 62, 58))
    picture.paste(redness, mask=rash.filter(ImageFilter.GaussianBlur(12)))
    return _marked(picture)


PICTURES: dict[str, Callable[[Random], Image.Image]] = {
    "landscape": landscape,
    "pill box": pill_box,
    "forearm": forearm,
}


def app_screenshot(random: Random) -> Image.Image:
    """Return a telephone's screen, 1080 x 1920, with a week of blood pressure."""
    picture = Image.new("RGB", (1080, 1920), (246, 248, 251))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 1080, 220), (38, 84, 124))
    draw.text((540, 130), "Blood pressure", "white", _font(76), anchor="mm")
    values = [random.randint(116, 148) for _ in range(7)]
    for day, value in enumerate(values):
        left, top = 110 + 128 * day, 1400 - (value - 90) * 16
        draw.rounded_rectangle((left, top, left + 92, 1400), 18, (86, 146, 196))
        draw.text(
            (left + 46, top - 40), str(value), (40, 56, 72), _font(44), anchor="mm"
        )
    draw.text(
        (540, 1560), "mmHg, morning values", (96, 110, 124), _font(56), anchor="mm"
    )
    return picture


def _marked(picture: Image.Image) -> Image.Image:
    """Paint the arrow that shows whether the photo was turned the right way up."""
    draw = ImageDraw.Draw(picture)
    draw.polygon([(1780, 60), (1890, 220), (1670, 220)], fill="white", outline="black")
    draw.rectangle((1745, 220, 1815, 330), fill="white")
    draw.text(
        (1780, 390),
        "UP",
        "white",
        _font(96),
        anchor="mm",
        stroke_width=4,
        stroke_fill="black",
    )
    return picture


def _gradient(size: Size, top: Colour, bottom: Colour) -> Image.Image:
    ramp = Image.linear_gradient("L").resize(size)
    return ImageOps.colorize(ramp, top, bottom)


def _hill(
    draw: ImageDraw.ImageDraw, random: Random, level: float, colour: Colour
) -> None:
    width, height = CANVAS
    phase, waves = random.uniform(0, math.tau), random.uniform(1, 2.2)
    ridge = [
        (
            x,
            level
            + 70 * math.sin(phase + waves * math.tau * x / width)
            + 22 * math.sin(3 * phase + 4.7 * math.tau * x / width),
        )
        for x in range(0, width + 20, 20)
    ]
    draw.polygon([(0, height), *ridge, (width, height)], fill=colour)


def _tree(draw: ImageDraw.ImageDraw, random: Random) -> None:
    x, foot = random.uniform(0, CANVAS[0]), random.uniform(1280, 1480)
    tall = random.uniform(110, 190)
    draw.rectangle((x - 7, foot - 30, x + 7, foot), (72, 52, 38))
    for tier in range(3):
        base = foot - 25 - tier * tall / 4
        half = tall / 3 * (1 - tier / 4)
        draw.polygon(
            [(x - half, base), (x + half, base), (x, base - tall / 2)], (30, 64, 42)
        )


def _pills(draw: ImageDraw.ImageDraw, random: Random, left: int) -> None:
    _disc(draw, (left + 70, random.randint(740, 780)), 38, (250, 250, 246))
    y = random.randint(850, 900)
    draw.rounded_rectangle((left + 40, y, left + 160, y + 54), 27, (214, 88, 76))
    draw.rounded_rectangle((left + 98, y, left + 160, y + 54), 27, (246, 214, 120))


def _disc(
    draw: ImageDraw.ImageDraw,
    centre: tuple[float, float],
    radius: float,
    colour: Colour | int,
) -> None:
    draw.circle(centre, radius, fill=colour)


def _lighter(colour: Colour, factor: float) -> Colour:
    red, green, blue = (min(255, round(part * factor)) for part in colour)
    return red, green, blue


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
