"""Loopback ports that are free now, and stay the same for a data folder."""

import json
import logging
import socket
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

LOOPBACK = "127.0.0.1"

_logger = logging.getLogger(__name__)


def choose_ports(data: Path, names: Iterable[str]) -> dict[str, int]:
    """Return a free port for each name: that of the last start, if it still is.

    Links in mails that an earlier start sent keep working that way. A port that
    somebody has taken meanwhile is replaced, with a warning in the log.

    Args:
        data: The stack's folder; the choice is kept in its ``ports.json``.
        names: What the ports are for.
    """
    memory = data / "ports.json"
    ports: dict[str, int] = json.loads(memory.read_text()) if memory.exists() else {}
    # All sockets stay open until the end, so that no port is given out twice.
    with ExitStack() as held:
        for name in names:
            kept = ports.get(name, 0)
            bound = _bind(kept) or _bind(0)
            if bound is None:
                raise OSError("No loopback port is free.")
            port: int = held.enter_context(bound).getsockname()[1]
            if kept not in (0, port):
                _logger.warning(
                    "Port %d of %s is taken by another program now; it has %d instead.",
                    *(kept, name, port),
                )
            ports[name] = port
    memory.write_text(json.dumps(ports, indent=2))
    return ports


def _bind(port: int) -> socket.socket | None:
    """Return a socket bound to ``port``, ``None`` if somebody listens there."""
    bound = socket.socket()
    if port:
        # Connections of the last start may still linger in TIME_WAIT.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((LOOPBACK, port))
    except OSError:
        bound.close()
        return None
    return bound
