"""``python -m graphql_api`` serves the API until SIGTERM or Ctrl-C."""

import argparse
import sys
from contextlib import suppress

from graphql_api.app import create_app
from graphql_api.serving import serve
from graphql_api.web.logs import configure_logs
from trial_reports.errors import ConfigurationError
from trial_reports.settings import load_settings


def main(arguments: list[str] | None = None) -> int:
    """Serve the API with the settings of the environment.

    Args:
        arguments: The command line, that of the process if ``None``.

    Returns:
        The exit status: 1 where a setting is missing or wrong.
    """
    parser = argparse.ArgumentParser(prog="python -m graphql_api")
    parser.add_argument(
        "--host", default="127.0.0.1", help="an address of this machine"
    )
    parser.add_argument("--port", type=int, default=8000)
    asked = parser.parse_args(arguments)
    configure_logs()
    try:
        settings = load_settings()
        app = create_app(settings)
    except ConfigurationError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    with suppress(KeyboardInterrupt):
        serve(app, settings.api, asked.host, asked.port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
