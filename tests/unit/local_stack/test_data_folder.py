from pathlib import Path

import pytest

from local_stack.data_folder import empty, locked
from local_stack.errors import ConfigurationError
from local_stack.secrets_file import Secrets


def test_a_second_stack_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with (
        locked(tmp_path / "stack"),
        pytest.raises(ConfigurationError, match="already running"),
        locked(tmp_path / "stack"),
    ):
        pass


def test_the_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path / "stack") as data:
            assert data.is_absolute()


def test_a_fresh_start_forgets_the_stack_and_nothing_else(tmp_path: Path) -> None:
    own = tmp_path / "thesis.txt"
    own.write_text("three years of work")
    (tmp_path / "mongo").mkdir()
    Secrets.of(tmp_path)
    with locked(tmp_path) as data:
        empty(data)
        assert sorted(path.name for path in data.iterdir()) == ["lock", own.name]


def test_secrets_stay_the_same_for_a_folder_and_differ_between_folders(
    tmp_path: Path,
) -> None:
    (tmp_path / "other").mkdir()
    made = Secrets.of(tmp_path)
    assert Secrets.of(tmp_path) == made
    assert Secrets.of(tmp_path / "other") != made


def test_only_the_owner_can_read_the_secrets(tmp_path: Path) -> None:
    Secrets.of(tmp_path)
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0
