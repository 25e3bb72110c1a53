"""The files a person uploads in the report week."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from local_stack.sample_study.letters import letter
from local_stack.sample_study.notes import NOTES
from local_stack.sample_study.photos import Album, Shot
from local_stack.sample_study.places import Place
from local_stack.sample_study.sample import SampleFile
from local_stack.sample_study.sentences import CAPTIONS
from local_stack.sample_study.weeks import Weeks
from trial_reports.identifiers import derived_id

_USUAL = (
    "photo", "accents", "letter", "emoji", "photo", "chinese", "screenshot",
    "arabic", "photo", "webp", "japanese", "photo", "hebrew",
)  # fmt: skip
"""What people upload; one begins at a place of their own and goes on from there."""

_UPLOAD_TIME = timedelta(minutes=1)
_HELD = (("landscape", 1), ("forearm", 6), ("pill box", 8), ("landscape", 3))
"""What is photographed, and by which EXIF orientation: few, since each is encoded."""


@dataclass(frozen=True)
class Uploads:
    """Makes the files of one person in one study."""

    user_id: str
    study_id: str
    weeks: Weeks
    random: Random
    place: Place
    album: Album

    def usual(self, start: int) -> tuple[SampleFile, ...]:
        """Return one to four files; any 13 neighbouring starts show every sort."""
        count = self.random.randint(1, 4)
        return tuple(
            self._make(_USUAL[(start + n) % len(_USUAL)]) for n in range(count)
        )

    def photo(self, *, owner: str = "", name: str = "") -> SampleFile:
        """Return a 12-megapixel JPEG.

        Args:
            owner: What the telephone notes as its owner.
            name: The file's name instead of the telephone's.
        """
        return self._photo(self.album.photo, owner, name)

    def truncated_photo(self) -> SampleFile:
        """Return a JPEG whose upload broke off."""
        return self._photo(self.album.truncated_photo, "", "")

    def note(self, script: str, addition: str = "") -> SampleFile:
        """Return a UTF-8 text file in one of the scripts of ``NOTES``."""
        content = (NOTES[script] + addition).encode()
        return self._file("notes.txt", "note", "text/plain", lambda: content)

    def letter(self) -> SampleFile:
        """Return a PDF of one page."""
        day = self.weeks.moment(-1, 1, 9).strftime("%d %B %Y")
        lines = (
            "Appointment",
            "",
            f"We look forward to seeing you on {day} at half past nine.",
            "Please bring your reading glasses (and this letter).",
            "",
            "With kind regards, the café-side practice",
        )
        content = functools.partial(letter, lines)
        return self._file("Scan 12.pdf", "letter", "application/pdf", content)

    def _make(self, sort: str) -> SampleFile:
        if sort in NOTES:
            return self.note(sort)
        if sort == "letter":
            return self.letter()
        if sort == "screenshot":
            content = self.album.screenshot
            return self._file("Screenshot.png", "screenshot", "image/png", content)
        if sort == "webp":
            # What a browser claims when it does not know the extension.
            claim = "application/octet-stream"
            content = functools.partial(self.album.small_picture, "landscape")
            return self._file("download.webp", "landscape", claim, content)
        return self.photo()

    def _photo(
        self, develop: Callable[[Shot], bytes], owner: str, name: str
    ) -> SampleFile:
        picture, orientation = self.random.choice(_HELD)
        at = self._daytime()
        shot = Shot(
            picture,
            orientation,
            at.astimezone(ZoneInfo(self.weeks.time_zone)),
            self.place.latitude + self.random.uniform(-0.1, 0.1),
            self.place.longitude + self.random.uniform(-0.1, 0.1),
            owner,
        )
        name = name or f"IMG_{self.random.randint(1000, 9999)}.JPG"
        content = functools.partial(develop, shot)
        return self._file(name, picture, "image/jpeg", content, at)

    def _file(
        self,
        name: str,
        about: str,
        media_type: str,
        content: Callable[[], bytes],
        at: datetime | None = None,
    ) -> SampleFile:
        recorded_at = at or self._daytime()
        return SampleFile(
            id=derived_id("fil", self.random.randbytes(16).hex()),
            study_id=self.study_id,
            user_id=self.user_id,
            name=name,
            caption=self.random.choice(CAPTIONS[about]),
            media_type=media_type,
            recorded_at=recorded_at,
            stored_at=recorded_at + _UPLOAD_TIME,
            content=content,
        )

    def _daytime(self) -> datetime:
        return self.weeks.moment(
            0, self.random.randrange(7), self.random.uniform(8, 21)
        )
