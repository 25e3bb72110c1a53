"""Relay's global object identification: anything with an id can be asked for anew."""

import strawberry


@strawberry.interface(
    description="Something with an id that is its own everywhere "
    "(https://relay.dev/graphql/objectidentification.htm)."
)
class Node:
    """What every node has."""

    id: strawberry.ID = strawberry.field(
        description="Opaque; its prefix tells what it is: `sub_…`, `job_…`."
    )
