"""Carrying an operator's decision out once, however often it is sent."""

from collections.abc import Callable

from graphql_api.context import Info
from graphql_api.inputs import Decided
from trial_reports.audit.idempotency import Answer, Asked
from trial_reports.audit.trail import Decision


async def decide(
    info: Info, operation: str, input_: Decided, act: Callable[[Decision], Answer]
) -> Answer:
    """Return what a decision came to, now or the first time it was sent.

    Args:
        info: Of the request.
        operation: The mutation's name.
        input_: All of what was asked for.
        act: Carries it out; the person was found to be allowed to.

    Raises:
        RequestError: ``idempotency_key_reused``, or what ``act`` raises.
    """
    context = info.context
    asked = Asked(
        by=context.user.id,
        operation=operation,
        key=input_.idempotency_key,
        reason=input_.reason,
        what=input_.model_dump_json(exclude={"idempotency_key", "reason"}),
    )
    keys = context.services.idempotency_keys
    return await context.ask(keys.once, asked, act, context.now)
