"""docker-compose.yml as Compose reads it, without Docker."""

import re
import secrets
from collections.abc import Mapping
from typing import Any

import yaml
from dotenv import dotenv_values

from local_stack.environment import PROJECT

COMPOSE = PROJECT / "docker-compose.yml"
EXAMPLE = PROJECT / ".env.example"

Service = dict[str, Any]

# "$$" is a dollar sign, and not the beginning of a variable.
_VARIABLE = re.compile(
    r"\$(?:(?P<dollar>\$)|\{(?P<name>\w+)(?P<rule>:[-?])?(?P<text>[^}]*)\})"
)


def example() -> dict[str, str]:
    """Return the variables of .env.example."""
    found = dotenv_values(EXAMPLE, interpolate=False)
    return {name: value or "" for name, value in found.items()}


def filled_in(**others: str) -> dict[str, str]:
    """Return .env.example with a key wherever one has to be made."""
    keys = {name: secrets.token_hex(32) for name in keys_to_make()}
    return example() | keys | others


def keys_to_make() -> list[str]:
    """Return the empty variables whose comment says how to make one."""
    return re.findall(r"^# .*openssl rand.*\n(\w+)=", EXAMPLE.read_text(), re.MULTILINE)


def variables() -> set[str]:
    """Return the names of all variables in docker-compose.yml."""
    found = _VARIABLE.finditer(COMPOSE.read_text())
    return {match["name"] for match in found if match["name"]}


def services(env: Mapping[str, str]) -> dict[str, Service]:
    """Return each service, with the variables of an .env in their places.

    Raises:
        LookupError: A variable that has to be there is missing or empty.
    """
    file = yaml.safe_load(COMPOSE.read_text())
    placed: dict[str, Service] = _placed(file["services"], env)
    return placed


def environment(service: str, env: Mapping[str, str]) -> dict[str, str]:
    """Return what the service's processes are told."""
    told: dict[str, str] = services(env)[service]["environment"]
    return told


def _placed(node: Any, env: Mapping[str, str]) -> Any:  # noqa: ANN401 - YAML
    if isinstance(node, dict):
        return {key: _placed(value, env) for key, value in node.items()}
    if isinstance(node, list):
        return [_placed(value, env) for value in node]
    if isinstance(node, str):
        return _VARIABLE.sub(lambda match: _value(match, env), node)
    return node


def _value(match: re.Match[str], env: Mapping[str, str]) -> str:
    if match["dollar"]:
        return "$"
    value = env.get(match["name"], "")
    if not value and match["rule"] == ":?":
        raise LookupError(match["name"])
    return value or (match["text"] if match["rule"] == ":-" else "")
