"""Studies, and what a participant may see of them."""

from pydantic import Field

from trial_reports.database.model import Value


class KindRule(Value):
    """What may leave of one kind of record.

    ``fields`` names the keys of ``document.data`` a participant may see; a name
    with a dot or a leading dollar matches none. With ``needs_release`` only
    records whose ``releasedAt`` has come are shown.
    """

    fields: tuple[str, ...] = ()
    needs_release: bool = False


class ParticipantReport(Value):
    """The allow-list of a study: the blinding guard.

    What is not listed never leaves the fetch stage. Files are the kind
    ``file``, whose ``fields`` can hold ``caption``.
    """

    kinds: dict[str, KindRule] = Field(default_factory=dict)


class Study(Value):
    """A clinical trial."""

    id: str = Field(alias="_id")
    title: str
    contact: str = ""
    """How to reach the study team, printed on the report."""
    emergency: str = ""
    """Whom to call in an emergency: a report is not monitored."""
    participant_report: ParticipantReport = ParticipantReport()
    coordinators_open_reports: bool = False
    """Whether coordinators may open their participants' reports, for a purpose."""
