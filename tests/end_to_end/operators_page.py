"""Airflow's page as an operator uses it, in a real browser without a window."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import (
    Locator,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_TIMEOUT = 30_000.0  # milliseconds
_SIZE: ViewportSize = {"width": 1280, "height": 720}
_SCROLL_LEFT = "document.querySelectorAll('*').forEach(e => { e.scrollLeft = 0 })"
_IMAGES = os.environ.get("WALK_IMAGES")
"""Where pictures of the walk go, if anybody wants them."""


def installed_browser() -> str | None:
    """Return the path of an installed Chromium."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


@dataclass(frozen=True)
class OperatorsPage:
    """A browser window in which somebody is signed in."""

    page: Page
    url: str

    def open_run(self, dag: str, run: str) -> None:
        """Go from the list of DAGs to one run of one of them."""
        self.page.goto(f"{self.url}/dags")
        self.page.get_by_role("link", name=dag, exact=True).first.click()
        self.page.get_by_role("link", name="Runs", exact=True).click()
        self.page.locator(f"a[href*='{run}']").first.click()
        expect(self.page.get_by_role("heading", name=run)).to_be_visible()

    def failed_tasks(self) -> Locator:
        """Return the rows of the open run's failed tasks."""
        rows = self.page.get_by_role("row")
        return rows.filter(has=self.page.get_by_text("Failed", exact=True))

    def open_task(self, label: str) -> None:
        """Open the failed task with this label; its log is what comes first."""
        self.failed_tasks().get_by_role("link", name=label).first.click()
        expect(self.page.get_by_role("heading", name=f"[{label}]")).to_be_visible()

    def expect_in_log(self, text: str) -> None:
        """Wait until the open task's log shows a text."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def clear_with_downstream(self, affected: int) -> None:
        """Clear the open task and what comes after it."""
        self.page.get_by_role("button", name="clear").first.click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog.get_by_text(f"Affected Tasks: {affected}")).to_be_visible()
        self.take_picture("clear")
        dialog.get_by_role("button", name="Confirm").click()
        expect(dialog).to_be_hidden()

    def expect_state(self, state: str) -> None:
        """Wait until the heading of what is open shows a state."""
        expect(self.page.get_by_text(state, exact=True).first).to_be_visible()

    def take_picture(self, name: str) -> None:
        """Keep what is to be seen, if anybody wants it."""
        if _IMAGES:
            # Where an error was raised is the machine's business, not the reader's.
            for details in self.page.locator("details[open]").all():
                details.locator("summary").first.click()
            self.page.evaluate(_SCROLL_LEFT)
            self.page.wait_for_timeout(500)
            self.page.screenshot(path=Path(_IMAGES) / f"walk-{name}.png")


@contextmanager
def signed_in(
    browser: str, url: str, user: str, password: str
) -> Iterator[OperatorsPage]:
    """Open a browser, and sign in.

    Args:
        browser: The path of a Chromium.
        url: Airflow's address.
        user: The operator's account.
        password: Its password.
    """
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not work for root, as in many containers.
        arguments = ["--disable-gpu", *(["--no-sandbox"] if os.getuid() == 0 else [])]
        chromium = playwright.chromium.launch(executable_path=browser, args=arguments)
        page = chromium.new_page(viewport=_SIZE, reduced_motion="reduce")
        page.set_default_timeout(_TIMEOUT)
        expect.set_options(timeout=_TIMEOUT)
        page.goto(url)
        page.get_by_label("Username").fill(user)
        page.locator("input[type=password]").fill(password)
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Dags")).to_be_visible()
        yield OperatorsPage(page, url)
        chromium.close()
