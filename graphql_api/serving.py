"""The HTTP server around the application, and how it stops."""

import asyncio
import logging
import signal
import socket
from types import FrameType

import uvicorn
from fastapi import FastAPI

from trial_reports.settings import Api

_HEADER_BYTES = 16 * 1024
_MESSAGE_BYTES = 64 * 1024
_PING_SECONDS = 20.0

_logger = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """Stops in order: not ready, then no new connections, then no requests.

    On SIGTERM it goes on answering for a while, as not ready, so that whoever
    sends requests here learns of it before a connection is refused. Ctrl-C skips
    that: nobody is sending requests to a terminal.

    Args:
        app: The application.
        config: How it is served.
        drain_seconds: How long it answers as not ready.
    """

    def __init__(
        self, app: FastAPI, config: uvicorn.Config, drain_seconds: float
    ) -> None:
        super().__init__(config)
        self._app = app
        self._drain_seconds = drain_seconds

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Note that the process is to stop."""
        if sig == signal.SIGINT:
            self._drain_seconds = 0
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, and finish the requests that have begun."""
        self._app.state.stopping = True
        _logger.info("stopping")
        await asyncio.sleep(self._drain_seconds)
        await super().shutdown(sockets)


def serve(app: FastAPI, settings: Api, host: str, port: int) -> None:
    """Serve the application until a signal says to stop.

    Args:
        app: The application.
        settings: How it stops.
        host: An address of this machine.
        port: The port.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        # It writes paths, and ours hold tokens; `RequestLog` writes templates.
        access_log=False,
        log_config=None,
        # Of the two parsers, the one that limits what it keeps of a head.
        http="h11",
        h11_max_incomplete_event_size=_HEADER_BYTES,
        # Who is believed about addresses is for `client_address` to say.
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=settings.grace_seconds,
        ws_max_size=_MESSAGE_BYTES,
        ws_ping_interval=_PING_SECONDS,
        ws_ping_timeout=_PING_SECONDS,
    )
    _logger.info("serving at http://%s:%d", host, port)
    Server(app, config, settings.drain_seconds).run()
