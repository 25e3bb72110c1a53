"""What a reader does with a mail: opens its link, or unsubscribes by one click."""

import re

import httpx

from local_stack.demo.api_client import ApiClient
from local_stack.demo.prepare import Installation
from local_stack.errors import StackError
from local_stack.mailbox.messages import Message
from local_stack.sample_study import Wish
from trial_reports.access.scope import Scope
from trial_reports.jobs.visible import JobFilter, VisibleJobs
from trial_reports.subscriptions.models import ReportSubscription

_LINK = re.compile(r"https?://\S+/r/[\w-]+")
_SECONDS = 30
_STATUS = """
query ($id: ID!) {
  subscription(id: $id) { ... on ReportSubscription { status } }
}
"""


def ordinary(wishes: list[Wish]) -> list[ReportSubscription]:
    """Return the subscriptions of the people with whom nothing is odd."""
    return [
        wish.subscription
        for wish in wishes
        if wish.person.awkwardness is None and wish.subscription is not None
    ]


def mail_about(subscription: ReportSubscription, installation: Installation) -> Message:
    """Return the mail about a subscription's one report.

    Raises:
        StackError: There is none.
    """
    filter_ = JobFilter(subscription_id=subscription.id)
    page = VisibleJobs(installation.database).page(
        Scope.own(subscription.user_id), filter_, None, 1
    )
    jobs = {job.id for job in page.rows}
    for mail in installation.stack.services.mailbox.messages():
        if mail.custom_args.get("jobId") in jobs:
            return mail
    raise StackError("no_mail", f"There is no mail about {subscription.id}.")


def open_link(mail: Message) -> bytes:
    """Follow a mail's link and press its button, as a browser would.

    Returns:
        The PDF.

    Raises:
        StackError: There is no link, or it leads to no PDF.
    """
    link = _LINK.search(mail.text)
    if link is None:
        raise StackError("no_link", f"The mail {mail.id} has no link.")
    with httpx.Client(timeout=_SECONDS, trust_env=False) as browser:
        page = browser.get(link.group())
        answer = browser.post(page.url, follow_redirects=True)
    if not answer.content.startswith(b"%PDF-"):
        raise StackError("no_pdf", f"The link of {mail.id}: {answer.status_code}.")
    return answer.content


def unsubscribe_by_one_click(
    mail: Message, subscription: ReportSubscription, api: ApiClient
) -> str:
    """Do what a mail program's own button does (RFC 8058), and look what it did.

    Args:
        mail: Somebody's mail.
        subscription: What it was sent for.
        api: The running API.

    Returns:
        The subscription's status as GraphQL tells it.

    Raises:
        StackError: It was not answered with 200 at once.
    """
    address = mail.headers["List-Unsubscribe"].strip("<>")
    form = {"List-Unsubscribe": "One-Click"}
    answer = httpx.post(address, data=form, timeout=_SECONDS, trust_env=False)
    if answer.status_code != httpx.codes.OK:
        raise StackError("one_click", f"One click: {answer.status_code}.")
    found = api.ask(subscription.user_id, _STATUS, id=subscription.id)
    status: str = found["subscription"]["status"]
    return status
