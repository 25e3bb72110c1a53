"""Looking at a participant's files without holding them in memory."""

from dataclasses import dataclass

from trial_reports.documents.models import File
from trial_reports.documents.recognition import (
    HEAD_BYTES,
    TEXT,
    decode,
    recognise,
)
from trial_reports.errors import ConfigurationError, PermanentError
from trial_reports.reports.fetched import FetchedFile
from trial_reports.settings import Limits
from trial_reports.storage.errors import ObjectMissing
from trial_reports.storage.storage import Storage

_BYTES_PER_CHARACTER = 4
"""The most bytes that UTF-8 needs for a character."""


@dataclass(frozen=True)
class FileReader:
    """Recognises files by their content and reads the text of text files."""

    storage: Storage
    limits: Limits

    def look_at(self, file: File) -> FetchedFile:
        """Return what the report needs to know of a file.

        A file that cannot be shown comes back with its ``problem``; its claimed
        media type then stands in for the one its content would have shown.
        """
        if file.size > self.limits.file_bytes:
            megabytes = self.limits.file_bytes // 1024**2
            return _unusable(file, f"The file is larger than {megabytes} MB.")
        try:
            return self._recognised(file)
        except ObjectMissing:
            return _unusable(file, "The file could not be found.")
        except (ConfigurationError, PermanentError):
            # An address of another kind of store, or none that we ever wrote.
            return _unusable(file, "The file could not be read.")

    def _recognised(self, file: File) -> FetchedFile:
        media_type = recognise(self.storage.read_head(file.uri, HEAD_BYTES))
        text = self._read_text(file) if media_type == TEXT else None
        if media_type is None or (media_type == TEXT and text is None):
            return _unusable(file, "The report cannot show this kind of file.")
        return _usable(file, media_type, text)

    def _read_text(self, file: File) -> str | None:
        most = self.limits.text_characters
        # Room for a byte order mark, and for one character too many.
        count = (most + 2) * _BYTES_PER_CHARACTER
        text = decode(self.storage.read_head(file.uri, count))
        return text if text is None or len(text) <= most else f"{text[:most]} …"


def _usable(file: File, media_type: str, text: str | None) -> FetchedFile:
    return FetchedFile(
        id=file.id,
        uri=file.uri,
        recorded_at=file.recorded_at,
        caption=file.caption,
        media_type=media_type,
        size=file.size,
        sha256=file.sha256,
        text=text,
    )


def _unusable(file: File, problem: str) -> FetchedFile:
    claimed = _usable(file, file.media_type, None)
    return claimed.model_copy(update={"problem": problem})
