"""What an answer comes to, in the words of the grids."""

import json
from typing import Any

from tests.integration.graphql_api.rights.world import Place

_REFUSALS = ("NotFoundError", "NotPermittedError")


def outcome_of(content: bytes, place: Place) -> str:
    """Return the outcome that a body of GraphQL's tells.

    Args:
        content: The body, without errors at its top.
        place: What was asked for.
    """
    answer = json.loads(content)
    assert "errors" not in answer, answer
    (told,) = answer["data"].values()
    if told is None:
        return "null"
    if "edges" in told:
        return _of_list([edge["node"] for edge in told["edges"]], place)
    type_ = told.get("__typename", "Success")
    if type_ in _REFUSALS:
        return str(type_)
    assert not type_.endswith("Error"), answer
    return "allowed"


def _of_list(nodes: list[dict[str, Any]], place: Place) -> str:
    if not nodes:
        return "empty"
    ids = {node["job"]["id"] if "job" in node else node["id"] for node in nodes}
    theirs = {place.subscription_id, place.job_id, place.failed_job_id}
    return "allowed" if ids & theirs else "others"
