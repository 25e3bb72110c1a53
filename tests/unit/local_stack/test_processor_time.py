import sys
from pathlib import Path

import pytest

from local_stack.process_group import ProcessGroup

_BURN = "import time\nwhile time.process_time() < 0.3: pass"
# Each burns more than is asked for: the kernel counts in hundredths of a second.
_IN_CHILDREN = """
import os, subprocess, sys, time
burn = [sys.executable, "-c", "import time\\nwhile time.process_time() < 0.4: pass"]
subprocess.run(burn, check=True)
{more}
open("ready", "w").write("yes")
time.sleep(60)
"""
_OWN_SESSION = """
child = subprocess.Popen(
    [sys.executable, "-c", burn[2] + "\\nopen('burnt', 'w'); time.sleep(60)"],
    start_new_session=True,
)
while not os.path.exists("burnt"): time.sleep(0.01)
"""


@pytest.mark.parametrize(
    ("more", "least"),
    [
        pytest.param("", 0.3, id="an ended child"),
        pytest.param(_OWN_SESSION, 0.6, id="also a living one of another session"),
    ],
)
def test_what_children_used_counts_for_the_program_that_started_them(
    tmp_path: Path, more: str, least: float
) -> None:
    program = _IN_CHILDREN.format(more=more)
    with ProcessGroup(tmp_path) as group:
        process = group.start("parent", [sys.executable, "-c", program])
        process.wait_until((tmp_path / "ready").exists, timeout=30)
        used = group.processor_seconds()["parent"]
    assert least <= used < least + 2


def test_a_program_that_waits_uses_nothing(tmp_path: Path) -> None:
    with ProcessGroup(tmp_path) as group:
        group.start("busy", [sys.executable, "-c", _BURN])
        group.start("sleeper", ["sleep", "60"])
        assert group.processor_seconds()["sleeper"] < 0.1
