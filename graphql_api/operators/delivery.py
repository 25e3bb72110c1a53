"""Operators' decisions about mails: recalling, pausing, resuming."""

from typing import Annotated

import strawberry

from graphql_api.context import Info
from graphql_api.errors import Refusal
from graphql_api.operators.deciding import decide
from graphql_api.operators.inputs import DeliveryInput, RecallReportsInput
from trial_reports.access.caller import EVERY_STUDY
from trial_reports.audit.idempotency import Answer
from trial_reports.audit.trail import Decision
from trial_reports.delivery.controls import EVERYBODY
from trial_reports.periods.asked import asked_period


@strawberry.type(description="What the recall has reached.")
class RecallReportsSuccess:
    """Counts, and who had been faster."""

    mailed: int = strawberry.field(description="Jobs whose mail had been sent.")
    unsent: int = strawberry.field(description="Jobs that were cancelled.")
    links: int = strawberry.field(description="Links that were closed.")
    opened_job_ids: list[strawberry.ID] = strawberry.field(
        description="Whose report had been opened through its link before."
    )


@strawberry.type(description="Whether mails are stopped now.")
class DeliverySuccess:
    """The state that was asked for."""

    paused: bool
    study_id: strawberry.ID | None = strawberry.field(description="`null`: everybody.")


RecallReportsResult = Annotated[
    RecallReportsSuccess | Refusal, strawberry.union("RecallReportsResult")
]
DeliveryResult = Annotated[
    DeliverySuccess | Refusal, strawberry.union("DeliveryResult")
]


@strawberry.type
class DeliveryDecisions:
    """What operators decide about mails."""

    @strawberry.mutation(
        description="Call a study's reports of one week back: nothing more is sent, "
        "and no link opens."
    )
    async def recall_reports(
        self,
        info: Info,
        input: RecallReportsInput,  # noqa: A002 - GraphQL's name
    ) -> RecallReportsResult:
        """Recall them."""
        context, services = info.context, info.context.services
        now, study = context.now, str(input.study_id)
        await context.enter(services.door.require_operator, study)
        period = asked_period(input.period, "UTC", now).key

        def recall(decision: Decision) -> Answer:
            reached = services.desk.recalling.recall(study, period, decision, now)
            return {
                "mailed": len(reached.mailed),
                "unsent": reached.unsent,
                "links": reached.links,
                "opened_job_ids": sorted({link.job_id for link in reached.opened}),
            }

        answer = await decide(info, "recallReports", input, recall)
        return RecallReportsSuccess(**answer)

    @strawberry.mutation(
        description="Send no mail, for everybody or one study, until it is resumed. "
        "Jobs wait where they are."
    )
    async def pause_delivery(
        self,
        info: Info,
        input: DeliveryInput,  # noqa: A002 - the same
    ) -> DeliveryResult:
        """Stop mails."""
        return await _set_delivery(info, input, paused=True)

    @strawberry.mutation(
        description="Let mails go again, also where delivery has paused by itself."
    )
    async def resume_delivery(
        self,
        info: Info,
        input: DeliveryInput,  # noqa: A002 - the same
    ) -> DeliveryResult:
        """Let them go."""
        return await _set_delivery(info, input, paused=False)


async def _set_delivery(
    info: Info, input_: DeliveryInput, *, paused: bool
) -> DeliverySuccess:
    context, services = info.context, info.context.services
    now, study = context.now, input_.study_id
    await context.enter(services.door.require_operator, str(study or EVERY_STUDY))

    def set_it(decision: Decision) -> Answer:
        pausing = services.desk.pausing
        change = pausing.pause if paused else pausing.resume
        change(str(study or EVERYBODY), decision, now)
        return {"paused": paused}

    operation = "pauseDelivery" if paused else "resumeDelivery"
    await decide(info, operation, input_, set_it)
    return DeliverySuccess(paused=paused, study_id=study)
