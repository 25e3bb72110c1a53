"""Every error of the product, by what has to happen next.

ReportError
├── StageError           while a report is made
│   ├── TransientError   try again: throttled, timed out, a store briefly away
│   ├── ServiceError     nobody's job is at fault: credentials, bucket, provider
│   │   └── ServicePaused   the service takes nothing from anybody for a while
│   ├── PermanentError   this job fails at once, the others go on
│   │   └── ServiceLost     a service has refused us for longer than we wait
│   └── Cancelled        this job is no longer wanted: unsubscribed, withdrawn
├── RequestError         somebody asked for something they cannot have
└── ConfigurationError   the installation is wrong; says what to change

The message of each of them goes into logs, Airflow's database and dead letters.
It holds ids, codes and counts, never a value that came from a person, a record
or a driver. Raise it ``from None``: drivers quote the values they choke on.

Only the standard library is imported here, so that a DAG file stays fast.
"""


class ReportError(Exception):
    """An error with a stable code.

    Args:
        code: Snake-case identifier, part of the product's contract.
        message: One sentence for a person, free of participant data.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class StageError(ReportError):
    """A stage could not do its work for a job."""


class TransientError(StageError):
    """The same work may succeed later."""


def unexpected(bug: Exception) -> TransientError:
    """Return what may be told of an error nobody foresaw: its type and place.

    Its message and its frames' values could quote a person's records.
    """
    place = bug.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = ""
    if place is not None:
        where = f" in {place.tb_frame.f_code.co_name}, line {place.tb_lineno}"
    return TransientError("internal_error", f"{type(bug).__name__}{where}")


class ServiceError(StageError):
    """A service refuses all of us: no job is at fault and none is marked.

    Args:
        code: As for every error of the product.
        message: The same.
        retry_after: Seconds until asking again may help, where that is known.
    """

    def __init__(
        self, code: str, message: str, retry_after: float | None = None
    ) -> None:
        super().__init__(code, message)
        self.retry_after = retry_after


class ServicePaused(ServiceError):  # noqa: N818 - a state, not a failure
    """Nobody is served for a while, and that is known: asking again is no use.

    The rest of a batch is not even tried, and waits for as long as it takes.
    """


class PermanentError(StageError):
    """The work for this job will never succeed as it stands."""


class ServiceLost(PermanentError):  # noqa: N818 - says what happened
    """A service has refused all of us for longer than anybody waits for it."""


class Cancelled(StageError):  # noqa: N818 - the field's word, and not a failure
    """The report is no longer wanted or allowed."""


class RequestError(ReportError):
    """A request that cannot be granted, with the reason for the person asking."""


class ConfigurationError(ReportError):
    """The installation is wrong; the message says what to change."""
