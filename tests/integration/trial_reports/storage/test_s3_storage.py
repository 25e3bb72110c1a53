"""Storage on an S3 server."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from botocore.model import OperationModel

from trial_reports import clients
from trial_reports.errors import PermanentError, ServiceError, TransientError
from trial_reports.settings import Settings
from trial_reports.storage.errors import ObjectMissing, ObjectTooLarge
from trial_reports.storage.storage import Storage

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

    from tests.integration.trial_reports.storage.conftest import ScriptedServer

Connect = Callable[[str], "S3Client"]
Serve = Callable[[int, bytes], AbstractContextManager["ScriptedServer"]]


@pytest.fixture
def folder() -> str:
    return f"s3://trial-reports/work/{uuid.uuid4().hex}"


@pytest.fixture
def operations(s3: S3Client) -> Iterator[list[str]]:
    """Name every request that the client sends."""
    seen: list[str] = []

    def note(model: OperationModel, **_: object) -> None:
        seen.append(model.name)

    s3.meta.events.register("before-call.s3", note)
    yield seen
    s3.meta.events.unregister("before-call.s3", note)


def _head(s3: S3Client, uri: str) -> HeadObjectOutputTypeDef:
    return s3.head_object(Bucket="trial-reports", Key=urlsplit(uri).path[1:])


def test_an_object_is_read_back_as_it_was_created(
    storage: Storage, folder: str
) -> None:
    stored = storage.create(f"{folder}/report.pdf", b"%PDF", "application/pdf")

    assert stored.created
    assert (stored.size, stored.sha256) == (4, hashlib.sha256(b"%PDF").hexdigest())
    assert storage.read(stored.uri, limit=4) == b"%PDF"


def test_an_object_is_encrypted_typed_and_carries_its_hash(
    storage: Storage, s3: S3Client, folder: str
) -> None:
    stored = storage.create(f"{folder}/report.pdf", b"%PDF", "application/pdf")

    head = _head(s3, stored.uri)
    assert head["ServerSideEncryption"] == "AES256"
    assert head["ContentType"] == "application/pdf"
    assert head["Metadata"] == {"sha256": stored.sha256}


def test_the_chosen_kms_key_encrypts(s3: S3Client, folder: str) -> None:
    storage = Storage(s3_client=s3, encryption="aws:kms", kms_key_id="alias/reports")

    stored = storage.create(f"{folder}/report.pdf", b"%PDF", "application/pdf")

    head = _head(s3, stored.uri)
    assert head["ServerSideEncryption"] == "aws:kms"
    assert head["SSEKMSKeyId"].endswith("alias/reports")


def test_creating_again_keeps_and_describes_the_first_object(
    storage: Storage, folder: str
) -> None:
    first = storage.create(f"{folder}/fetch.json", b"first", "application/json")

    second = storage.create(f"{folder}/fetch.json", b"a twin", "application/json")

    assert not second.created
    assert (second.sha256, second.size) == (first.sha256, len(b"first"))
    assert storage.read(first.uri, limit=100) == b"first"


def test_reports_named_gz_are_stored_untouched(storage: Storage, folder: str) -> None:
    storage.create(f"{folder}/export.gz", b"not gzip", "application/gzip")

    assert storage.read(f"{folder}/export.gz", limit=100) == b"not gzip"


def test_creating_and_reading_cost_one_request_each(
    storage: Storage, folder: str, operations: list[str]
) -> None:
    stored = storage.create(f"{folder}/photo", b"x" * 300_000, "image/jpeg")
    storage.read(stored.uri, limit=1_000_000)
    storage.read_head(stored.uri, 16)

    assert operations == ["PutObject", "GetObject", "GetObject"]


@pytest.mark.parametrize("size", [0, 1, 200_000])
def test_an_object_of_exactly_the_limit_is_read(
    storage: Storage, folder: str, size: int
) -> None:
    stored = storage.create(f"{folder}/object", b"x" * size, "text/plain")

    assert len(storage.read(stored.uri, limit=size)) == size


def test_an_object_above_the_limit_is_refused(storage: Storage, folder: str) -> None:
    stored = storage.create(f"{folder}/object", b"x" * 11, "text/plain")

    with pytest.raises(ObjectTooLarge):
        storage.read(stored.uri, limit=10)


def test_the_head_of_a_short_object_is_the_object(
    storage: Storage, folder: str
) -> None:
    stored = storage.create(f"{folder}/object", b"abc", "text/plain")

    assert storage.read_head(stored.uri, 2) == b"ab"
    assert storage.read_head(stored.uri, 99) == b"abc"


def test_a_missing_object_fails_its_own_job_only(storage: Storage, folder: str) -> None:
    with pytest.raises(ObjectMissing):
        storage.read(f"{folder}/nothing", limit=10)


def test_a_missing_bucket_is_the_installations_fault(storage: Storage) -> None:
    with pytest.raises(ServiceError, match="NoSuchBucket"):
        storage.create("s3://no-such-bucket/object", b"", "text/plain")
    with pytest.raises(ServiceError, match="NoSuchBucket"):
        storage.read("s3://no-such-bucket/object", limit=10)
    with pytest.raises(ServiceError, match="NoSuchBucket"):
        list(storage.list("s3://no-such-bucket"))


def test_listing_stays_in_its_folder(storage: Storage, folder: str) -> None:
    for name in ("job_1/b", "job_1/a", "job_10/c"):
        storage.create(f"{folder}/{name}", b"12", "text/plain")

    listed = list(storage.list(f"{folder}/job_1"))

    assert [info.uri for info in listed] == [f"{folder}/job_1/a", f"{folder}/job_1/b"]
    assert {info.size for info in listed} == {2}
    assert all(info.modified.tzinfo for info in listed)


def test_deleting_twice_is_deleting_once(storage: Storage, folder: str) -> None:
    stored = storage.create(f"{folder}/object", b"x", "text/plain")

    storage.delete(stored.uri)
    storage.delete(stored.uri)

    assert list(storage.list(folder)) == []


def test_a_link_downloads_the_pdf_without_being_cached(
    storage: Storage, folder: str
) -> None:
    stored = storage.create(f"{folder}/report.pdf", b"%PDF", "application/pdf")

    url = storage.presign(stored.uri, 60, "report-2026-W47.pdf")

    with urlopen(url, timeout=5) as response:  # noqa: S310 - our own server
        assert response.read() == b"%PDF"
        assert response.headers["Content-Disposition"] == (
            'attachment; filename="report-2026-W47.pdf"'
        )
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Content-Type"] == "application/pdf"


def test_a_link_ends_when_asked_and_is_signed_with_version_4(
    storage: Storage, folder: str
) -> None:
    query = parse_qs(urlsplit(storage.presign(f"{folder}/a.pdf", 60, "a.pdf")).query)

    assert query["X-Amz-Expires"] == ["60"]
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (503, "SlowDown", TransientError),
        (500, "InternalError", TransientError),
        (400, "RequestTimeout", TransientError),
        (400, "KMS.ThrottlingException", TransientError),
        (409, "ConditionalRequestConflict", TransientError),
        (403, "AccessDenied", ServiceError),
        (403, "ExpiredToken", ServiceError),
        (301, "PermanentRedirect", ServiceError),
        (403, "InvalidObjectState", PermanentError),
        (404, "NoSuchKey", ObjectMissing),
    ],
)
@pytest.mark.parametrize("verb", ["create", "read", "list"])
def test_each_refusal_says_what_has_to_happen_next(
    answering: Serve,
    connect_s3: Connect,
    verb: str,
    status: int,
    code: str,
    expected: type[Exception],
) -> None:
    body = f"<Error><Code>{code}</Code><Message>Jane Doe</Message></Error>".encode()
    with answering(status, body) as server:
        storage = Storage(s3_client=connect_s3(server.url))

        with pytest.raises(expected) as caught:
            _use(storage, verb)

    assert type(caught.value) is expected
    assert "Jane Doe" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("verb", ["create", "read", "list", "delete"])
def test_an_unreachable_store_is_tried_again_later(
    connect_s3: Connect, verb: str
) -> None:
    storage = Storage(s3_client=connect_s3("http://127.0.0.1:9"))

    with pytest.raises(TransientError, match="unreachable"):
        _use(storage, verb)


def test_a_busy_store_is_asked_three_times_and_left_to_the_tasks_retry(
    answering: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with answering(503, b"<Error><Code>SlowDown</Code></Error>") as server:
        settings = Settings.model_validate(
            {"environment": "test", "aws": {"endpoint_url": server.url}}
        )

        with pytest.raises(TransientError, match="SlowDown"):
            _use(clients.storage(settings, clients.s3_client(settings)), "read")

        assert server.requests == 3


def _use(storage: Storage, verb: str) -> None:
    uri = "s3://trial-reports/object"
    match verb:
        case "create":
            storage.create(uri, b"x", "text/plain")
        case "read":
            storage.read(uri, limit=10)
        case "list":
            list(storage.list("s3://trial-reports"))
        case "delete":
            storage.delete(uri)
