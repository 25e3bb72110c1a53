"""Stored objects by address: one way to create, read, list, delete and link.

Bytes go through smart_open. What it leaves out is added here: an object is
created once, whole and encrypted; reading has a limit; errors say what to do.
"""

import hashlib
import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from trial_reports.errors import ConfigurationError
from trial_reports.storage.errors import ObjectTooLarge, translated
from trial_reports.storage.gcs import GcsStore
from trial_reports.storage.links import FileLinks
from trial_reports.storage.local import LocalStore
from trial_reports.storage.models import ObjectInfo, Store, StoredObject
from trial_reports.storage.s3 import S3Store
from trial_reports.storage.uri import Location, parse_folder, parse_object

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LACKING = {
    "s3": "s3:// addresses need an S3 client.",
    "gs": "gs:// addresses need a client of the package google-cloud-storage.",
    "file": "file:// addresses need the folder that holds them.",
}
_DOWNLOAD_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_LONGEST_LINK = 604_800  # seconds; Signature Version 4 signs for a week at most


class Storage:
    """Stored objects, by URI. Safe to share between threads.

    Args:
        s3_client: For ``s3://``, a boto3 client with time-outs.
        gcs_client: For ``gs://``, a ``google.cloud.storage.Client``.
        encryption: S3's server-side encryption, ``AES256`` or ``aws:kms``.
        kms_key_id: The key for ``aws:kms``.
        file_root: For ``file://``, the folder outside of which nothing is touched.
        file_links: Signs download URLs for ``file://``.
    """

    def __init__(
        self,
        *,
        s3_client: "S3Client | None" = None,
        gcs_client: Any = None,  # noqa: ANN401 - its package is optional
        encryption: str = "AES256",
        kms_key_id: str | None = None,
        file_root: Path | None = None,
        file_links: FileLinks | None = None,
    ) -> None:
        self._stores: dict[str, Store] = {}
        if s3_client is not None:
            self._stores["s3"] = S3Store(s3_client, encryption, kms_key_id)
        if gcs_client is not None:
            self._stores["gs"] = GcsStore(gcs_client)
        if file_root is not None:
            self._stores["file"] = LocalStore(file_root, file_links)
        # At DEBUG it logs its arguments, which hold clients and addresses.
        logging.getLogger("smart_open").setLevel(logging.WARNING)

    def create(
        self,
        uri: str,
        data: bytes,
        media_type: str,
        correlation_id: str | None = None,
    ) -> StoredObject:
        """Store ``data``, encrypted, unless the address is already taken.

        "Taken" means that an earlier response was lost or a twin was faster,
        so it is no error: the stored object is described instead.

        Args:
            uri: Where; artifacts have an address of their own for each round.
            data: The whole object.
            media_type: For example ``application/pdf``.
            correlation_id: Kept with the object as ``correlation-id``, where a
                store keeps more than bytes.

        Returns:
            What is stored there now.

        Raises:
            TransientError: ``storage_unavailable``.
            ServiceError: ``storage_refused``.
            PermanentError: ``uri_refused``.
        """
        location = parse_object(uri)
        sha256 = hashlib.sha256(data).hexdigest()
        metadata = {"sha256": sha256}
        if correlation_id is not None:
            metadata["correlation-id"] = correlation_id
        with translated():
            created = self._store(location).create(location, data, media_type, metadata)
        if created:
            return StoredObject(uri, sha256, len(data), created=True)
        return self.describe(uri)

    def describe(self, uri: str) -> StoredObject:
        """Return size and SHA-256 of what is stored, from the bytes themselves.

        Raises:
            ObjectMissing: There is no object.
            StageError: As for :meth:`create`.
        """
        location = parse_object(uri)
        with translated(), self._store(location).open(location, None) as stream:
            # smart_open promises less than it gives: readinto is there.
            whole = cast("io.BufferedIOBase", stream)
            sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
            return StoredObject(uri, sha256, stream.tell(), created=False)

    def read(self, uri: str, limit: int) -> bytes:
        """Return the whole object.

        Args:
            uri: Its address.
            limit: The most bytes to accept.

        Raises:
            ObjectMissing: There is no object.
            ObjectTooLarge: It has more than ``limit`` bytes; no more than
                ``limit`` + 1 were transferred.
            StageError: As for :meth:`create`.
        """
        data = self.read_head(uri, limit + 1)
        if len(data) > limit:
            raise ObjectTooLarge(
                "object_too_large", f"The object has more than {limit} bytes."
            )
        return data

    def read_head(self, uri: str, count: int) -> bytes:
        """Return the first ``count`` bytes, fewer if the object is shorter.

        Raises:
            ObjectMissing: There is no object.
            StageError: As for :meth:`create`.
        """
        location = parse_object(uri)
        with translated(), self._store(location).open(location, count) as stream:
            return stream.read(count)

    def list(self, folder: str) -> Iterator[ObjectInfo]:
        """Yield every object below a folder or in a bucket, ordered by key.

        Args:
            folder: For example ``s3://trial-reports/work``; whole names only,
                so ``work/job_1`` does not match ``work/job_10``.

        Raises:
            StageError: As for :meth:`create`.
        """
        location = parse_folder(folder)
        with translated():
            yield from self._store(location).list(location)

    def delete(self, uri: str) -> None:
        """Remove the object; one that is not there is no error.

        Raises:
            StageError: As for :meth:`create`.
        """
        location = parse_object(uri)
        with translated():
            self._store(location).delete(location)

    def presign(self, uri: str, seconds: int, download_name: str) -> str:
        """Return a URL that lets anybody who holds it download a PDF.

        Browsers are told to save it under ``download_name`` and not to cache it.

        Args:
            uri: The PDF's address.
            seconds: How long the URL works, 1 to 604,800.
            download_name: Letters, digits, ``.``, ``_`` and ``-``; no person's name.

        Raises:
            ValueError: ``seconds`` or ``download_name`` is out of range.
            ConfigurationError: This store cannot sign here.
            StageError: As for :meth:`create`.
        """
        if not 1 <= seconds <= _LONGEST_LINK:
            raise ValueError("seconds is out of range")
        if _DOWNLOAD_NAME.fullmatch(download_name) is None:
            raise ValueError("download_name is no plain file name")
        location = parse_object(uri)
        with translated():
            return self._store(location).presign(location, seconds, download_name)

    def _store(self, location: Location) -> Store:
        store = self._stores.get(location.scheme)
        if store is None:
            raise ConfigurationError("storage_missing", _LACKING[location.scheme])
        return store
