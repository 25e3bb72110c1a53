"""Google Cloud Storage, where the package google-cloud-storage is installed."""

import importlib
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any, BinaryIO

import smart_open

from trial_reports.errors import ConfigurationError
from trial_reports.storage.errors import google_status
from trial_reports.storage.models import ObjectInfo
from trial_reports.storage.uri import Location

_PRECONDITION_FAILED = 412
_NOT_FOUND = 404
_RETRY_SECONDS = 20.0  # the client's own two minutes would outlast a task's patience


class GcsStore:
    """Objects in Google Cloud Storage; always encrypted, by the bucket's key.

    Args:
        client: A ``google.cloud.storage.Client``.
        timeout_seconds: For each request.
    """

    # The client has no types here: its package is optional.
    def __init__(self, client: Any, timeout_seconds: float = 10) -> None:  # noqa: ANN401 - see above
        retry = importlib.import_module("google.cloud.storage.retry").DEFAULT_RETRY
        self._client = client
        self._limits = {
            "retry": retry.with_timeout(_RETRY_SECONDS),
            "timeout": timeout_seconds,
        }

    def open(self, location: Location, count: int | None) -> BinaryIO:  # noqa: ARG002 - read in Google's chunks
        """Open the object; its bytes come in chunks of the client's own size."""
        parameters = {
            "client": self._client,
            "get_blob_kwargs": self._limits,
            "blob_open_kwargs": self._limits,
        }
        return smart_open.open(
            location.uri, "rb", compression="disable", transport_params=parameters
        )

    def create(
        self,
        location: Location,
        data: bytes,
        media_type: str,
        metadata: Mapping[str, str],
    ) -> bool:
        """Store ``data`` if no generation of the object exists."""
        parameters = {
            "client": self._client,
            "blob_properties": {"metadata": dict(metadata)},
            "blob_open_kwargs": {
                "content_type": media_type,
                "if_generation_match": 0,
                **self._limits,
            },
        }
        try:
            with smart_open.open(
                location.uri, "wb", compression="disable", transport_params=parameters
            ) as stream:
                stream.write(data)
        except Exception as error:
            if google_status(error) == _PRECONDITION_FAILED:
                return False
            raise
        return True

    def list(self, folder: Location) -> Iterator[ObjectInfo]:
        """Yield the objects below ``folder``, ordered by key."""
        blobs = self._client.list_blobs(
            folder.bucket,
            prefix=f"{folder.key}/" if folder.key else None,
            **self._limits,
        )
        for blob in blobs:
            yield ObjectInfo(
                uri=folder.sibling(blob.name).uri,
                size=blob.size,
                modified=blob.updated.astimezone(UTC),
            )

    def delete(self, location: Location) -> None:
        """Delete the object, if it is there."""
        blob = self._client.bucket(location.bucket).blob(location.key)
        try:
            blob.delete(**self._limits)
        except Exception as error:
            if google_status(error) != _NOT_FOUND:
                raise

    def presign(
        self,
        location: Location,  # noqa: ARG002 - nothing is signed here yet
        seconds: int,  # noqa: ARG002 - the same
        download_name: str,  # noqa: ARG002 - the same
    ) -> str:
        """Refuse: signing needs a service account's key, which is not set up."""
        raise ConfigurationError(
            "gcs_presign", "Signed links are not supported for gs:// yet: use s3://."
        )
