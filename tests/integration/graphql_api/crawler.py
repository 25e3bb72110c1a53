"""Somebody who follows every link, by GET and HEAD only."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from local_stack.mailbox.messages import Message
from tests.integration.graphql_api.client import ApiClient

_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


class _Links(HTMLParser):
    """Collects whatever a page leads to, forms as well."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        for name, value in attrs:
            if name in ("href", "src", "action", "formaction") and value:
                self.found.add(value)


def links_in(html: str) -> set[str]:
    """Return whatever a page leads to."""
    parser = _Links()
    parser.feed(html)
    return parser.found


def links_of(mail: Message) -> set[str]:
    """Return every address in a mail's bodies and headers."""
    told = " ".join([mail.text, *mail.headers.values()])
    return links_in(mail.html) | set(_ADDRESS.findall(mail.html + " " + told))


class Crawler:
    """Follows links within one site, as far as they lead."""

    def __init__(self, api: ApiClient, site: str) -> None:
        self._api = api
        self._site = urlsplit(site).netloc
        self.visited: dict[str, int] = {}
        self.pages: list[str] = []
        self.elsewhere: set[str] = set()

    def follow(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or parts.netloc != self._site:
            self.elsewhere.add(address)
            return
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if path in self.visited:
            return
        head = self._api.request("HEAD", path)
        page = self._api.get(path)
        assert head.status_code == page.status_code
        self.visited[path] = page.status_code
        self.pages.append(page.text)
        if location := page.headers.get("Location"):
            self.follow(urljoin(address, location))
        for link in links_in(page.text):
            self.follow(urljoin(address, link))
