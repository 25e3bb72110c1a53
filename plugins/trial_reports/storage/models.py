"""What storage gives back, and what each kind of store must be able to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from trial_reports.storage.uri import Location


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object that is certainly stored.

    ``sha256`` (hex) and ``size`` (bytes) describe what is stored, which is not
    what was offered when ``created`` is false: somebody was faster.
    """

    uri: str
    sha256: str
    size: int
    created: bool


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """One line of a listing; ``size`` in bytes, ``modified`` in UTC."""

    uri: str
    size: int
    modified: datetime


class Store(Protocol):
    """What smart_open leaves to each kind of store."""

    def open(self, location: Location, count: int | None) -> BinaryIO:
        """Return the object's bytes, to be read and closed.

        Args:
            location: The object.
            count: The most bytes that will be read; ``None`` for all of them.
        """
        ...

    def create(
        self,
        location: Location,
        data: bytes,
        media_type: str,
        metadata: Mapping[str, str],
    ) -> bool:
        """Store ``data`` encrypted unless the address is taken.

        Args:
            location: Where.
            data: The whole object.
            media_type: For example ``application/pdf``.
            metadata: To keep with it: ``sha256`` in hex, and ids.

        Returns:
            Whether it was stored; ``False`` when something is already there.
        """
        ...

    def list(self, folder: Location) -> Iterator[ObjectInfo]:
        """Yield what lies below ``folder``, ordered by key."""
        ...

    def delete(self, location: Location) -> None:
        """Remove the object; one that is not there is no error."""
        ...

    def presign(self, location: Location, seconds: int, download_name: str) -> str:
        """Return a URL that downloads the PDF without further rights.

        Args:
            location: The object.
            seconds: How long the URL works.
            download_name: The file name the browser offers.
        """
        ...
