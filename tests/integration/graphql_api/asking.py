"""Operations of GraphQL, as tests ask them."""

from typing import Any

from tests.integration.graphql_api.client import ApiClient
from trial_reports.users.models import User

REFUSAL = """
  __typename
  ... on Error { message code }
  ... on ValidationError { fields { path message } }
  ... on RateLimitedError { retryAt }
  ... on ConflictError { currentSubscription { id revision status } }
"""


def mutate(
    api: ApiClient, user: User, name: str, type_: str, selected: str, **input_: Any
) -> dict[str, Any]:
    """Return what a mutation answers.

    Args:
        api: The API.
        user: Who asks.
        name: The mutation.
        type_: Of its input.
        selected: What is wanted of its success.
        **input_: Its input.
    """
    query = f"""
      mutation ($input: {type_}!) {{
        {name}(input: $input) {{ {REFUSAL} {selected} }}
      }}
    """
    answer = api.graphql(user, query, input=input_)
    assert "errors" not in answer, answer
    result: dict[str, Any] = answer["data"][name]
    return result


def ask(api: ApiClient, user: User, query: str, **variables: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return what the one field of a query answers."""
    answer = api.graphql(user, query, **variables)
    assert "errors" not in answer, answer
    (told,) = answer["data"].values()
    return told


def ids_of(connection: dict[str, Any]) -> list[str]:
    """Return the ids of a page's nodes."""
    return [edge["node"]["id"] for edge in connection["edges"]]
