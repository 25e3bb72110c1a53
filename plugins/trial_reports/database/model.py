"""How a row of MongoDB becomes a typed, immutable value and back."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

Row = dict[str, Any]
"""A row as MongoDB gives and takes it."""


class Value(BaseModel):
    """An immutable value; snake_case in Python, camelCase when stored."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="ignore",
        frozen=True,
        # Validation messages would otherwise quote health data into logs.
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        """Return the value stored in ``row``."""
        return cls.model_validate(row)

    def to_row(self) -> dict[str, Any]:
        """Return the row to store: camelCase keys, dates as datetimes."""
        return self.model_dump(by_alias=True)
