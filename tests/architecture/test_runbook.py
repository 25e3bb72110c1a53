"""The runbook's commands for containers, as far as they need no Docker."""

import re
import shutil
import subprocess
from pathlib import Path

from dotenv import dotenv_values

from local_stack.environment import PROJECT
from tests.architecture import compose_file


def blocks() -> list[str]:
    """Return the blocks of commands in the section about containers."""
    page = (PROJECT / "docs" / "operations.md").read_text()
    section = page.partition("## In containers")[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


def test_its_commands_make_every_key(tmp_path: Path) -> None:
    shutil.copy(compose_file.EXAMPLE, tmp_path)
    subprocess.run(
        ["/bin/bash", "-euc", blocks()[0]], check=True, cwd=tmp_path, timeout=30
    )

    made = dotenv_values(tmp_path / ".env", interpolate=False)
    keys = [made[name] or "" for name in compose_file.keys_to_make()]
    assert min(map(len, keys)) >= 44
    assert len(set(keys)) == len(keys)
    compose_file.services({name: value or "" for name, value in made.items()})
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600


def test_its_commands_name_services_and_dags_that_are_there() -> None:
    services = set(compose_file.services(compose_file.filled_in()))
    named = re.findall(r"(?:exec(?: -T)?|run --rm) ([a-z-]+)", "".join(blocks()))
    assert {"api", "sample", "scheduler"} == set(named) <= services
    dags = {path.stem for path in (PROJECT / "dags").glob("*.py")}
    triggered = re.findall(r"airflow dags \w+ (\w+)", "".join(blocks()))
    assert {"weekly_reports", "dispatch_reports"} == set(triggered) <= dags
