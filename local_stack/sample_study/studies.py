"""The two studies of the sample."""

from trial_reports.identifiers import derived_id
from trial_reports.studies.models import KindRule, ParticipantReport, Study

_ALLOWED = ParticipantReport(
    kinds={
        "visit": KindRule(fields=("name", "status", "location", "scheduledFor")),
        "vital_signs": KindRule(fields=("measurement", "value", "unit", "low", "high")),
        "laboratory": KindRule(
            fields=("analyte", "value", "unit", "low", "high"), needs_release=True
        ),
        "diary": KindRule(fields=("mood", "text")),
        "adverse_event": KindRule(fields=("description", "severity", "status")),
        "message": KindRule(fields=("from", "text")),
        "file": KindRule(fields=("caption",)),
    }
)


def sample_studies(seed: int) -> tuple[Study, Study]:
    """Return the studies: one about blood pressure, one about eczema."""
    return (
        Study(
            id=derived_id("std", str(seed), "heartlight"),
            title="HEARTLIGHT: a new tablet for high blood pressure",
            contact="Study team HEARTLIGHT, heartlight@example.org, +1 202 555 0143",
            emergency="In an emergency call your local emergency number. "
            "The study's doctor on call answers day and night: +1 202 555 0199.",
            participant_report=_ALLOWED,
            coordinators_open_reports=True,
        ),
        Study(
            id=derived_id("std", str(seed), "calm-skin"),
            title="CALM SKIN: a gentle cream for eczema",
            contact="Study team CALM SKIN, calm-skin@example.net, +1 202 555 0127",
            emergency="In an emergency call your local emergency number. "
            "The study's doctor on call answers day and night: +1 202 555 0188.",
            participant_report=_ALLOWED,
        ),
    )
