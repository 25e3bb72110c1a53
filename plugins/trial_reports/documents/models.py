"""Records and files of a participant."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from trial_reports.database.model import Value

Kind = Literal[
    "visit", "vital_signs", "laboratory", "diary", "adverse_event", "message"
]
"""The kinds of record the report knows how to lay out. Others are tables."""


class Document(Value):
    """One record about a participant.

    ``recorded_at`` is when it happened, ``stored_at`` when it reached the
    database; both UTC. ``data`` holds the kind's own fields.
    """

    id: str = Field(alias="_id")
    study_id: str
    user_id: str
    kind: str
    recorded_at: datetime
    stored_at: datetime
    released_at: datetime | None = None
    data: dict[str, Any] = Field(default_factory=dict)


class File(Value):
    """The metadata of one stored object; written only after the upload.

    ``media_type`` is what the uploader claimed and is never believed: content
    is sniffed. ``name`` is the person's own file name and never leaves here.
    """

    id: str = Field(alias="_id")
    study_id: str
    user_id: str
    uri: str
    name: str = ""
    caption: str = ""
    media_type: str
    size: int
    sha256: str
    recorded_at: datetime
    stored_at: datetime
    released_at: datetime | None = None
