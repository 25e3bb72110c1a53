"""One running system for the whole suite; each module brings people of its own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from local_stack.demo.prepare import Installation, installed
from local_stack.stack import running_stack
from trial_reports.settings import load_settings

# Waits short enough to be watched. Nothing else differs from the defaults.
_SETTINGS = {
    "TRIAL_REPORTS_PIPELINE__RETRIES": "2",
    "TRIAL_REPORTS_PIPELINE__RETRY_SECONDS": "1",
    "TRIAL_REPORTS_PIPELINE__SERVICE_RETRY_SECONDS": "3",
    "TRIAL_REPORTS_MAIL__PROBE_SECONDS": "2",
}


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    with (
        readable_folder() as data,
        running_stack(data, environment=_SETTINGS) as stack,
        ExitStack() as until_the_end,
    ):
        # Read now, and gone again before other tests read theirs.
        with pytest.MonkeyPatch.context() as patch:
            for name, value in (stack.services.environment() | _SETTINGS).items():
                patch.setenv(name, value)
            ready = until_the_end.enter_context(installed(stack, load_settings()))
        yield ready


@contextmanager
def readable_folder() -> Iterator[Path]:
    """Make a folder that PostgreSQL can enter as another account: we may be root."""
    with TemporaryDirectory(prefix="stack-") as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path
