"""Airflow loads one small plugin of ours, and leaves the libraries beside it alone."""

import json
import os
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from local_stack.environment import PROJECT

PLUGINS = PROJECT / "plugins"
LOADING = """
import json, sys
from airflow import plugins_manager
before = dict(sys.modules)
errors = plugins_manager.get_import_errors()
sources = [str(info["source"]) for info in plugins_manager.get_plugin_info(["source"])]
after = dict(sys.modules)
print(json.dumps({
    "errors": errors,
    "sources": sources,
    "replaced": [name for name in before if after.get(name) is not before[name]],
    "files": {n: getattr(after[n], "__file__", None) for n in after.keys() - before},
}))
"""


def what_airflow_loads(plugins: Path, home: Path) -> dict[str, Any]:
    """Let Airflow's own loader look through a folder, in a process of its own."""
    told = {
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(plugins),
        "AIRFLOW_HOME": str(home),
        "PYTHONPATH": str(PLUGINS),
    }
    loaded = subprocess.run(
        [sys.executable, "-c", LOADING],
        cwd=home,
        env=os.environ | told,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    found: dict[str, Any] = json.loads(loaded.stdout.splitlines()[-1])
    return found


def test_airflow_loads_our_plugin_and_no_library_file_as_one(tmp_path: Path) -> None:
    found = what_airflow_loads(PLUGINS, tmp_path)

    assert found["errors"] == {}
    assert found["replaced"] == []
    ours = [source for source in found["sources"] if "PLUGINS_FOLDER" in source]
    assert len(ours) == 1
    assert "run_notes.py" in ours[0]
    bare = {
        name
        for name, file in found["files"].items()
        if file and str(PLUGINS) in file and "." not in name
    }
    assert bare == {"run_notes", "trial_reports", "trial_reports_airflow"}


def test_what_airflowignore_does_not_name_would_replace_other_modules(
    tmp_path: Path,
) -> None:
    # It shows that the test above looks for the right thing.
    unguarded = tmp_path / "plugins" / "trial_reports"
    unguarded.mkdir(parents=True)
    (unguarded / "numbers.py").write_text("")

    assert what_airflow_loads(tmp_path / "plugins", tmp_path)["replaced"] == ["numbers"]


def test_no_file_would_stand_in_for_another_packages_module() -> None:
    # The second line of defence: unguarded, the loader puts each file into
    # sys.modules under its bare name.
    ours = {path.stem for path in PLUGINS.rglob("*.py")} - {"__init__"}
    others = {*sys.stdlib_module_names, *packages_distributions()}

    assert ours & others == set()
