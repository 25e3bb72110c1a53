"""Amazon S3, and whatever speaks its protocol."""

import base64
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

import smart_open

from trial_reports.storage.errors import aws_code
from trial_reports.storage.models import ObjectInfo
from trial_reports.storage.uri import Location

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3Store:
    """Objects in S3 buckets, through one client.

    Args:
        client: A boto3 client; thread-safe, so one for the whole process.
        encryption: The server-side encryption asked for on every write,
            ``AES256`` or ``aws:kms``.
        kms_key_id: The key for ``aws:kms``; the account's own when ``None``.
    """

    def __init__(
        self, client: "S3Client", encryption: str, kms_key_id: str | None
    ) -> None:
        self._client = client
        self._encryption = {"ServerSideEncryption": encryption}
        if kms_key_id is not None:
            self._encryption["SSEKMSKeyId"] = kms_key_id

    def open(self, location: Location, count: int | None) -> BinaryIO:
        """Open the object for one GET of at most ``count`` bytes."""
        parameters: dict[str, Any] = {"client": self._client, "defer_seek": True}
        if count is not None:
            # Both, or smart_open goes on asking for ranges to fill its buffer.
            parameters |= {"range_chunk_size": count, "buffer_size": count}
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
        """Store ``data`` in one conditional, encrypted PUT that S3 verifies."""
        sha256 = bytes.fromhex(metadata["sha256"])
        put = {
            "ChecksumSHA256": base64.b64encode(sha256).decode(),
            "ContentType": media_type,
            "IfNoneMatch": "*",
            "Metadata": dict(metadata),
            **self._encryption,
        }
        parameters = {
            "client": self._client,
            "client_kwargs": {"S3.Client.put_object": put},
            "multipart_upload": False,
        }
        try:
            with smart_open.open(
                location.uri, "wb", compression="disable", transport_params=parameters
            ) as stream:
                stream.write(data)
        except ValueError as error:
            if aws_code(error) == "PreconditionFailed":
                return False
            raise
        return True

    def list(self, folder: Location) -> Iterator[ObjectInfo]:
        """Yield the objects below ``folder`` in S3's order, page by page."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=folder.bucket, Prefix=f"{folder.key}/" if folder.key else ""
        )
        for page in pages:
            for entry in page.get("Contents", ()):
                yield ObjectInfo(
                    uri=folder.sibling(entry["Key"]).uri,
                    size=entry["Size"],
                    modified=entry["LastModified"],
                )

    def delete(self, location: Location) -> None:
        """Delete the object; in a versioned bucket, put a marker before it."""
        self._client.delete_object(Bucket=location.bucket, Key=location.key)

    def presign(self, location: Location, seconds: int, download_name: str) -> str:
        """Return a signed GET; made locally, without asking S3.

        It dies earlier than ``seconds`` if the credentials are temporary and
        expire before it does.
        """
        return self._client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": location.bucket,
                "Key": location.key,
                "ResponseCacheControl": "no-store",
                "ResponseContentDisposition": f'attachment; filename="{download_name}"',
                "ResponseContentType": "application/pdf",
            },
            ExpiresIn=seconds,
        )
