"""The API as the process that operators start."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local_stack.environment import PROJECT
from local_stack.http_service import HttpService
from local_stack.ports import choose_ports
from local_stack.process import ManagedProcess


class ApiProcess:
    """A running API: its address, and what it has logged."""

    def __init__(self, process: ManagedProcess, port: int) -> None:
        self.process = process
        self.port = port
        self.uri = f"http://127.0.0.1:{port}"

    @property
    def log(self) -> list[dict[str, Any]]:
        """The lines of its log, each of which is a JSON object."""
        return [json.loads(line) for line in self.process.log.read_text().splitlines()]


@contextmanager
def api_process(
    folder: Path, environment: Mapping[str, str], command: str = "graphql_api"
) -> Iterator[ApiProcess]:
    """Run ``python -m <command>`` on a free port; wait until it lives."""
    port = choose_ports(folder, ["api"])["api"]
    process = ManagedProcess(
        "api",
        [sys.executable, "-m", *command.split(), "--port", str(port)],
        environment={
            "PATH": "",
            "PYTHONPATH": f"{PROJECT / 'plugins'}:{PROJECT}",
            "TRIAL_REPORTS_ENVIRONMENT": "test",
            **environment,
        },
        logs=folder,
        directory=PROJECT,
    )
    try:
        api = ApiProcess(process, port)
        HttpService(process, api.uri, "/healthz").wait_until_ready()
        yield api
    finally:
        process.stop(20)
