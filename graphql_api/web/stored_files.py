"""Downloads of ``file://`` reports: what S3 does by itself, for development."""

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from graphql_api.web.problems import Problem
from trial_reports.clients import STORED_FILES_PATH, file_links, file_root
from trial_reports.settings import Settings
from trial_reports.storage.links import FileDownload, FileLinks


def stored_files(settings: Settings) -> APIRouter | None:
    """Return the route, or ``None`` where no report is on this machine's disk."""
    root, links = file_root(settings), file_links(settings)
    if root is None or links is None:
        return None
    return _serving(root.resolve(), links)


def _serving(root: Path, links: FileLinks) -> APIRouter:
    router = APIRouter()

    @router.get(STORED_FILES_PATH + "/{name:path}")
    def download(
        name: str, expires: int, download_name: str, signature: str
    ) -> Response:
        grant = FileDownload(name, expires, download_name)
        path = (root / name).resolve()
        if not links.verify(grant, signature) or not path.is_relative_to(root):
            raise Problem(403, "link_refused", "This link is wrong or has expired.")
        if not path.is_file():
            raise Problem(404, "file_missing", "There is no such file.")
        return FileResponse(path, media_type="application/pdf", filename=download_name)

    return router
