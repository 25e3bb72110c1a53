"""Signed, expiring URLs for files on disk: what S3 does for its objects."""

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True)
class FileDownload:
    """A download that a signed URL grants.

    Args:
        name: The file's path below the storage folder, with slashes.
        expires: When the URL ends, in seconds since the epoch.
        download_name: The file name the browser offers.
    """

    name: str
    expires: int
    download_name: str

    def signed_with(self, key: bytes) -> str:
        """Return the HMAC-SHA256 of this grant in hex."""
        grant = f"file-download\n{self.name}\n{self.expires}\n{self.download_name}"
        return hmac.new(key, grant.encode(), hashlib.sha256).hexdigest()


class FileLinks:
    """Makes and checks download URLs; for development servers only.

    Args:
        base_url: Where the server answers, for example
            ``http://127.0.0.1:8000/stored-files``.
        key: The secret both sides know.
        clock: Seconds since the epoch.
    """

    def __init__(
        self, base_url: str, key: bytes, clock: Callable[[], float] = time.time
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._key = key
        self._clock = clock

    def url(self, name: str, seconds: int, download_name: str) -> str:
        """Return a URL for the file ``name`` that works for ``seconds``."""
        download = FileDownload(name, int(self._clock()) + seconds, download_name)
        query = urlencode(
            {
                "expires": download.expires,
                "download_name": download.download_name,
                "signature": download.signed_with(self._key),
            }
        )
        return f"{self._base_url}/{quote(name)}?{query}"

    def verify(self, download: FileDownload, signature: str) -> bool:
        """Return whether the URL was made here, is unchanged and not expired.

        Args:
            download: What the request's path and query ask for.
            signature: The query's ``signature``.
        """
        genuine = hmac.compare_digest(
            download.signed_with(self._key).encode(), signature.encode()
        )
        return genuine and self._clock() < download.expires
