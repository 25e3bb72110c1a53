"""The address of a stored object: ``s3://``, ``gs://`` or ``file://``."""

import re
from dataclasses import dataclass

from trial_reports.errors import PermanentError

_URI = re.compile(
    r"(?P<scheme>s3|gs|file)://(?P<bucket>[a-z0-9][a-z0-9.-]{2,221})?(?:/(?P<key>.*))?"
)
# Letters, digits and what every store, URL and shell leaves alone. No segment
# begins with a dot: no way up, and such files are unfinished uploads on disk.
_SEGMENT = re.compile(r"[A-Za-z0-9_=+~-][A-Za-z0-9_=+~.-]*")
_LONGEST_KEY = 1024  # S3 and Google Cloud Storage, in bytes


@dataclass(frozen=True, slots=True)
class Location:
    """A checked address; ``bucket`` is empty for ``file``, ``key`` for a bucket."""

    scheme: str
    bucket: str
    key: str

    @property
    def uri(self) -> str:
        """The address as it is stored and passed on."""
        return f"{self.scheme}://{self.bucket}/{self.key}"

    def sibling(self, key: str) -> "Location":
        """Return the address of ``key`` in the same bucket."""
        return Location(self.scheme, self.bucket, key)


def parse_object(uri: str) -> Location:
    """Return the checked address of one object.

    Keys are ours or the product's random ids, so they are held to a strict
    alphabet; credentials, queries, versions and ``..`` have no place in it.

    Args:
        uri: For example ``s3://trial-reports/work/job_1/run_1/0/fetch.json``.

    Raises:
        PermanentError: ``uri_refused``; the address is not repeated, since it
            may hold a secret or a person's file name.
    """
    location = parse_folder(uri)
    if not location.key or uri.endswith("/"):
        raise PermanentError("uri_refused", "The address names no object.")
    return location


def parse_folder(uri: str) -> Location:
    """Return the checked address of a folder, or of a whole bucket.

    Args:
        uri: For example ``s3://trial-reports/work`` or ``s3://trial-reports``.

    Raises:
        PermanentError: ``uri_refused``, as for :func:`parse_object`.
    """
    match = _URI.fullmatch(uri)
    if match is None or (match["scheme"] == "file") == bool(match["bucket"]):
        raise PermanentError(
            "uri_refused",
            "An address is s3://bucket/key, gs://bucket/key or file:///path, "
            "without credentials.",
        )
    key = (match["key"] or "").removesuffix("/")
    if len(key) > _LONGEST_KEY or not all(map(_SEGMENT.fullmatch, _segments(key))):
        raise PermanentError(
            "uri_refused", "An object key holds letters, digits and -_=+~. only."
        )
    return Location(match["scheme"], match["bucket"] or "", key)


def _segments(key: str) -> list[str]:
    return key.split("/") if key else []
