"""The GraphQL API as a child process."""

import sys
from importlib.util import find_spec
from urllib.parse import urlsplit

from local_stack.http_service import HttpService
from local_stack.process_group import ProcessGroup
from local_stack.services import Services

_APPLICATION = "graphql_api.app"
_HEALTH = "/healthz"
MAIL_EVENTS = "/webhooks/sendgrid"
"""Where the mail provider tells what becomes of mails."""


def has_api() -> bool:
    """Tell whether there is an API to start."""
    return find_spec(_APPLICATION) is not None


def start_api(group: ProcessGroup, services: Services) -> HttpService:
    """Start the API, without waiting for it.

    Args:
        group: Starts and stops it.
        services: What it uses, and the address at which it shall answer.
    """
    address = urlsplit(services.api_url)
    process = group.start(
        "api",
        [
            *(
                sys.executable,
                "-m",
                "uvicorn",
                "--factory",
                f"{_APPLICATION}:create_app",
            ),
            *("--host", str(address.hostname), "--port", str(address.port)),
            # Paths hold tokens; the application writes its own access log.
            "--no-access-log",
        ],
        environment=services.environment(),
    )
    return HttpService(process, services.api_url, _HEALTH)
