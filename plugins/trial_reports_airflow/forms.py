"""The fields that the forms of operators' decisions have in common."""

from datetime import timedelta

from airflow.sdk import Param

TIME_OUT = timedelta(hours=1)
"""A decision that takes longer has gone wrong; repeating it does no harm."""

REASON = Param(type="string", minLength=3, description="Why, for the audit. No names.")

JOBS = Param(
    type="array",
    items={"type": "string"},
    minItems=1,
    maxItems=1000,
    description="Ids of jobs, one in each line.",
)
