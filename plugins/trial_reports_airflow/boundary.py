"""What may leave a task: codes and ids, never a driver's words."""

from collections.abc import Iterator
from contextlib import contextmanager

from airflow.sdk.exceptions import AirflowException

from trial_reports.errors import ReportError, unexpected


@contextmanager
def private_errors() -> Iterator[None]:
    """Let our own and Airflow's errors pass, and only name the type of others.

    Airflow logs an exception with its message and keeps it: a driver's message
    quotes the values it choked on.

    Raises:
        TransientError: ``internal_error``, for an error nobody foresaw.
    """
    try:
        yield
    except (ReportError, AirflowException):
        raise
    except Exception as bug:  # noqa: BLE001 - whatever it is, its words stay here
        raise unexpected(bug) from None
