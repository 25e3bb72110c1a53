"""What a process loads when it starts, and how large a file may grow."""

import json
import os
import subprocess
import sys

import pytest

from local_stack.environment import PROJECT

API = "import graphql_api.app"
DAG_FILE = """
import importlib.util
spec = importlib.util.spec_from_file_location("dag_file", "dags/{name}.py")
spec.loader.exec_module(importlib.util.module_from_spec(spec))
"""
WEEKLY, DISPATCH = (
    DAG_FILE.format(name=name) for name in ("weekly_reports", "dispatch_reports")
)
MOST_LINES = 300
SOURCES = ("graphql_api", "dags", "plugins", "local_stack", "tests", "bench")
PROBE = """
import json, sys, time
{before}
began = time.process_time()
{start}
seconds = time.process_time() - began
packages = {{name.partition(".")[0] for name in sys.modules}}
print(json.dumps({{"seconds": seconds, "packages": sorted(packages)}}))
"""


def starting(start: str, before: str = "") -> tuple[float, set[str]]:
    """Return the CPU seconds that some imports take, and all that is then loaded."""
    probe = subprocess.run(
        [sys.executable, "-c", PROBE.format(before=before, start=start)],
        cwd=PROJECT,
        env=os.environ
        | {
            "PYTHONPATH": f"{PROJECT / 'plugins'}:{PROJECT}",
            "TRIAL_REPORTS_ENVIRONMENT": "test",
        },
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    found = json.loads(probe.stdout.splitlines()[-1])
    return found["seconds"], set(found["packages"])


def test_the_api_starts_without_the_pipelines_packages() -> None:
    _, packages = starting(API)

    assert "fastapi" in packages
    assert not packages & {"airflow", "weasyprint", "PIL", "sendgrid"}


@pytest.mark.parametrize("dag_file", [WEEKLY, DISPATCH], ids=["weekly", "dispatch"])
def test_a_dag_file_is_read_quickly_and_without_the_heavy_packages(
    dag_file: str,
) -> None:
    seconds, packages = starting(dag_file, before="import airflow.sdk")

    assert "trial_reports_airflow" in packages
    assert not packages & {"weasyprint", "PIL", "sendgrid", "boto3"}
    assert seconds < 1


def test_the_render_stage_leaves_photos_and_layout_to_its_child() -> None:
    _, packages = starting("import trial_reports.pipeline.assembly")

    assert "trial_reports" in packages
    assert not packages & {"weasyprint", "PIL"}


def test_no_file_has_grown_too_long_to_read() -> None:
    files = [path for name in SOURCES for path in (PROJECT / name).rglob("*.py")]
    lines = {str(path): len(path.read_text().splitlines()) for path in files}

    assert {path: n for path, n in lines.items() if n > MOST_LINES} == {}
