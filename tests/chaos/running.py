"""The stack as the suite needs it, for all storms of a sitting."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from local_stack.demo.prepare import installed
from local_stack.stack import running_stack
from tests.chaos.person import Person
from tests.chaos.settings import AIRFLOW, PRODUCT
from tests.chaos.storm import Storms
from trial_reports.settings import load_settings


@contextmanager
def running_storms(
    data: Path, version: str, patience: float, tell: Callable[[str], None]
) -> Iterator[Storms]:
    """Run the stack for storms, and describe it in this process's environment.

    Args:
        data: The folder for everything it writes; what was there is thrown away.
        version: Of the code.
        patience: How many seconds the system may take to be well again.
        tell: Is told what happens.
    """
    environment = {**AIRFLOW, **PRODUCT}
    with running_stack(data, fresh=True, environment=environment) as stack:
        known = stack.services.environment() | environment
        person = Person.sign_in(
            stack.airflow_url, stack.airflow_user, stack.airflow_password
        )
        with (
            patch.dict(os.environ, known),
            person,
            installed(stack, load_settings()) as installation,
        ):
            yield Storms(installation, person, version, patience, tell)
