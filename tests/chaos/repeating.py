"""Doing something again and again in the background."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from threading import Event, Thread
from types import TracebackType
from typing import Self


class Repeating(AbstractContextManager["Repeating"], ABC):
    """Acts every few seconds while its ``with`` block runs.

    Args:
        name: What to call its thread.
        seconds: How long it rests before each time.
    """

    def __init__(self, name: str, seconds: float) -> None:
        self._seconds = seconds
        self._ended = Event()
        self._thread = Thread(target=self._repeat, name=name)

    @abstractmethod
    def act(self) -> None:
        """Do it once."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _repeat(self) -> None:
        while not self._ended.wait(self._seconds):
            self.act()
