"""The system's libraries that no Python package carries."""

import ctypes

from local_stack.elsewhere import named_elsewhere
from local_stack.errors import ConfigurationError

_OF_THE_REPORT = {
    "libgobject-2.0.so.0": "libpango-1.0-0",
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libfontconfig.so.1": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
"""What WeasyPrint loads (weasyprint/text/ffi.py), and the Debian package of it."""

_OF_MONGOD = {"libcurl.so.4": "libcurl4"}


def require_system_libraries() -> None:
    """Make sure that reports can be laid out and the database can start.

    Raises:
        ConfigurationError: A library is missing; names the packages to install.
    """
    needed = _OF_THE_REPORT | ({} if named_elsewhere("MONGO_URI") else _OF_MONGOD)
    missing = [library for library in needed if not _is_there(library)]
    if not missing:
        return
    packages = " ".join(sorted({needed[library] for library in missing}))
    raise ConfigurationError(
        "system_package_missing",
        f"These system libraries cannot be loaded: {', '.join(missing)}. On Debian "
        "and Ubuntu, please run\n"
        f"  sudo apt-get install -y --no-install-recommends {packages}\n"
        "and elsewhere install what holds them. Then try again.",
    )


def _is_there(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
