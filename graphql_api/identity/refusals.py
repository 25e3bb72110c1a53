"""Why a token is not believed: for our log, never for the caller."""

import logging
import threading
from collections.abc import Callable
from time import monotonic

import jwt

_SECONDS = 1.0
_logger = logging.getLogger(__name__)

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (jwt.ExpiredSignatureError, "expired"),
    (jwt.ImmatureSignatureError, "not_yet_valid"),
    (jwt.InvalidAudienceError, "wrong_audience"),
    (jwt.InvalidIssuerError, "wrong_issuer"),
    (jwt.MissingRequiredClaimError, "claim_missing"),
    (jwt.InvalidAlgorithmError, "wrong_algorithm"),
    (jwt.InvalidSignatureError, "wrong_signature"),
    (jwt.DecodeError, "malformed"),
)
"""A subclass stands before its base."""


class TokenRefused(Exception):  # noqa: N818 - says what happened
    """A token is not to be believed.

    Args:
        reason: A code of ours, free of anything the token says.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refused(error: Exception) -> TokenRefused:
    """Return what may be told of PyJWT's error: its messages quote the token."""
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return TokenRefused(reason)
    return TokenRefused("invalid")


class RefusalLog:
    """Writes a line a second at most, so that a flood of tokens fills no disk.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._quiet_until = float("-inf")
        self._unwritten = 0

    def note(self, reason: str) -> None:
        """Log a refusal, with the number of those that were not logged before it.

        Args:
            reason: Its code.
        """
        with self._lock:
            now = self._clock()
            if now < self._quiet_until:
                self._unwritten += 1
                return
            self._quiet_until = now + _SECONDS
            others, self._unwritten = self._unwritten, 0
        _logger.warning("not signed in: %s; %d others before", reason, others)
