"""Services that somebody else runs, named in the environment."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Service(Protocol):
    """Something that comes up by itself and then answers at an address."""

    @property
    def uri(self) -> str:
        """Where it answers."""

    def wait_until_ready(self) -> None:
        """Wait until it does."""


@dataclass(frozen=True)
class _Elsewhere:
    uri: str

    def wait_until_ready(self) -> None:
        """Somebody else has seen to that."""


def named_elsewhere(name: str) -> str | None:
    """Return the address in the environment, ``None`` if none is named.

    Args:
        name: The variable, without its prefix ``LOCAL_STACK_``.
    """
    return os.environ.get(f"LOCAL_STACK_{name}") or None


def or_elsewhere(name: str, start: Callable[[], Service]) -> Service:
    """Return the service named in the environment, or else start one.

    ``require_reachable`` has tried it before anything was started.

    Args:
        name: The variable, without its prefix ``LOCAL_STACK_``.
        start: Starts one, without waiting for it.
    """
    given = named_elsewhere(name)
    return _Elsewhere(given) if given else start()
