"""Where the background stack keeps its things."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """The files of a background stack; ``root`` is usually ``.local``."""

    root: Path

    @property
    def data(self) -> Path:
        """The stack's data folder."""
        return self.root / "up"

    @property
    def logs(self) -> Path:
        """The logs of the stack's processes."""
        return self.data / "logs"

    @property
    def log(self) -> Path:
        """What the supervisor says."""
        return self.logs / "background.log"

    @property
    def failed(self) -> Path:
        """Why the last stack ended by itself, if it did."""
        return self.data / "failed.txt"

    @property
    def stack_file(self) -> Path:
        """Where everything answers; there only while it does."""
        return self.root / "stack.json"
