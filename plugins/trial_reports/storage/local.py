"""A folder on this machine: a real second store for tests and development."""

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

import smart_open

from trial_reports.errors import ConfigurationError, ServiceError
from trial_reports.storage.links import FileLinks
from trial_reports.storage.models import ObjectInfo
from trial_reports.storage.uri import Location


class LocalStore:
    """Files below one folder.

    Args:
        root: The folder nothing outside of which is read or written, since an
            address may come from a database row.
        links: Signs download URLs; ``None`` where nothing serves them.
    """

    def __init__(self, root: Path, links: FileLinks | None) -> None:
        self._root = root.resolve()
        self._links = links

    def open(self, location: Location, count: int | None) -> BinaryIO:  # noqa: ARG002 - files need no hint
        """Open the file."""
        return smart_open.open(str(self.path(location)), "rb", compression="disable")

    def create(
        self,
        location: Location,
        data: bytes,
        media_type: str,  # noqa: ARG002 - a file has no such attribute
        metadata: Mapping[str, str],  # noqa: ARG002 - the same
    ) -> bool:
        """Write ``data`` aside, then give it its name, which fails if taken."""
        path = self.path(location)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=".unfinished-") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            try:
                os.link(file.name, path)
            except FileExistsError:
                return False
        return True

    def list(self, folder: Location) -> Iterator[ObjectInfo]:
        """Yield the files below ``folder``, ordered by path as S3 orders keys."""
        files = (
            path
            for path in self.path(folder).rglob("*")
            if path.is_file() and not path.name.startswith(".")
        )
        for path in sorted(files, key=str):
            status = path.stat()
            yield ObjectInfo(
                uri=folder.sibling(str(path).removeprefix("/")).uri,
                size=status.st_size,
                modified=datetime.fromtimestamp(status.st_mtime, UTC),
            )

    def delete(self, location: Location) -> None:
        """Remove the file, if it is there."""
        self.path(location).unlink(missing_ok=True)

    def presign(self, location: Location, seconds: int, download_name: str) -> str:
        """Return a signed URL of the development server."""
        if self._links is None:
            raise ConfigurationError(
                "no_file_links", "Nothing serves file:// objects here: use s3://."
            )
        name = self.path(location).relative_to(self._root).as_posix()
        return self._links.url(name, seconds, download_name)

    def path(self, location: Location) -> Path:
        """Return where the object lies on disk.

        Raises:
            ServiceError: The address lies outside the store's folder.
        """
        path = Path("/", location.key).resolve()
        if not path.is_relative_to(self._root):
            raise ServiceError(
                "storage_refused", "The file lies outside the storage folder."
            )
        return path
