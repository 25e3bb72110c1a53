"""The render stage: a photo that cannot be shown is named, and the report is made."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.builders import MONDAY_NOON, WEDNESDAY, an_attempt
from tests.pdfs import text_of
from tests.unit.trial_reports.reports.builders import a_huge_photo
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


def test_a_photo_that_would_fill_the_memory_fails_only_its_own_job(
    ada: Participant,
) -> None:
    ada.configure(
        limits={"image_pixels": 10**9}, rendering={"memory_bytes": 384 * 1024 * 1024}
    )
    bomb = ada.uploads(a_huge_photo(), media_type="image/png")
    ada.goes_through("fetch")
    ada.goes_through("aggregate")
    render, attempt = ada.pipeline.work("render"), an_attempt("render")

    with pytest.raises(PermanentError, match="render_out_of_memory"):
        render(ada.job, attempt)

    ada.overwrite(bomb, None)
    assert render(ada.job, attempt).report is not None


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
