"""Relay connections (https://relay.dev/graphql/connections.htm), forward only.

A cursor is the place of a row, not a number: rows that arrive meanwhile move
nothing. The newest comes first.
"""

from collections.abc import Callable
from typing import Annotated, Generic, TypeAlias, TypeVar

import strawberry
from graphql import GraphQLError
from strawberry.relay import PageInfo

from graphql_api.context import Info
from trial_reports.access.visible import Page
from trial_reports.errors import RequestError

MOST = 50
T = TypeVar("T")
R = TypeVar("R")

First: TypeAlias = Annotated[
    int, strawberry.argument(description=f"How many, {MOST} at most.")
]
After: TypeAlias = Annotated[
    str | None, strawberry.argument(description="The cursor of the one before.")
]


@strawberry.type(description="One of a list, and its place in it.")
class Edge(Generic[T]):
    """A node with its cursor."""

    node: T
    cursor: str = strawberry.field(description="For `after`.")


@strawberry.type(description="A page of a list, the newest first.")
class Connection(Generic[T]):
    """A page."""

    edges: list[Edge[T]]
    page_info: PageInfo


async def page_of(
    info: Info,
    read: Callable[..., Page[R]],
    *asked: object,
    node: Callable[[R], T],
    cursor: Callable[[R], str],
    after: str | None,
    first: int,
) -> Connection[T]:
    """Return a page as a connection.

    Args:
        info: Of the request.
        read: Reads a page; its last two arguments are ``after`` and ``first``.
        *asked: The arguments before those.
        node: Makes a node of a row.
        cursor: Returns a row's place.
        after: The cursor of the row before the page.
        first: The most rows.

    Raises:
        GraphQLError: ``first`` is out of range, or there is no such cursor.
    """
    if not 1 <= first <= MOST:
        raise _wrong_argument(f"`first` must be between 1 and {MOST}.")
    try:
        page = await info.context.ask(read, *asked, after, first)
    except RequestError as error:
        raise _wrong_argument(error.message) from None
    edges = [Edge(node=node(row), cursor=cursor(row)) for row in page.rows]
    return Connection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=page.next is not None,
            has_previous_page=after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
    )


def _wrong_argument(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "WRONG_ARGUMENT"})
