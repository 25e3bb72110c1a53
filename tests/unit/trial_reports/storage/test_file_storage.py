"""Storage on this machine's disk."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from trial_reports.errors import ConfigurationError, ServiceError
from trial_reports.storage.errors import ObjectMissing, ObjectTooLarge
from trial_reports.storage.links import FileDownload, FileLinks
from trial_reports.storage.storage import Storage


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(file_root=tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return f"file://{tmp_path}/work"


def test_an_object_is_read_back_as_it_was_created(
    storage: Storage, folder: str
) -> None:
    stored = storage.create(f"{folder}/job_1/a.pdf", b"%PDF", "application/pdf")

    assert stored.created
    assert stored.sha256 == hashlib.sha256(b"%PDF").hexdigest()
    assert storage.read(stored.uri, limit=4) == b"%PDF"
    assert storage.read_head(stored.uri, 2) == b"%P"


def test_of_many_writers_one_wins_and_all_learn_what_is_stored(
    storage: Storage, folder: str
) -> None:
    offers = [f"writer {number}".encode() for number in range(16)]

    with ThreadPoolExecutor(8) as pool:
        results = list(
            pool.map(
                lambda data: storage.create(f"{folder}/x", data, "text/plain"), offers
            )
        )

    stored = storage.read(f"{folder}/x", limit=100)
    assert stored in offers
    assert sum(result.created for result in results) == 1
    assert {r.sha256 for r in results} == {hashlib.sha256(stored).hexdigest()}


def test_no_unfinished_file_remains_or_is_listed(
    storage: Storage, folder: str, tmp_path: Path
) -> None:
    storage.create(f"{folder}/x", b"1", "text/plain")
    storage.create(f"{folder}/x", b"2", "text/plain")
    (tmp_path / "work" / ".unfinished-crash").touch()

    assert [info.uri for info in storage.list(folder)] == [f"{folder}/x"]
    assert sorted(path.name for path in (tmp_path / "work").iterdir()) == [
        ".unfinished-crash",
        "x",
    ]


def test_what_is_stored_is_for_its_owner_only(
    storage: Storage, folder: str, tmp_path: Path
) -> None:
    storage.create(f"{folder}/x", b"1", "text/plain")

    assert (tmp_path / "work" / "x").stat().st_mode & 0o077 == 0


def test_an_object_above_the_limit_is_refused(storage: Storage, folder: str) -> None:
    stored = storage.create(f"{folder}/x", b"x" * 11, "text/plain")

    with pytest.raises(ObjectTooLarge):
        storage.read(stored.uri, limit=10)


@pytest.mark.parametrize("missing", ["nothing", "x/below-a-file"])
def test_a_missing_object_is_told_apart(
    storage: Storage, folder: str, missing: str
) -> None:
    storage.create(f"{folder}/x", b"1", "text/plain")

    with pytest.raises(ObjectMissing):
        storage.read(f"{folder}/{missing}", limit=10)


def test_deleting_twice_is_deleting_once(storage: Storage, folder: str) -> None:
    stored = storage.create(f"{folder}/x", b"1", "text/plain")

    storage.delete(stored.uri)
    storage.delete(stored.uri)

    assert list(storage.list(folder)) == []


def test_listing_stays_in_its_folder(storage: Storage, folder: str) -> None:
    for name in ("job_1/b", "job_1/a", "job_10/c"):
        storage.create(f"{folder}/{name}", b"12", "text/plain")

    listed = list(storage.list(f"{folder}/job_1"))

    assert [info.uri for info in listed] == [f"{folder}/job_1/a", f"{folder}/job_1/b"]
    assert {info.size for info in listed} == {2}


def test_files_outside_the_folder_are_out_of_reach(
    storage: Storage, tmp_path: Path
) -> None:
    (tmp_path / "way-out").symlink_to("/etc")

    for uri in ("file:///etc/hostname", f"file://{tmp_path}/way-out/hostname"):
        with pytest.raises(ServiceError):
            storage.read(uri, limit=1000)


@pytest.mark.parametrize(
    ("uri", "needed"),
    [
        ("s3://bucket/key", "S3 client"),
        ("gs://bucket/key", "google-cloud-storage"),
        ("file:///srv/key", "folder"),
    ],
)
def test_a_store_that_is_not_set_up_says_what_it_needs(uri: str, needed: str) -> None:
    with pytest.raises(ConfigurationError, match=needed):
        Storage().read(uri, limit=10)


class _Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def _asked_for(url: str) -> tuple[FileDownload, str]:
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    name = unquote(parts.path).removeprefix("/stored-files/")
    return (
        FileDownload(name, int(query["expires"]), query["download_name"]),
        query["signature"],
    )


def test_a_link_works_until_it_ends(tmp_path: Path) -> None:
    clock = _Clock()
    links = FileLinks("http://127.0.0.1:8000/stored-files", b"key", clock)
    storage = Storage(file_root=tmp_path, file_links=links)

    url = storage.presign(f"file://{tmp_path}/work/a.pdf", 60, "report.pdf")

    download, signature = _asked_for(url)
    assert (download.name, download.download_name) == ("work/a.pdf", "report.pdf")
    clock.now = 1_059
    assert links.verify(download, signature)
    clock.now = 1_060
    assert not links.verify(download, signature)


def test_a_changed_link_is_refused(tmp_path: Path) -> None:
    links = FileLinks("http://127.0.0.1:8000/stored-files", b"key", _Clock())
    storage = Storage(file_root=tmp_path, file_links=links)
    url = storage.presign(f"file://{tmp_path}/work/a.pdf", 60, "report.pdf")
    download, signature = _asked_for(url)

    for changed in (
        FileDownload("work/b.pdf", download.expires, download.download_name),
        FileDownload(download.name, download.expires + 1, download.download_name),
        FileDownload(download.name, download.expires, "other.pdf"),
    ):
        assert not links.verify(changed, signature)
    assert not links.verify(download, "é")
    assert not FileLinks("", b"other key", _Clock()).verify(download, signature)


def test_without_a_server_there_are_no_links(storage: Storage, folder: str) -> None:
    with pytest.raises(ConfigurationError, match="file://"):
        storage.presign(f"{folder}/a.pdf", 60, "report.pdf")


@pytest.mark.parametrize(
    ("seconds", "name"),
    [(0, "a.pdf"), (604_801, "a.pdf"), (60, 'a"; x="'), (60, "a\r\nb"), (60, "../a")],
)
def test_a_link_is_never_made_with_a_strange_name_or_time(
    storage: Storage, folder: str, seconds: int, name: str
) -> None:
    with pytest.raises(ValueError, match=r"out of range|plain file name"):
        storage.presign(f"{folder}/a.pdf", seconds, name)
