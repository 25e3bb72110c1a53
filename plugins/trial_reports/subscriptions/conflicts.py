"""When two wishes about one subscription meet."""

from trial_reports.errors import RequestError
from trial_reports.subscriptions.models import ReportSubscription


class SubscriptionConflict(RequestError):  # noqa: N818 - a state, not a failure
    """Somebody wished for something else before.

    Args:
        message: One sentence for a person.
        subscription: The subscription as it is, so that one can go on from it.
    """

    def __init__(self, message: str, subscription: ReportSubscription) -> None:
        super().__init__("conflict", message)
        self.subscription = subscription
