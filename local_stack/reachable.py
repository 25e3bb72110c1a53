"""Trying the services that ``LOCAL_STACK_…`` names, before anything is started.

An address may hold a password: messages name the variable, host and port only.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
from botocore.exceptions import BotoCoreError, ClientError
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.uri_parser import parse_uri
from redis import Redis
from redis.exceptions import AuthenticationError, RedisError

from local_stack.aws import s3_client, sqs_client
from local_stack.elsewhere import named_elsewhere
from local_stack.errors import ConfigurationError

_SECONDS = 3
_REFUSED = "{label} at {place} refuses the user, the password or the database"
_STRANGE = "what answers at {place} is not {label}"
_FORBIDDEN = 403


def require_reachable(*names: str) -> None:
    """Make sure that each service which is named in the environment answers.

    Args:
        names: The variables, without their prefix ``LOCAL_STACK_``.

    Raises:
        ConfigurationError: The first that does not, and what to do about it.
    """
    for name in names:
        given = named_elsewhere(name)
        if given is not None and (wrong := _what_is_wrong(_KINDS[name], given)):
            label = _KINDS[name].label
            raise ConfigurationError(
                "service_elsewhere",
                f"LOCAL_STACK_{name}: {wrong}. Please correct the variable, or unset "
                f"it to have {label} started here.",
            )


@dataclass(frozen=True)
class _Kind:
    """A kind of service; ``complaint`` returns what is wrong with an address."""

    label: str
    example: str
    port: int
    complaint: Callable[[str], str | None]

    @property
    def schemes(self) -> tuple[str, ...]:
        scheme = self.example.partition("://")[0]
        return (f"{scheme}://", f"{scheme}s://", f"{scheme}+srv://")


def _what_is_wrong(kind: _Kind, uri: str) -> str | None:
    try:
        places = _places(kind, uri)
    except (ValueError, PyMongoError):
        places = []
    if not places:
        return f"this is not an address like {kind.example}"
    place = ", ".join(f"{host}:{port}" for host, port in places)
    if not any(_listens(host, port) for host, port in places):
        return f"nothing answers at {place}"
    complaint = kind.complaint(uri)
    return complaint and complaint.format(label=kind.label, place=place)


def _places(kind: _Kind, uri: str) -> list[tuple[str, int]]:
    if not uri.startswith(kind.schemes):
        return []
    if uri.startswith("mongodb"):
        nodes = parse_uri(uri)["nodelist"]
        return [(host, port or kind.port) for host, port in nodes]
    parts = urlsplit(uri)
    return [(parts.hostname, parts.port or kind.port)] if parts.hostname else []


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=_SECONDS).close()
    except OSError:
        return False
    return True


def _mongo(uri: str) -> str | None:
    limit = 1000 * _SECONDS
    try:
        with MongoClient[dict[str, object]](
            uri, serverSelectionTimeoutMS=limit, socketTimeoutMS=limit
        ) as client:
            client.list_database_names()  # unlike a ping, it needs a user's rights
    except OperationFailure:
        return _REFUSED
    except PyMongoError:
        return f"{_STRANGE}, or not the replica set of that name"
    return None


def _postgres(uri: str) -> str | None:
    try:
        psycopg.connect(uri, connect_timeout=_SECONDS).close()
    except psycopg.Error as error:
        # libpq gives no code when it cannot connect; this is the server's word.
        return _REFUSED if "FATAL" in str(error) else _STRANGE
    return None


def _redis(uri: str) -> str | None:
    try:
        with Redis.from_url(uri, socket_timeout=_SECONDS) as client:
            client.ping()
    except AuthenticationError:
        return _REFUSED
    except RedisError:
        return _STRANGE
    return None


def _aws(uri: str) -> str | None:
    try:
        s3_client(uri).list_buckets()
        sqs_client(uri).list_queues()
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return _REFUSED if status == _FORBIDDEN else _STRANGE
    except BotoCoreError:
        return _STRANGE
    return None


_KINDS = {
    "MONGO_URI": _Kind(
        "MongoDB", "mongodb://127.0.0.1:27017/?replicaSet=rs0", 27017, _mongo
    ),
    "POSTGRES_URI": _Kind(
        "PostgreSQL", "postgresql://airflow@127.0.0.1:5432/airflow", 5432, _postgres
    ),
    "REDIS_URI": _Kind("Redis", "redis://127.0.0.1:6379/0", 6379, _redis),
    "AWS_ENDPOINT_URL": _Kind("S3 and SQS", "http://127.0.0.1:5000", 80, _aws),
}
