"""The fields that the forms of operators' decisions have in common."""

from airflow.sdk import Param

REASON = Param(type="string", minLength=3, description="Why, for the audit.")

JOBS = Param(
    type="array",
    items={"type": "string"},
    minItems=1,
    maxItems=1000,
    description="Ids of jobs, one in each line.",
)
