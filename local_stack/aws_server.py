"""Serves S3 and SQS by moto: ``python -m local_stack.aws_server PORT``."""

import os
import sys
import time
from threading import Thread

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import BaseWSGIServer, make_server

from local_stack.aws_faults import FaultyService
from local_stack.ports import LOOPBACK


class AwsServer:
    """The stand-in's port; what it remembers outlives a closed one.

    Args:
        port: Where to listen on the loopback interface.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._server: BaseWSGIServer | None = None
        self._closed_seconds = 0.0
        moto = DomainDispatcherApplication(create_backend_app)
        self._application = FaultyService(moto, self._close)

    def serve(self) -> None:
        """Serve until SIGTERM."""
        while True:
            self._server = make_server(
                *(LOOPBACK, self._port, self._application),
                threaded=True,
                request_handler=MotoRequestHandler,
            )
            self._server.serve_forever()
            time.sleep(self._closed_seconds)

    def _close(self, seconds: float) -> None:
        self._closed_seconds = seconds
        if self._server is not None:
            # Waits for the loop, which must not wait for this request.
            Thread(target=self._server.shutdown).start()


if __name__ == "__main__":
    os.environ["MOTO_PORT"] = sys.argv[1]
    AwsServer(int(sys.argv[1])).serve()
