"""Correlation ids: a caller's trace is kept, if it is one."""

import re

import pytest

from trial_reports.correlation import (
    correlation_id_of_run,
    new_correlation_id,
    traced,
)

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


@pytest.mark.parametrize("flags", ["00", "01", "ff"])
def test_the_trace_of_a_valid_traceparent_is_kept(flags: str) -> None:
    assert traced(f"00-{TRACE}-{PARENT}-{flags}") == TRACE


@pytest.mark.parametrize(
    "header",
    [
        "",
        TRACE,
        f"00-{TRACE}-{PARENT}",
        f"00-{TRACE}-{PARENT}-01-more",
        f"00-{TRACE}-{PARENT}-1",
        f" 00-{TRACE}-{PARENT}-01",
        f"00-{TRACE}-{PARENT}-01\n",
        f"00-{TRACE.upper()}-{PARENT}-01",
        f"00-{TRACE[:-1]}-{PARENT}-01",
        f"00-{TRACE[:-1]}g-{PARENT}-01",
        f"00-{TRACE[:-1]}٣-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"01-{TRACE}-{PARENT}-01",
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{TRACE}-{PARENT}-01,00-{TRACE}-{PARENT}-01",
    ],
)
def test_anything_else_is_ignored(header: str) -> None:
    assert traced(header) is None


def test_new_ones_differ_and_could_be_traces() -> None:
    first, second = new_correlation_id(), new_correlation_id()

    assert first != second
    assert traced(f"00-{first}-{PARENT}-00") == first


def test_a_run_has_always_the_same() -> None:
    run = "scheduled__2026-11-23T12:00:00+00:00"

    assert correlation_id_of_run(run) == correlation_id_of_run(run)
    assert correlation_id_of_run(run) != correlation_id_of_run("another")
    assert re.fullmatch("[0-9a-f]{32}", correlation_id_of_run(run))
