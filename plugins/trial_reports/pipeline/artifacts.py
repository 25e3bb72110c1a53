"""What stages write, at job/run/round/name, and how it is read back."""

import hashlib
import re

from trial_reports.errors import PermanentError
from trial_reports.jobs.models import Artifact, Attempt, Job
from trial_reports.storage.storage import Storage

_MAX_BYTES = 256 * 1024 * 1024


class Artifacts:
    """Reads and writes artifacts below one URI.

    Args:
        storage: The object store.
        base_uri: Where the artifacts lie, without a slash at the end.
    """

    def __init__(self, storage: Storage, base_uri: str) -> None:
        self._storage = storage
        self._base_uri = base_uri

    def write(
        self, job: Job, attempt: Attempt, name: str, data: bytes, media_type: str
    ) -> Artifact:
        """Store an artifact once.

        If it is there already, an earlier answer was lost or a twin was faster:
        what is stored counts, not what was made now.
        """
        run = re.sub(r"[^A-Za-z0-9._-]", "-", attempt.run)
        uri = f"{self._base_uri}/{job.id}/{run}/{attempt.round}/{name}"
        stored = self._storage.create(uri, data, media_type, job.correlation_id)
        return Artifact(uri=stored.uri, sha256=stored.sha256, size=stored.size)

    def read(self, artifact: Artifact) -> bytes:
        """Return an artifact's bytes.

        Raises:
            PermanentError: They are not the bytes that were recorded.
        """
        data = self._storage.read(artifact.uri, limit=_MAX_BYTES)
        if hashlib.sha256(data).hexdigest() != artifact.sha256:
            raise PermanentError(
                "artifact_changed", "A stored artifact differs from its checksum."
            )
        return data
