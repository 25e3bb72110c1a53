import socket
from pathlib import Path

import pytest

from local_stack.ports import LOOPBACK, choose_ports


def test_every_name_gets_a_port_of_its_own(tmp_path: Path) -> None:
    ports = choose_ports(tmp_path, ("one", "two", "three"))
    assert len(set(ports.values())) == 3


def test_a_restart_keeps_the_ports_so_that_mailed_links_work(tmp_path: Path) -> None:
    first = choose_ports(tmp_path, ("one", "two"))
    assert choose_ports(tmp_path, ("one", "two")) == first


def test_a_port_that_somebody_took_is_replaced_and_that_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = choose_ports(tmp_path, ("one", "two"))
    assert caplog.messages == []
    with socket.create_server((LOOPBACK, first["one"])):
        second = choose_ports(tmp_path, ("one", "two"))
    assert second["one"] != first["one"]
    assert second["two"] == first["two"]
    (said,) = caplog.messages
    assert f"Port {first['one']} of one is taken" in said
    assert str(second["one"]) in said


def test_a_later_service_does_not_move_the_others(tmp_path: Path) -> None:
    first = choose_ports(tmp_path, ("one",))
    assert choose_ports(tmp_path, ("two", "one"))["one"] == first["one"]
