"""Following one report while it is made, as its reader's app would."""

import threading
import time

from local_stack.demo.api_client import ApiClient
from local_stack.errors import StackError
from trial_reports.subscriptions.models import ReportSubscription

_POLL_SECONDS = 1.0
_LAST_SECONDS = 30.0
"""How long the news of a job's end may take."""

_JOBS = """
query ($filter: JobsFilter!) {
  jobs(filter: $filter, first: 1) { edges { node { id } } }
}
"""
_STATUS = """
subscription ($id: ID!) {
  jobStatus(jobId: $id) {
    ... on Job { status }
    ... on Error { code }
  }
}
"""


class Follower:
    """Follows the job of a subscription in a thread, once there is one.

    Args:
        api: The running API.
        subscription: Whose job.
    """

    def __init__(self, api: ApiClient, subscription: ReportSubscription) -> None:
        self._api = api
        self._subscription = subscription
        self._statuses: list[str] = []
        self._failure: StackError | None = None
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def statuses(self) -> list[str]:
        """Return what was told, once the job has ended.

        Raises:
            StackError: It was not told to the end.
        """
        self._thread.join(_LAST_SECONDS)
        if self._failure is not None:
            raise self._failure
        if self._thread.is_alive():
            raise StackError("not_told", "jobStatus has not told of the job's end.")
        return self._statuses

    def _follow(self) -> None:
        try:
            told = self._api.follow(self._subscription.user_id, _STATUS, id=self._job())
            for news in told:
                status = news["jobStatus"].get("status", news["jobStatus"].get("code"))
                if self._statuses[-1:] != [status]:
                    self._statuses.append(status)
        except StackError as failure:
            self._failure = failure
        except (OSError, TimeoutError) as error:
            self._failure = StackError("api", f"Following broke: {error}")

    def _job(self) -> str:
        wanted = {"subscriptionId": self._subscription.id}
        while True:
            reader = self._subscription.user_id
            page = self._api.ask(reader, _JOBS, filter=wanted)["jobs"]
            if page["edges"]:
                found: str = page["edges"][0]["node"]["id"]
                return found
            time.sleep(_POLL_SECONDS)
