import os
from pathlib import Path

import pytest

from local_stack.errors import ConfigurationError
from local_stack.postgres import PostgresServer
from local_stack.process_group import ProcessGroup


def test_a_folder_that_nobody_may_enter_is_named_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    closed = tmp_path / "closed"
    data = closed / "stack"
    data.mkdir(parents=True)
    tmp_path.chmod(0o755)
    closed.chmod(0o700)
    with (
        ProcessGroup(data) as group,
        pytest.raises(ConfigurationError, match=r"chmod o\+x .*/closed"),
    ):
        PostgresServer(group, 5432)
