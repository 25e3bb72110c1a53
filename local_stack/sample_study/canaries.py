"""Strings that look at home where they are planted, and occur nowhere else."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Canaries:
    """What a test searches for in logs, queues, labels, mails and reports.

    All but the blinded ones belong to the first person, who is in every sample.
    The blinded ones belong to the person who is ``BLINDED``.
    """

    surname: str = "Quarzfalter"
    email: str = "lindwurmgasse"
    diary: str = "mondscheinkuchen"
    laboratory: str = "7319.25"
    note: str = "apfelkuchenwetter"
    """In the text of a file."""
    file_name: str = "zahnputzlicht"
    photo_owner: str = "Kamerafalke"
    """In the EXIF block of a photo."""
    treatment_arm: str = "Verum-Zinnober"
    kit: str = "Ulmenrinde-0815"
    """In the record of the randomisation."""
    unreleased: str = "9137.48"

    @property
    def readable(self) -> tuple[str, ...]:
        """What its owner's report may show, and nobody else may ever see."""
        return self.surname, self.diary, self.laboratory, self.note

    @property
    def unprinted(self) -> tuple[str, ...]:
        """What is stored but belongs in no artifact and no report."""
        return self.email, self.file_name, self.photo_owner

    @property
    def blinded(self) -> tuple[str, ...]:
        """What never leaves the database, not even for its owner."""
        return self.treatment_arm, self.kit, self.unreleased

    @property
    def every(self) -> tuple[str, ...]:
        """All of them: none may be in a log, a queue, a label or a URL."""
        return *self.readable, *self.unprinted, *self.blinded
