"""Revisions of subscriptions as entity tags (RFC 9110, 8.8.3)."""

import re

from trial_reports.subscriptions.models import ReportSubscription

NO_REVISION = 0
"""No subscription ever has it: the first one is 1."""

_TAG = re.compile(r'"([1-9][0-9]{0,8})"')


def entity_tag(subscription: ReportSubscription) -> str:
    """Return the tag of a subscription's revision."""
    return f'"{subscription.revision}"'


def expected_revision(if_match: str | None) -> int | None:
    """Return the revision that a request is based on.

    Args:
        if_match: The header ``If-Match``.

    Returns:
        ``None`` where any will do; `NO_REVISION` for tags that we never give
        out, such as weak ones, which match nothing.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    tag = _TAG.fullmatch(if_match.strip())
    return int(tag[1]) if tag else NO_REVISION
