"""What clients send."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from trial_reports.subscriptions.models import DateRange, FileType, Filters

_MOST_ID = 64  # characters; an identifier of ours has 20
_MOST_TYPES = 20


class _Asked(BaseModel):
    """What a client sends; what is not known here is refused."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )


class FiltersAsked(_Asked):
    """What a subscriber wants in the report."""

    date_range: DateRange = Field(
        "last_week", description="The whole weeks a report covers, with its period."
    )
    file_types: tuple[FileType, ...] | None = Field(
        None, max_length=_MOST_TYPES, description="`null`: all files; empty: none."
    )

    def to_filters(self) -> Filters:
        """Return them as the library knows them, as far as they were given."""
        return Filters.model_validate(self.model_dump(exclude_unset=True))


class SubscriptionAsked(_Asked):
    """A wish for the weekly report."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "userId": "123456",
                    "reportType": "weekly",
                    "filters": {"dateRange": "last_week", "fileTypes": ["pdf", "jpg"]},
                }
            ]
        }
    )

    user_id: str = Field(max_length=_MOST_ID, description="The caller's own id.")
    report_type: Literal["weekly"]
    filters: FiltersAsked = Field(default_factory=FiltersAsked)
    study_id: str | None = Field(
        None,
        max_length=_MOST_ID,
        description="Not needed by somebody who takes part in one study only.",
    )


class ChangeAsked(_Asked):
    """A change; what is left out stays as it is, also within the filters."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"filters": {"fileTypes": ["pdf"]}, "status": "paused"}]
        }
    )

    filters: FiltersAsked = Field(default_factory=FiltersAsked)
    status: Literal["active", "paused"] | None = None


class PageAsked(_Asked):
    """Which part of a list is wanted."""

    limit: int = Field(20, ge=1, le=50)
    after: str | None = Field(
        None, max_length=_MOST_ID, description="`next` of the page before."
    )
