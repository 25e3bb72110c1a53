"""What is told of an error: a code, ids and counts, and nobody's words."""

import traceback

import pytest

from trial_reports import errors
from trial_reports.errors import ReportError, StageError, unexpected

EVERY_ERROR = [
    errors.TransientError,
    errors.ServiceError,
    errors.PermanentError,
    errors.Cancelled,
    errors.RequestError,
    errors.ConfigurationError,
]
SECRET = "Quarzfalter felt dizzy"


@pytest.mark.parametrize("kind", EVERY_ERROR)
def test_every_error_has_a_code_for_programs_and_a_sentence_for_people(
    kind: type[ReportError],
) -> None:
    error = kind("study_missing", "There is no study stu_one.")

    assert error.code == "study_missing"
    assert error.message == "There is no study stu_one."
    assert str(error) == "study_missing: There is no study stu_one."


def test_a_stage_meets_only_errors_of_a_stage() -> None:
    of_stages = {kind for kind in EVERY_ERROR if issubclass(kind, StageError)}

    assert of_stages == {
        errors.TransientError,
        errors.ServiceError,
        errors.PermanentError,
        errors.Cancelled,
    }


def test_what_has_to_happen_next_is_never_ambiguous() -> None:
    for kind in EVERY_ERROR:
        assert [other for other in EVERY_ERROR if issubclass(kind, other)] == [kind]


def read_the_diary(entry: str) -> None:
    """Fail as a driver would: quoting what it choked on."""
    int(entry)


def test_of_a_bug_its_type_and_place_are_told_and_not_its_words() -> None:
    with pytest.raises(ValueError, match=SECRET) as caught:
        read_the_diary(SECRET)

    told = unexpected(caught.value)

    assert told.code == "internal_error"
    assert "ValueError in read_the_diary, line " in told.message
    assert SECRET not in "".join(traceback.format_exception(told))


def test_a_bug_that_was_never_raised_is_told_without_a_place() -> None:
    assert unexpected(KeyError(SECRET)).message == "KeyError"
