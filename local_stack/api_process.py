"""The GraphQL API as a child process."""

import sys
from importlib.util import find_spec
from urllib.parse import urlsplit

from local_stack.http_service import HttpService
from local_stack.process_group import ProcessGroup
from local_stack.services import Services

_APPLICATION = "graphql_api"
_READY = "/readyz"
MAIL_EVENTS = "/webhooks/sendgrid"
"""Where the mail provider tells what becomes of mails."""


def has_api() -> bool:
    """Tell whether there is an API to start."""
    return find_spec(_APPLICATION) is not None


def start_api(group: ProcessGroup, services: Services, **settings: str) -> HttpService:
    """Start the API, without waiting for it.

    Args:
        group: Starts and stops it.
        services: What it uses, and the address at which it shall answer.
        **settings: Further variables of its environment.
    """
    address = urlsplit(services.api_url)
    process = group.start(
        "api",
        [
            *(sys.executable, "-m", _APPLICATION),
            *("--host", str(address.hostname), "--port", str(address.port)),
        ],
        environment=services.environment() | settings,
    )
    return HttpService(process, services.api_url, _READY)
