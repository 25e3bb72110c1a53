"""Correlation ids: what one request or one run has caused, found by one id.

A request's id goes on with the job that it creates, and from there into artifacts,
mails and logs. It has the form of a trace id (W3C Trace Context, 3.2.2.3), so that
a caller's own trace and ours are one.
"""

import re
import secrets

from trial_reports.identifiers import fingerprint

_BYTES = 16
_TRACEPARENT = re.compile(
    r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)


def new_correlation_id() -> str:
    """Return a random correlation id: 32 digits in lower-case hex."""
    return secrets.token_hex(_BYTES)


def traced(traceparent: str) -> str | None:
    """Return the trace id that a caller names in the header ``traceparent``.

    Args:
        traceparent: The header's value, of any kind.

    Returns:
        The trace id, ``None`` unless the value has the form of version 00 and
        neither its trace id nor its parent id is all zeros (3.2.2).
    """
    match = _TRACEPARENT.fullmatch(traceparent)
    return match[1] if match else None


def correlation_id_of_run(run: str) -> str:
    """Return the correlation id of the jobs that a run creates.

    It is always the same for a run, however often its plan is repeated.

    Args:
        run: The run's id.
    """
    return fingerprint(run)[: 2 * _BYTES]
