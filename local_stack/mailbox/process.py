"""The stand-in as a child process."""

import sys

from local_stack.http_service import HttpService
from local_stack.ports import LOOPBACK
from local_stack.process_group import ProcessGroup


def start_mailbox(group: ProcessGroup, port: int, key: str) -> HttpService:
    """Start it, without waiting.

    Args:
        group: Starts and stops it.
        port: Where it listens.
        key: The API key it accepts.
    """
    process = group.start(
        "mailbox",
        [sys.executable, "-m", "local_stack.mailbox.server", str(port)],
        environment={
            "MAILBOX_FOLDER": str(group.data / "mailbox"),
            "MAILBOX_KEY": key,
        },
    )
    return HttpService(process, f"http://{LOOPBACK}:{port}", "/health")
