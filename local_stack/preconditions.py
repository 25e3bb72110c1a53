"""What has to be true before the stack is started, or before a program uses it."""

import os
from pathlib import Path

from local_stack.data_folder import require_own_version, require_space
from local_stack.reachable import require_reachable
from local_stack.system_libraries import require_system_libraries
from trial_reports.settings import load_settings

_SERVICES = ("MONGO_URI", "AWS_ENDPOINT_URL")
_SERVICES_MEGABYTES = 400
"""An empty MongoDB alone takes 300."""

_STACK = (*_SERVICES, "POSTGRES_URI", "REDIS_URI")
_STACK_MEGABYTES = 800


def require_room_for_services(data: Path) -> None:
    """Make sure that MongoDB, S3, SQS and the mailbox can start.

    Raises:
        ConfigurationError: They cannot; says what to change.
    """
    require_own_version(data)
    require_space(data, _SERVICES_MEGABYTES)
    require_reachable(*_SERVICES)


def require_room_for_stack(data: Path) -> None:
    """Make sure that everything can start.

    Raises:
        ConfigurationError: It cannot; says what to change.
    """
    require_own_version(data)
    require_space(data, _STACK_MEGABYTES)
    require_reachable(*_STACK)


def require_sound_installation() -> None:
    """Make sure that reports can be made here, before anybody waits for a stack.

    Raises:
        ConfigurationError: A system library is missing, or a setting is wrong.
    """
    require_system_libraries()
    # The stack names its services later; now it is the developer's own settings.
    os.environ["TRIAL_REPORTS_ENVIRONMENT"] = "development"
    load_settings()
