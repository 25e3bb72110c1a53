"""The API process stays light."""

import json
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[3]
PROBE = """
import json, sys, time
began = time.process_time()
import graphql_api.app
seconds = time.process_time() - began
print(json.dumps({"seconds": seconds, "modules": sorted(sys.modules)}))
"""


def test_the_api_comes_up_quickly_and_without_the_pipelines_packages() -> None:
    probe = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": f"{PROJECT / 'plugins'}:{PROJECT}"},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    found = json.loads(probe.stdout)

    packages = {name.partition(".")[0] for name in found["modules"]}
    assert not packages & {
        "airflow",
        "weasyprint",
        "PIL",
        "sendgrid",
        "trial_reports_airflow",
        "local_stack",
    }
    assert found["seconds"] < 1.5
