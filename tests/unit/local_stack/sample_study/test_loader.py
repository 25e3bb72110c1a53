import hashlib
from pathlib import Path

import pytest

from local_stack.sample_study import Awkwardness, SampleStudy, generate, upload
from trial_reports.documents.models import File
from trial_reports.storage.errors import ObjectMissing
from trial_reports.storage.storage import Storage

_LARGEST = 10_000_000


@pytest.fixture(scope="module")
def small(sample: SampleStudy) -> SampleStudy:
    return generate(1, 4, sample.last_tick)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(file_root=tmp_path)


def test_metadata_describes_what_is_stored(
    small: SampleStudy, storage: Storage, tmp_path: Path
) -> None:
    missing = small.odd(Awkwardness.MISSING_OBJECT).files[0]
    rows = upload(small, storage, tmp_path.as_uri())
    assert len(rows) == sum(len(person.files) for person in small.people)
    for row in rows:
        if row.id != missing.id:
            data = storage.read(row.uri, _LARGEST)
            assert (row.size, row.sha256) == (
                len(data),
                hashlib.sha256(data).hexdigest(),
            )


def test_the_missing_object_has_metadata_only(
    small: SampleStudy, storage: Storage, tmp_path: Path
) -> None:
    missing = small.odd(Awkwardness.MISSING_OBJECT).files[0]
    rows = {row.id: row for row in upload(small, storage, tmp_path.as_uri())}
    assert rows[missing.id].size > 0
    with pytest.raises(ObjectMissing):
        storage.read(rows[missing.id].uri, _LARGEST)


def test_addresses_hold_random_ids_only(
    small: SampleStudy, storage: Storage, tmp_path: Path
) -> None:
    base = tmp_path.as_uri()
    rows = upload(small, storage, base)
    assert [row.uri for row in rows] == [f"{base}/{row.id}" for row in rows]
    assert all(File.from_row(row.to_row()) == row for row in rows)
