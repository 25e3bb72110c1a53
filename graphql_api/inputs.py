"""Values that several inputs hold, with their limits."""

from typing import Annotated

import strawberry
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MOST_ID = 64  # characters; an identifier of ours has 20

Id = Annotated[strawberry.ID, Field(min_length=1, max_length=MOST_ID)]
Period = Annotated[str, Field(max_length=10)]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)
]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{8,64}$")]


class Input(BaseModel):
    """What a client sends with a mutation."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class Decided(Input):
    """A decision of somebody who answers for it."""

    reason: Reason = Field(description="Why, for the audit. Nobody's name.")
    idempotency_key: Key = Field(
        description="Your own name for this decision, such as a UUID: however often "
        "it is sent within 30 days, it is carried out once."
    )
