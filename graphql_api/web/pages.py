"""HTML for people who come from a mail: plain, private, without scripts."""

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

_NAMES = (
    "expired",
    "open_report",
    "sign_in",
    "trouble",
    "unavailable",
    "undone",
    "unsubscribe",
    "unsubscribed",
)


class Pages:
    """The pages, compiled when the process starts.

    A page never names a person or a study: whoever finds a mail on a shared
    screen, and every mail gateway that opens links, sees it too.

    Args:
        folder: Holds the templates and their style sheet.
    """

    def __init__(self, folder: Path) -> None:
        style = (folder / "style.css").read_text(encoding="utf-8")
        environment = Environment(
            autoescape=True,
            loader=FileSystemLoader(folder),
            trim_blocks=True,
            undefined=StrictUndefined,
        )
        # Markup: it is ours, and the policy's hash is of these very bytes.
        environment.globals["style"] = Markup(style)  # noqa: S704 - see above
        self._templates = {
            name: environment.get_template(f"{name}.html.j2") for name in _NAMES
        }
        self._policy = _policy(style)

    def page(self, name: str, status: int = 200, **values: str | None) -> HTMLResponse:
        """Return a page.

        Args:
            name: The template's name without its ending.
            status: The HTTP status.
            values: What the template shows.
        """
        return HTMLResponse(
            self._templates[name].render(values),
            status,
            {"Content-Security-Policy": self._policy},
        )


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    # No form-action: browsers apply it to the redirect that follows a form too,
    # and a report's URL is on the store's host.
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
