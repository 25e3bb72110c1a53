"""MongoDB as somebody sees it whose network fails now and then."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class MongoProxy:
    """Passes bytes on to MongoDB, unless it is away.

    Args:
        host: Where MongoDB is.
        port: Its port.
    """

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._is_away = False
        self.refused = 0
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def go_away(self) -> None:
        """Cut every connection and take no new one."""
        with self._lock:
            self._is_away = True
            cut, self._open = self._open, set()
        for end in cut:
            _close(end)

    def come_back(self) -> None:
        with self._lock:
            self._is_away = False

    def close(self) -> None:
        self.go_away()
        _close(self._listening)
        self._thread.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            if self._is_away:
                self.refused += 1
                _close(client)
                continue
            server = socket.create_connection(self._target)
            with self._lock:
                self._open |= {client, server}
            for pair in ((client, server), (server, client)):
                threading.Thread(target=_pass_on, args=pair, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    _close(source)
    _close(target)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def mongo_proxy(host: str, port: int) -> Iterator[MongoProxy]:
    """Stand between somebody and MongoDB until the end of the block."""
    proxy = MongoProxy(host, port)
    try:
        yield proxy
    finally:
        proxy.close()
