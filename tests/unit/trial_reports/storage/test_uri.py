"""Which addresses are accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trial_reports.errors import PermanentError
from trial_reports.storage.uri import Location, parse_folder, parse_object

SEGMENTS = st.from_regex(r"[A-Za-z0-9_=+~-][A-Za-z0-9_=+~.-]{0,30}", fullmatch=True)


@given(
    bucket=st.sampled_from(["s3://trial-reports", "gs://eu.reports", "file://"]),
    keys=st.lists(SEGMENTS, min_size=1, max_size=8),
)
def test_an_address_survives_being_taken_apart(bucket: str, keys: list[str]) -> None:
    uri = "/".join([bucket, *keys])

    assert parse_object(uri).uri == uri


@pytest.mark.parametrize(
    "uri",
    [
        "s3://AKIAKEY:secret@bucket/key",
        "s3://key@bucket/key",
        "gs://user:secret@bucket/key",
        "file://host.example/etc/passwd",
        "file:///srv/../etc/passwd",
        "file://~/reports/a.pdf",
        "s3://bucket/../other",
        "s3://bucket/.hidden",
        "s3://bucket//key",
        "s3://bucket/Jane Doe.pdf",
        "s3://bucket/key?versionId=1",
        "s3://bucket/key#part",
        "s3://bucket/%2e%2e/key",
        "s3://bucket/key\n",
        "s3://bucket/" + "k" * 1025,
        "s3://bucket/",
        "s3://bucket",
        "s3:///key",
        "http://bucket/key",
        "https://bucket.s3.amazonaws.com/key",
        "/srv/reports/a.pdf",
        "",
    ],
)
def test_what_is_no_plain_object_address_is_refused_unrepeated(uri: str) -> None:
    with pytest.raises(PermanentError) as caught:
        parse_object(uri)

    assert caught.value.code == "uri_refused"
    for secret in ("secret", "Jane", "passwd"):
        assert secret not in str(caught.value)


@pytest.mark.parametrize("uri", ["s3://bucket", "s3://bucket/"])
def test_a_bucket_is_a_folder_too(uri: str) -> None:
    assert parse_folder(uri) == Location("s3", "bucket", "")
