"""How the suite runs the stack: every patience short, every retry near."""

from collections.abc import Mapping

AIRFLOW: Mapping[str, str] = {
    # A lost task is found soon, ...
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "15",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "2",
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "5",
    "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "10",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "30",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "5",
    # ... asked for again as often as it takes, ...
    "AIRFLOW__SCHEDULER__NUM_STUCK_IN_QUEUED_RETRIES": "10",
    # ... and soon again, also where a task says nothing about it.
    "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "5",
}
"""Airflow's own settings."""

PRODUCT: Mapping[str, str] = {
    "TRIAL_REPORTS_AWS__TIMEOUT_SECONDS": "5",
    "TRIAL_REPORTS_MAIL__PROBE_SECONDS": "10",
    "TRIAL_REPORTS_MAIL__TIMEOUT_SECONDS": "5",
    "TRIAL_REPORTS_MONGO__TIMEOUT_SECONDS": "5",
    "TRIAL_REPORTS_PIPELINE__MAX_RELEASES": "10",
    "TRIAL_REPORTS_PIPELINE__RETRIES": "6",
    "TRIAL_REPORTS_PIPELINE__RETRY_SECONDS": "3",
    "TRIAL_REPORTS_PIPELINE__SERVICE_RETRY_SECONDS": "10",
}
"""The product's settings."""

WIDTH = "TRIAL_REPORTS_PIPELINE__MAX_MAPPED_TASKS"
"""Read by the plan task in the worker, so that a new worker can change it."""

DISPATCH_SECONDS = 15.0
"""How often the suite starts ``dispatch_reports``: cron knows no seconds."""
