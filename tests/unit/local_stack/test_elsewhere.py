import pytest

from local_stack.elsewhere import Service, or_elsewhere


def _must_not_start() -> Service:
    raise AssertionError("A service was started although another is named.")


def test_a_service_named_in_the_environment_is_used_and_none_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOCAL_STACK_REDIS_URI", "redis://elsewhere:6379/0")
    service = or_elsewhere("REDIS_URI", _must_not_start)
    service.wait_until_ready()
    assert service.uri == "redis://elsewhere:6379/0"
