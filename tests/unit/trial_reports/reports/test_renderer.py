"""Reports made in a child process: one that takes too much fails, and it alone."""

import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_stack.environment import PROJECT
from tests.unit.trial_reports.reports.builders import (
    MAX_PIXELS,
    a_fetched_report,
    a_file,
    a_huge_photo,
    a_photo,
    a_reading,
    a_record,
)
from trial_reports.errors import (
    PermanentError,
    ServiceError,
    StageError,
    TransientError,
)
from trial_reports.reports.aggregate import build_content
from trial_reports.reports.content import ReportContent
from trial_reports.reports.pdf import PdfRenderer
from trial_reports.reports.photos import normalise_photo
from trial_reports.reports.renderer import Renderer
from trial_reports.settings import Rendering

TEMPLATES = PROJECT / "templates"
LEAST_MEMORY = 384 * 1024 * 1024
ROOM_TO_WORK = 48 * 1024 * 1024
HARM = {
    "hunger": "{{ 'x' * 10 ** 9 }}",
    "loop": "{% for i in range(10 ** 12) %}{% endfor %}",
    "bug": "{{ 1 // 0 }}",
    "theft": "<img alt='' src='file:///etc/passwd'>",
    "loss": "<svg viewBox='0 0 9 9'><g transform='rotate()'><rect/></g></svg>",
    # Jinja quotes the name in its error, and WeasyPrint warns of the style.
    "CANARY": "<p style='{{ content.name }}: 1'></p>{{ {}[content.name] }}",
}
"""What the template does in the reports of people called so."""


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return a_renderer()


@pytest.fixture(scope="module")
def harmful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Templates that do harm."""
    templates = tmp_path_factory.mktemp("templates")
    folder = templates / "report"
    folder.mkdir()
    (folder / "report.css").touch()
    body = "".join(
        f"{{% if content.name == {name!r} %}}{harm}{{% endif %}}"
        for name, harm in HARM.items()
    )
    html = f'<html lang="en"><title>t</title><p>{{{{ content.name }}}}</p>{body}</html>'
    (folder / "report.html.j2").write_text(html)
    return templates


@pytest.fixture(scope="module")
def poisoned(harmful: Path) -> Renderer:
    return a_renderer(harmful, cpu_seconds=1)


def a_renderer(
    templates: Path = TEMPLATES, image_pixels: int = MAX_PIXELS, **changes: float
) -> Renderer:
    return Renderer(templates, Rendering.model_validate(changes), image_pixels)


def a_report(name: str = "Ada", photos: int = 0) -> ReportContent:
    files = tuple(a_file(id=f"fil_{i}") for i in range(photos))
    return build_content(a_fetched_report(name=name, files=files))


def address_space(pid: int) -> int:
    """Return how many bytes of address space a process has."""
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def refusal(renderer: Renderer, name: str = "Ada") -> StageError:
    with pytest.raises(StageError) as refused:
        renderer.render(a_report(name), ())
    assert renderer.pid is None
    return refused.value


def test_a_report_is_the_same_whichever_process_makes_it(renderer: Renderer) -> None:
    content = build_content(
        a_fetched_report(
            *(a_reading(day, 70 + day) for day in range(7)),
            a_record("diary", mood=4, text="שלום 石田 A walk in the park."),
            files=(a_file(id="fil_one"), a_file(id="fil_two"), a_file(id="fil_three")),
        )
    )
    photo, damaged = a_photo((640, 480)), a_photo()[:200]
    here = PdfRenderer(TEMPLATES).render(
        content,
        {
            "fil_one": normalise_photo(photo, MAX_PIXELS),
            "fil_two": "Gone.",
            "fil_three": "This photo is damaged or incomplete.",
        },
    )
    assert renderer.render(content, [photo, "Gone.", damaged]) == here


def test_a_batch_shares_one_child(renderer: Renderer) -> None:
    renderer.render(a_report(), ())
    first = renderer.pid
    renderer.render(a_report(), ())
    assert first is not None
    assert renderer.pid == first


def test_a_child_that_keeps_much_memory_is_replaced() -> None:
    ample = a_renderer()
    ample.render(a_report(), ())
    assert ample.pid is not None
    # Fonts and the C library's arenas differ from machine to machine, and the
    # arenas (64 MiB each) from child to child: hence not a number of megabytes.
    least = address_space(ample.pid) + ROOM_TO_WORK
    rendering = Rendering().model_copy(update={"memory_bytes": least})
    cramped = Renderer(TEMPLATES, rendering, MAX_PIXELS)
    assert cramped.render(a_report(), ()).pages == 1
    assert cramped.pid is None


def test_a_photo_that_fills_the_memory_fails_its_report_alone() -> None:
    renderer = a_renderer(memory_bytes=LEAST_MEMORY, image_pixels=10**9)
    with pytest.raises(PermanentError) as refused:
        renderer.render(a_report(photos=1), [a_huge_photo()])
    assert refused.value.code == "render_out_of_memory"
    assert renderer.render(a_report(photos=1), [a_photo()]).pages == 1


@pytest.mark.parametrize(
    ("name", "error", "code"),
    [
        ("hunger", PermanentError, "render_out_of_memory"),
        ("loop", PermanentError, "render_out_of_time"),
        ("bug", TransientError, "internal_error"),
        ("theft", PermanentError, "report_asset"),
        ("loss", TransientError, "report_incomplete"),
    ],
)
def test_a_poisonous_report_fails_alone_with_a_clear_code(
    poisoned: Renderer, name: str, error: type[StageError], code: str
) -> None:
    refused = refusal(poisoned, name)
    assert (type(refused), refused.code) == (error, code)
    assert poisoned.render(a_report(), ()).pages == 1


def test_a_report_that_hangs_is_tried_again(harmful: Path) -> None:
    refused = refusal(a_renderer(harmful, seconds=0.5), "loop")
    assert (type(refused), refused.code) == (TransientError, "render_timed_out")


def test_a_child_that_was_killed_is_replaced(renderer: Renderer) -> None:
    renderer.render(a_report(), ())
    assert renderer.pid is not None
    os.kill(renderer.pid, signal.SIGKILL)
    refused = refusal(renderer)
    assert (type(refused), refused.code) == (TransientError, "renderer_died")
    assert renderer.render(a_report(), ()).pages == 1


def test_a_photo_that_cannot_be_read_now_spoils_no_other_report(
    renderer: Renderer,
) -> None:
    def away() -> Iterator[bytes]:
        yield a_photo()
        raise TransientError("storage_away", "Come back later.")

    with pytest.raises(TransientError, match="storage_away"):
        renderer.render(a_report(photos=2), away())
    assert renderer.render(a_report(), ()).pages == 1


def test_no_report_is_blamed_where_none_can_be_made(tmp_path: Path) -> None:
    refused = refusal(a_renderer(tmp_path / "missing"))
    assert (type(refused), refused.code) == (ServiceError, "renderer_unavailable")
    assert "missing" not in str(refused)


def test_what_a_record_says_stays_in_the_child(
    poisoned: Renderer,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    refused = refusal(poisoned, "CANARY")
    assert refused.code == "internal_error"
    told = "".join(traceback.format_exception(refused))
    output = capfd.readouterr()
    assert "CANARY" not in told + caplog.text + output.out + output.err


def test_the_child_gets_neither_secrets_nor_open_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "AIRFLOW_CONN_X", "TRIAL_REPORTS_X"):
        monkeypatch.setenv(name, "CANARY")
    monkeypatch.setenv("HTTPS_PROXY", "http://CANARY@proxy")
    renderer = a_renderer()
    with (tmp_path / "open").open("w") as file:
        os.set_inheritable(file.fileno(), True)  # noqa: FBT003 - its only parameter
        renderer.render(a_report(), ())
        process = Path(f"/proc/{renderer.pid}")
        assert {path.name for path in (process / "fd").iterdir()} == {"0", "1", "2"}
    assert b"CANARY" not in (process / "environ").read_bytes()
    limits = (process / "limits").read_text()
    assert "Max core file size        0 " in limits
    assert f"Max address space         {Rendering().memory_bytes} " in limits


def test_the_child_ends_when_its_parent_is_killed() -> None:
    parent = """
import os, signal
from tests.unit.trial_reports.reports.test_renderer import a_renderer, a_report
renderer = a_renderer()
renderer.render(a_report(), ())
print(renderer.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    died = subprocess.run(
        [sys.executable, "-c", parent],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": f"{PROJECT / 'plugins'}:{PROJECT}"},
        stdout=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    child = Path(f"/proc/{int(died.stdout)}/fd")
    deadline = time.monotonic() + 10
    while list_of(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list_of(child) == []


def list_of(folder: Path) -> list[Path]:
    """Return what a process has open; nothing if it has ended."""
    try:
        return list(folder.iterdir())
    except OSError:
        return []
