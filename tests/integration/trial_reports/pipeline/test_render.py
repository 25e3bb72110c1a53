"""The render stage: a photo that cannot be shown is named, and the report is made."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.builders import MONDAY_NOON, WEDNESDAY
from tests.pdfs import text_of
from trial_reports.errors import PermanentError

if TYPE_CHECKING:
    from tests.integration.trial_reports.pipeline.conftest import Participant


def a_photo(edge: int = 64) -> bytes:
    data = io.BytesIO()
    Image.effect_noise((edge, edge), 90).save(data, "JPEG", quality=95)
    return data.getvalue()


def test_a_report_is_made_whatever_has_become_of_its_photos(ada: Participant) -> None:
    ada.configure(limits={"file_bytes": 20_000})
    whole = a_photo()
    hours = (WEDNESDAY + timedelta(hours=n) for n in range(5))
    ada.uploads(whole[: len(whole) // 2], recorded_at=next(hours))
    ada.uploads(a_photo(edge=300), size=1000, recorded_at=next(hours))
    gone = ada.uploads(whole, recorded_at=next(hours))
    changed = ada.uploads(whole, recorded_at=next(hours))
    ada.uploads(whole, caption="A good photo", recorded_at=next(hours))
    ada.goes_through("fetch")
    ada.goes_through("aggregate")
    ada.overwrite(gone, None)
    ada.overwrite(changed, a_photo() + b"\0")

    result = ada.goes_through("render")

    assert result.report is not None
    assert result.report.artifact == result.artifact
    assert result.report.made_at == MONDAY_NOON
    text = text_of(ada.written_by("render"))
    assert "A good photo" in text
    assert "This photo is damaged or incomplete." in text
    assert "The file is larger than it was said to be." in text
    assert "The file could not be found." in text
    assert "The file has changed since it was uploaded." in text


def test_content_that_was_tampered_with_is_not_printed(ada: Participant) -> None:
    ada.goes_through("fetch")
    ada.goes_through("aggregate")
    artifact = ada.job.artifact_of("aggregate")
    tampered = artifact.model_copy(update={"sha256": "0" * 64})
    record = ada.job.stages["aggregate"].model_copy(update={"artifact": tampered})
    stages = {**ada.job.stages, "aggregate": record}
    ada.job = ada.job.model_copy(update={"stages": stages})

    with pytest.raises(PermanentError, match="artifact_changed"):
        ada.goes_through("render")
