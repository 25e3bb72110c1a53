"""``python -m graphql_api.development_token USER_ID`` prints a token for a user."""

import argparse
import sys
from datetime import UTC, datetime

from graphql_api.identity import token_check
from trial_reports.errors import ConfigurationError
from trial_reports.settings import load_settings


def main(arguments: list[str] | None = None) -> int:
    """Print a token that signs the user in to a development server for 12 hours.

    Args:
        arguments: The command line, that of the process if ``None``.

    Returns:
        The exit code: 0, or 1 where there is no development key.
    """
    parser = argparse.ArgumentParser(prog="python -m graphql_api.development_token")
    parser.add_argument("user_id", help="the user's id, such as usr_4m5tqk2rwd3xevca")
    user_id = parser.parse_args(arguments).user_id
    try:
        tokens = token_check(load_settings())
    except ConfigurationError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    if tokens is None:
        sys.stderr.write(
            "Development tokens need TRIAL_REPORTS_API__DEVELOPMENT_KEY and an "
            "environment other than production.\n"
        )
        return 1
    sys.stdout.write(f"{tokens.issue(user_id, datetime.now(UTC))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
