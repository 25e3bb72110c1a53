"""Airflow in this process, with a home that nobody else uses."""

import atexit
import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from airflow.sdk import DAG

_DAGS = Path(__file__).parents[3] / "dags"
_HOME = TemporaryDirectory(prefix="airflow-home-")

# Airflow makes its home where it is imported, and by default in ours.
os.environ["AIRFLOW_HOME"] = _HOME.name
atexit.register(_HOME.cleanup)


@pytest.fixture
def dag_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], "DAG"]:
    """Import a DAG file as Airflow does, by its path, and return its DAG."""
    monkeypatch.setenv("TRIAL_REPORTS_ENVIRONMENT", "test")

    def load(name: str) -> "DAG":
        spec = importlib.util.spec_from_file_location(name, _DAGS / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        dag: DAG = getattr(module, name)()
        return dag

    return load
