"""Why a report did or did not come: the rule, over rows that were read before."""

from datetime import UTC, datetime

from trial_reports.explaining.facts import DeliveryFacts
from trial_reports.explaining.happened import failed, what_happened
from trial_reports.explaining.mailing import what_became_of_mails
from trial_reports.explaining.models import DeliveryExplanation, Step
from trial_reports.explaining.standing import how_it_stands, verdict_of
from trial_reports.explaining.unplanned import without_job

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def explain(facts: DeliveryFacts) -> DeliveryExplanation:
    """Return why a subscription's report for a week did or did not come.

    Args:
        facts: What is known about both.
    """
    past = [*what_happened(facts), *what_became_of_mails(facts)]
    job = facts.job
    if job is None:
        verdict, present = without_job(facts)
    else:
        verdict, present = verdict_of(facts, job), list(how_it_stands(facts, job))
        if job.status == "failed":
            past.append(failed(job))
    return DeliveryExplanation(
        subscription_id=facts.subscription.id,
        period=facts.period,
        verdict=verdict,
        steps=(*sorted(past, key=_time_of), *present),
    )


def _time_of(step: Step) -> datetime:
    return step.at or _LONG_AGO
