"""The stand-in as a child process."""

import sys

from local_stack.http_service import HttpService
from local_stack.mailbox.courier import Webhook
from local_stack.ports import LOOPBACK
from local_stack.process_group import ProcessGroup


def start_mailbox(
    group: ProcessGroup, port: int, key: str, webhook: Webhook | None
) -> HttpService:
    """Start it, without waiting.

    Args:
        group: Starts and stops it.
        port: Where it listens.
        key: The API key it accepts.
        webhook: Is told what becomes of the mails, if anything is there to listen.
    """
    telling = {
        "MAILBOX_WEBHOOK_KEY": webhook.private_key if webhook else "",
        "MAILBOX_WEBHOOK_URL": webhook.url if webhook else "",
    }
    process = group.start(
        "mailbox",
        [sys.executable, "-m", "local_stack.mailbox.server", str(port)],
        environment={
            "MAILBOX_FOLDER": str(group.data / "mailbox"),
            "MAILBOX_KEY": key,
            **telling,
        },
    )
    return HttpService(process, f"http://{LOOPBACK}:{port}", "/health")
