"""An operation as a client asks for it, by POST or by socket."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class AskedOperation(BaseModel):
    """The parameters of a request; what else it holds is ignored, as the contract says.

    https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    query: Annotated[str, Field(min_length=1)]
    operation_name: Annotated[str | None, Field(alias="operationName")] = None
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None
