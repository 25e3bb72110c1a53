import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from tests.unit.trial_reports.reports.builders import (
    MAX_PIXELS,
    WEEK,
    a_fetched_report,
    a_file,
    a_photo,
    a_reading,
    a_record,
    moment,
)
from trial_reports.errors import PermanentError
from trial_reports.reports.aggregate import build_content
from trial_reports.reports.fetched import FetchedReport
from trial_reports.reports.pdf import PdfRenderer, ReportAssets
from trial_reports.reports.photos import NormalisedPhoto, normalise_photo

HtmlOf = Callable[..., str]
TEMPLATES = Path(__file__).parents[4] / "templates"


@pytest.fixture(scope="module")
def renderer() -> PdfRenderer:
    return PdfRenderer(TEMPLATES)


@pytest.fixture
def html_of(renderer: PdfRenderer) -> HtmlOf:
    """Return what a report says, as the HTML that is printed."""

    def html(fetched: FetchedReport, **photos: NormalisedPhoto | str) -> str:
        text = renderer.html(build_content(fetched), photos)
        return " ".join(text.split())

    return html


def rendered(
    renderer: PdfRenderer, fetched: FetchedReport, **photos: NormalisedPhoto | str
) -> pikepdf.Pdf:
    report = renderer.render(build_content(fetched), photos)
    pdf = pikepdf.open(io.BytesIO(report.pdf))
    assert len(pdf.pages) == report.pages
    return pdf


def elements(node: object) -> Iterator[Any]:
    """Yield the elements of a PDF's tag tree."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, pikepdf.Dictionary):
        yield node
        yield from elements(node.get("/K"))


def a_full_report() -> FetchedReport:
    return a_fetched_report(
        *(a_reading(day, 70 + day) for day in range(7)),
        a_record("visit", name="Week 6", status="planned"),
        a_record("diary", mood=4, text="A walk in the park."),
        a_record("device_sync", stepsTotal=48_211),
        earlier_records=[a_reading(-7, 80)],
        late_records=[a_record("diary", moment(-9), mood=2, text="Late.")],
        files=(
            a_file(id="fil_one", caption="Left elbow"),
            a_file(id="fil_two"),
            a_file(media_type="text/plain", text="Slept well.", caption="Sleep"),
            a_file(media_type="application/pdf", caption="Letter"),
        ),
    )


def test_a_report_is_an_accessible_document(renderer: PdfRenderer) -> None:
    photo = normalise_photo(a_photo(), MAX_PIXELS)
    pdf = rendered(renderer, a_full_report(), fil_one=photo, fil_two="Damaged.")
    found = list(elements(pdf.Root.StructTreeRoot))
    figures = [str(e.get("/Alt")) for e in found if e.get("/S") == "/Figure"]
    assert pdf.Root.Lang == "en"
    assert pdf.Root.MarkInfo.Marked
    assert {"/H1", "/H2", "/Table", "/TH"} <= {str(e.get("/S")) for e in found}
    assert len(figures) == 3  # two charts and the photo that could be shown
    assert figures[0].startswith("Heart rate, Mon 16 Nov to Sun 22 Nov: 7 readings")
    assert figures[2] == "Left elbow, Tue 17 Nov, 08:00"


def test_the_files_properties_name_no_person(renderer: PdfRenderer) -> None:
    pdf = rendered(renderer, a_full_report())
    assert {key: str(value) for key, value in pdf.docinfo.items()} == {
        "/Title": "Weekly study report, 16 \N{EN DASH} 22 November 2026",
        "/Producer": "WeasyPrint 70.0",
        "/CreationDate": "D:20261123120000Z",
    }
    assert "Ada" not in str(pdf.open_metadata())


def test_only_the_normalised_photo_is_in_the_file(renderer: PdfRenderer) -> None:
    exif = Image.Exif()
    exif[0x010F] = "CANARY-camera"
    original = a_photo((640, 480), exif=exif, comment=b"CANARY-comment")
    photo = normalise_photo(original, MAX_PIXELS)
    pdf = rendered(renderer, a_full_report(), fil_one=photo)
    streams = [obj for obj in pdf.objects if isinstance(obj, pikepdf.Stream)]
    raw = [stream.read_raw_bytes() for stream in streams]
    assert photo.jpeg in raw
    assert not any(b"CANARY" in data for data in raw)
    assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})


def test_the_same_content_gives_the_same_bytes(renderer: PdfRenderer) -> None:
    content = build_content(a_full_report())
    again = PdfRenderer(TEMPLATES).render(content, {})
    assert renderer.render(content, {}) == again


def test_a_quiet_week_is_one_kind_page(renderer: PdfRenderer, html_of: HtmlOf) -> None:
    assert len(rendered(renderer, a_fetched_report()).pages) == 1
    assert "A quiet week." in html_of(a_fetched_report())


def test_the_first_page_says_what_is_missing(html_of: HtmlOf) -> None:
    html = html_of(
        a_fetched_report(
            files=(a_file(id="fil_one"), a_file(problem="Too large.")),
            records_left_out=12,
        ),
        fil_one="This photo is damaged or incomplete.",
    )
    assert "2 photos, which could not be shown" in html
    assert "12 more records were left out" in html
    assert "This photo is damaged or incomplete." in html
    assert "Too large." in html


def test_a_photo_nobody_supplied_is_a_placeholder(html_of: HtmlOf) -> None:
    html = html_of(a_fetched_report(files=(a_file(), a_file())))
    assert html.count("This photo could not be found.") == 2
    assert "<img" not in html


def test_whom_to_call_is_on_every_report(html_of: HtmlOf) -> None:
    assert "This report is not monitored" in html_of(a_fetched_report())
    assert "112" in html_of(a_fetched_report())
    assert "Call your local emergency number." in html_of(
        a_fetched_report(emergency="")
    )


def test_what_people_write_is_text_and_never_markup(html_of: HtmlOf) -> None:
    hostile = '"><img src="file:///etc/passwd"><script>alert(1)</script>'
    html = html_of(
        a_fetched_report(
            a_record("diary", text=hostile),
            a_reading(0, 1, measurement=hostile, unit=hostile),
            a_reading(1, 2, measurement=hostile, unit=hostile),
            a_record(hostile, None, **{hostile: hostile}),
            files=(a_file(caption=hostile),),
            name=hostile,
            study_title=hostile,
            locale=hostile,
        )
    )
    assert "<script" not in html
    assert "<img" not in html


def test_text_is_printed_in_its_own_direction_and_language(html_of: HtmlOf) -> None:
    html = html_of(a_fetched_report(a_record("diary", text="שלום"), locale="he_IL"))
    assert '<p class="own" dir="rtl" lang="he-IL">שלום</p>' in html


def test_hostile_records_still_become_a_report(renderer: PdfRenderer) -> None:
    odd: tuple[object, ...] = (
        "\ud800",
        "\x00",
        "x" * 5_000,
        "\u202e",
        {"a": [1]},
        None,
        [],
        1e300,
    )
    records = [
        a_record(kind, text=value, value=value, measurement=value, name=value)
        for kind in ("diary", "vital_signs", "visit", "message", "else")
        for value in odd
    ]
    assert rendered(renderer, a_fetched_report(*records)).pages


def test_long_tables_repeat_their_heads_and_leave_no_row_alone(
    renderer: PdfRenderer,
) -> None:
    events = [
        a_record("adverse_event", moment(i % 7), description=f"Itch {i}")
        for i in range(60)
    ]
    pdf = rendered(renderer, a_fetched_report(*events))
    tables = [e for e in elements(pdf.Root.StructTreeRoot) if e.get("/S") == "/Table"]
    rows = [sum(e.get("/S") == "/TR" for e in elements(table.K)) for table in tables]
    heads = [sum(e.get("/S") == "/TH" for e in elements(table.K)) for table in tables]
    assert len(pdf.pages) > 1
    assert sum(rows) - len(tables) == 60
    assert set(heads) == {4}
    assert min(rows) > 2


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.png",
        "https://example.org/x.png",
        "ftp://example.org/x.png",
        "data:image/png;base64,iVBORw0KGgo=",
        "asset:fil_of_somebody_else",
    ],
)
@pytest.mark.parametrize(
    "markup",
    [
        '<img alt="" src="{}">',
        '<link rel="stylesheet" href="{}">',
        '<link rel="attachment" href="{}">',
        "<style>@import url('{}');</style>",
        "<p style=\"background: url('{}')\">x</p>",
    ],
)
def test_nothing_outside_the_report_is_ever_fetched(url: str, markup: str) -> None:
    html = HTML(
        string=markup.format(url), url_fetcher=ReportAssets({"asset:fil_one": b""})
    )
    with pytest.raises(FatalURLFetchingError):
        html.write_pdf()


def test_a_template_that_asks_for_more_fails_that_report(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / "report.css").touch()
    (folder / "report.html.j2").write_text('<img src="file:///etc/passwd">')
    with pytest.raises(PermanentError) as refused:
        PdfRenderer(tmp_path).render(build_content(a_fetched_report()), {})
    assert "passwd" not in str(refused.value)


def test_a_report_is_covered_from_its_first_to_its_last_day(html_of: HtmlOf) -> None:
    html = html_of(a_fetched_report(window_start=WEEK.earlier(3).start))
    assert "26 October \N{EN DASH} 22 November 2026" in html
