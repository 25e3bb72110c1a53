"""The provider's public keys, kept so that neither floods nor outages matter.

PyJWT's own client counts only fetches that succeed, and forgets its keys when
they are old: while the key server is away, every request would wait for it.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic

from jwt import PyJWK

from graphql_api.identity.refusals import TokenRefused
from trial_reports.errors import TransientError

FETCH_SECONDS = 60.0
"""The keys are asked for once in this time at most, whatever is asked of us."""

FRESH_SECONDS = 15 * 60.0
"""After this time the keys are asked for again: one may have been withdrawn."""

KEPT_SECONDS = 24 * 3600.0
"""For this long the keys are believed while the key server is away."""

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Known:
    keys: Mapping[str, PyJWK] = field(default_factory=dict)
    since: float = float("-inf")


class PublicKeys:
    """Finds the key that a token names; safe to share between threads.

    Args:
        fetch: Returns all keys by their ids; a `TransientError` if it cannot.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        fetch: Callable[[], Mapping[str, PyJWK]],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._fetching = threading.Lock()
        self._asked = float("-inf")
        self._known = _Known()
        self._away = False

    def find(self, key_id: str) -> PyJWK:
        """Return a key.

        Raises:
            TokenRefused: ``unknown_key``, or ``no_keys`` while there are none.
        """
        key = self._known.keys.get(key_id)
        if key is None or self._age() > FRESH_SECONDS:
            self._refresh()
        if self._age() > KEPT_SECONDS:
            raise TokenRefused("no_keys")
        key = self._known.keys.get(key_id)
        if key is None:
            raise TokenRefused("unknown_key")
        return key

    def _age(self) -> float:
        return self._clock() - self._known.since

    def _refresh(self) -> None:
        # Only somebody without any key has to wait for another one's fetch.
        if not self._fetching.acquire(blocking=self._age() > KEPT_SECONDS):
            return
        try:
            if self._clock() - self._asked >= FETCH_SECONDS:
                self._asked = self._clock()
                self._ask()
        finally:
            self._fetching.release()

    def _ask(self) -> None:
        try:
            keys = self._fetch()
        except TransientError as error:
            if not self._away:
                _logger.warning("%s; known keys stay for a day", error)
            self._away = True
            return
        if self._away:
            _logger.warning("the key server is back")
        self._away = False
        self._known = _Known(keys, self._clock())
