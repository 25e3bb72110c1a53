"""The printed report: HTML and CSS of ``templates/report`` to a tagged PDF."""

from collections.abc import Mapping
from datetime import UTC
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from trial_reports.errors import PermanentError
from trial_reports.reports import charts, glance, series, values, wording
from trial_reports.reports.completeness import completeness
from trial_reports.reports.content import ReportContent
from trial_reports.reports.exchange import RenderedReport
from trial_reports.reports.photos import NormalisedPhoto

_NOT_SUPPLIED = "This photo could not be found."


class PdfRenderer:
    """Renders reports, one after the other, with one set of fonts and styles.

    Not to be shared between threads: the font configuration is not safe there.

    Args:
        templates: The folder that holds ``report/``.
    """

    def __init__(self, templates: Path) -> None:
        folder = templates / "report"
        self._fonts = FontConfiguration()
        self._style = CSS(
            string=(folder / "report.css").read_text(encoding="utf-8"),
            font_config=self._fonts,
            url_fetcher=ReportAssets({}),
        )
        self._template = _environment(folder).get_template("report.html.j2")

    def render(
        self, content: ReportContent, photos: Mapping[str, NormalisedPhoto | str]
    ) -> RenderedReport:
        """Return the report as a PDF/UA-1 file, dated by its data cut-off.

        The same input gives the same bytes, unless it holds emoji: their font
        is made anew for each file and carries the time.

        Args:
            content: What the report says.
            photos: For the id of each photo the normalised photo, or the
                reason why there is none, in words meant for the participant.

        Raises:
            PermanentError: The template asks for something outside the report.
        """
        pictures = {
            f"asset:{file_id}": photo.jpeg
            for file_id, photo in photos.items()
            if isinstance(photo, NormalisedPhoto)
        }
        html = HTML(
            string=self.html(content, photos), url_fetcher=ReportAssets(pictures)
        )
        try:
            document = html.render(font_config=self._fonts, stylesheets=[self._style])
            pdf = document.write_pdf(pdf_variant="pdf/ua-1")
        except FatalURLFetchingError:
            raise PermanentError(
                "report_asset", "The template asks for a file outside the report."
            ) from None
        return RenderedReport(pdf=pdf, pages=len(document.pages))

    def html(
        self, content: ReportContent, photos: Mapping[str, NormalisedPhoto | str]
    ) -> str:
        """Return the report as the HTML that ``render`` prints.

        Args:
            content: What the report says.
            photos: As in ``render``.
        """
        problems = _problems(content, photos)
        return self._template.render(
            content=content,
            problems=problems,
            completeness=completeness(content, problems),
            created=f"{content.cut_off.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        )


class ReportAssets(URLFetcher):  # type: ignore[misc]  # - WeasyPrint publishes no types
    """Serves the report's own photos and nothing else: no network, no files.

    Args:
        assets: The bytes of each JPEG by its URL, ``asset:`` and the file's id.
    """

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), fail_on_errors=True)
        self._assets = assets

    def fetch(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,  # noqa: ARG002 - WeasyPrint's signature
    ) -> URLFetcherResponse:
        """Return a photo of this report; any other URL stops the rendering."""
        return URLFetcherResponse(
            url, self._assets[url], {"Content-Type": "image/jpeg"}
        )


def _problems(
    content: ReportContent, photos: Mapping[str, NormalisedPhoto | str]
) -> dict[str, str]:
    """Return why a file is not shown, found when it was fetched or normalised."""
    problems = {file.id: file.problem for file in content.files if file.problem}
    for file in content.photos:
        photo = photos.get(file.id, _NOT_SUPPLIED)
        if isinstance(photo, str):
            problems[file.id] = photo
    return problems


def _environment(folder: Path) -> Environment:
    environment = Environment(
        autoescape=True,
        loader=FileSystemLoader(folder),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(
        average=wording.average,
        breakable=wording.breakable,
        by_day=series.by_day,
        comparison=wording.comparison,
        dated_moment=wording.dated_moment,
        day=wording.day,
        days=wording.days,
        direction=wording.direction,
        language=wording.language,
        moment=wording.moment,
        normal_range=wording.normal_range,
        number=values.as_number,
        size=wording.size,
        unbroken_numbers=wording.unbroken_numbers,
    )
    environment.tests["charted"] = charts.is_charted
    environment.globals.update(
        day_chart=charts.day_chart,
        mood_chart=charts.mood_chart,
        moods=glance.MOODS,
        week_chart=charts.week_chart,
    )
    return environment
