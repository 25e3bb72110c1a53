"""Printing a token for the stack in the background."""

import sys

from local_stack.background.places import Places
from local_stack.background.stack_file import StackFile, running_stack_file
from local_stack.errors import StackError


def print_token(places: Places, role: str) -> None:
    """Print the token of somebody with a role, and nothing else.

    Args:
        places: Where the files of a background stack are.
        role: ``participant``, ``coordinator`` or ``operator``.

    Raises:
        StackError: No stack runs, or nobody has the role.
    """
    stack: StackFile = running_stack_file(places)
    if role not in stack.tokens:
        known = ", ".join(sorted(stack.tokens))
        raise StackError("role", f"Nobody is {role}; there are tokens for: {known}.")
    sys.stdout.write(f"{stack.tokens[role].token}\n")
