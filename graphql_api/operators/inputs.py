"""What operators send."""

from typing import Annotated

import strawberry
from pydantic import Field

from graphql_api.inputs import Decided, Id, Period
from graphql_api.jobs.enums import Cause, Stage
from trial_reports.deadletters.open_letters import Selection


@strawberry.pydantic.input(description="A decision about one job.")
class JobDecisionInput(Decided):
    """The job that is meant."""

    job_id: Id


@strawberry.pydantic.input
class RedriveDeadLettersInput(Decided):
    """The letters for which everything that is given is true."""

    study_id: Id | None = Field(
        None, description="Without it all studies, for who operates all of them."
    )
    stage: Stage | None = None
    cause: Cause | None = None
    code: Annotated[str, Field(max_length=100)] | None = None
    job_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)] | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = Field(
        100, description="At most so many, the oldest first."
    )
    dry_run: Annotated[bool, Field(description="Only count what is meant.")] = False

    def to_selection(self) -> Selection:
        """Return them as the library knows them."""
        return Selection(
            study_id=self.study_id,
            stage=self.stage.value if self.stage else None,
            cause=self.cause.value if self.cause else None,
            code=self.code,
            jobs=None if self.job_ids is None else tuple(map(str, self.job_ids)),
            limit=self.limit,
        )


@strawberry.pydantic.input
class RecallReportsInput(Decided):
    """The study's week that is meant."""

    study_id: Id
    period: Period = Field(description="An ISO week such as `2026-W47`.")


@strawberry.pydantic.input
class DeliveryInput(Decided):
    """Whose mails are meant."""

    study_id: Id | None = Field(
        None, description="Without it everybody's, for who operates all studies."
    )
