"""Serves the stand-in: ``python -m local_stack.mailbox.server PORT [ADDRESS]``.

Without an address only this machine reaches it; a container needs ``0.0.0.0``.
"""

import sys

import uvicorn

from local_stack.mailbox.application import create_app
from local_stack.mailbox.connection import DroppableProtocol
from local_stack.ports import LOOPBACK


def main(port: int, address: str = LOOPBACK) -> None:
    """Serve until SIGTERM.

    Args:
        port: Where to listen.
        address: On which interface.
    """
    uvicorn.run(
        create_app(),
        host=address,
        port=port,
        http=DroppableProtocol,
        access_log=False,
        # Requests that hang on purpose must not keep it from stopping.
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
