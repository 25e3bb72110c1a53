"""Pages that everybody can read and that load nothing."""

import base64
import hashlib
import re

import pytest

from graphql_api.web.pages import _NAMES, Pages
from trial_reports.settings import Settings

FOLDER = Settings.model_fields["templates"].default / "pages"
STYLE = (FOLDER / "style.css").read_text()
LIGHT, DARK = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(FOLDER)


def _show(pages: Pages, name: str) -> tuple[str, str]:
    response = pages.page(name, sign_in_url=None, token="tok-one")
    return bytes(response.body).decode(), response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", _NAMES)
def test_a_page_loads_nothing_and_runs_nothing(pages: Pages, name: str) -> None:
    page, policy = _show(pages, name)

    assert not re.search(r"<script|src=|url\(|@import|style=|\son\w+=", page)
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("name", _NAMES)
def test_a_page_has_a_language_a_title_and_one_heading(pages: Pages, name: str) -> None:
    page, _ = _show(pages, name)

    assert '<html lang="en">' in page
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert page.count("<h1>") == 1
    assert f"<h1>{title}</h1>" in page


def _colour(palette: str, name: str) -> tuple[float, ...]:
    found = re.search(rf"--{name}: #(..)(..)(..);", palette)
    assert found is not None
    return tuple(int(part, 16) / 255 for part in found.groups())


def _luminance(colour: tuple[float, ...]) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour
    ]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(palette: str, one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    dark, light = sorted(_luminance(_colour(palette, name)) for name in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("text", "card", 4.5),
        ("quiet", "card", 4.5),
        ("on-accent", "accent", 4.5),
        ("on-accent", "accent-strong", 4.5),
        ("accent", "card", 3),
        ("focus", "card", 3),
    ],
)
def test_colours_have_the_contrast_of_wcag_aa(
    palette: str, text: str, ground: str, least: float
) -> None:
    assert _contrast(palette, text, ground) >= least
