"""``explainDelivery``: why a report did or did not come."""

from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from graphql_api.context import Info
from graphql_api.errors import NotFoundError, ValidationError
from graphql_api.jobs.enums import Cause, DeliveryStatus, Stage
from graphql_api.jobs.types import Period
from trial_reports.explaining import models


@strawberry.enum(
    description="What it comes to. `ON_ITS_WAY`: it is being made. `WAITING`: it "
    "comes by itself. `NOT_OWED`: nobody makes one unless asked to. `FAILED`: it waits "
    "for an operator. `UNKNOWN`: the mail may or may not have gone. `SENT`: the mail "
    "provider has it. `RECALLED`: the study has called it back."
)
class Verdict(Enum):
    """The library's verdicts."""

    DELIVERED = "delivered"
    SENT = "sent"
    ON_ITS_WAY = "on_its_way"
    WAITING = "waiting"
    NOT_OWED = "not_owed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNKNOWN = "unknown"
    BOUNCED = "bounced"
    DROPPED = "dropped"
    COMPLAINED = "complained"
    RECALLED = "recalled"


@strawberry.type(description="What operators are told beyond the sentence.")
class StepDetail:
    """Ids, codes, counts and times; each may be missing."""

    note: str | None
    stage: Stage | None
    dag_run_id: str | None
    map_index: int | None
    task_url: str | None = strawberry.field(description="The log of the try.")
    dead_letter_id: str | None
    cause: Cause | None
    error_code: str | None
    failures: int | None
    ledger_state: DeliveryStatus | None
    send_no: int | None
    claimed_at: datetime | None
    provider_message_id: str | None
    scope: str | None = strawberry.field(description="Of a pause: a study or `all`.")
    by: str | None
    reason: str | None

    @classmethod
    def of(cls, detail: models.OperatorDetail) -> "StepDetail":
        """Return what the API tells operators."""
        status = detail.delivery_status
        return cls(
            note=detail.note,
            stage=None if detail.stage is None else Stage(detail.stage),
            dag_run_id=detail.run_id,
            map_index=detail.batch,
            task_url=detail.log_url,
            dead_letter_id=detail.dead_letter_id,
            cause=None if detail.cause is None else Cause(detail.cause),
            error_code=detail.error_code,
            failures=detail.failures,
            ledger_state=None if status is None else DeliveryStatus(status),
            send_no=detail.send_no,
            claimed_at=detail.claimed_at,
            provider_message_id=detail.provider_message_id,
            scope=detail.scope,
            by=detail.by,
            reason=detail.reason,
        )


@strawberry.type(description="One link of the chain.")
class ExplanationStep:
    """What happened or was decided, or how things are now."""

    code: str = strawberry.field(
        description="What kind of step it is, such as `mail_accepted`; more may be "
        "added."
    )
    at: datetime | None = strawberry.field(description="`null`: now.")
    sentence: str = strawberry.field(description="In plain words, for the participant.")
    detail: StepDetail | None = strawberry.field(description="For operators.")


@strawberry.type(description="Why a week's report did or did not come.")
class DeliveryExplanation:
    """The chain of decisions."""

    subscription_id: strawberry.ID
    period: Period
    verdict: Verdict
    steps: list[ExplanationStep] = strawberry.field(
        description="What happened, the oldest first, and then how things are now."
    )

    @classmethod
    def of(cls, stored: models.DeliveryExplanation) -> "DeliveryExplanation":
        """Return what the API tells of an explanation."""
        return cls(
            subscription_id=strawberry.ID(stored.subscription_id),
            period=Period.of(stored.period),
            verdict=Verdict(stored.verdict),
            steps=[
                ExplanationStep(
                    code=step.code,
                    at=step.at,
                    sentence=step.sentence,
                    detail=None if step.detail is None else StepDetail.of(step.detail),
                )
                for step in stored.steps
            ],
        )


ExplainDeliveryResult = Annotated[
    DeliveryExplanation | NotFoundError | ValidationError,
    strawberry.union("ExplainDeliveryResult"),
]
PeriodKey = Annotated[
    str | None,
    strawberry.argument(
        description="An ISO week such as `2026-W47`; without it the last one that has "
        "ended."
    ),
]


@strawberry.type
class ExplainingQueries:
    """What can be asked about what came, or did not."""

    @strawberry.field(description="Why a report did or did not come, in plain words.")
    async def explain_delivery(
        self, info: Info, subscription_id: strawberry.ID, period: PeriodKey = None
    ) -> ExplainDeliveryResult:
        """Explain it, to operators with what they need to act."""
        context, services = info.context, info.context.services
        subscription = await context.enter(
            services.door.subscription, str(subscription_id)
        )
        told = await context.ask(
            services.explaining.explain, subscription, period, context.now
        )
        if not context.caller.operates(subscription.study_id, context.now):
            told = told.for_participants()
        return DeliveryExplanation.of(told)
