"""How days and moments are told, and what each code means in plain words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from trial_reports.jobs.models import Cause, Stage
from trial_reports.subscriptions.models import ReportSubscription

BUSY_WITH: dict[Stage, str] = {
    "fetch": "Your records of the week are being gathered.",
    "aggregate": "Your week is being summed up.",
    "render": "Your report is being written.",
    "email": "The mail with your report is being prepared.",
}
DUE_NEXT: dict[Stage, str] = {
    "fetch": "Your records of the week will be gathered next.",
    "aggregate": "Your week will be summed up next.",
    "render": "Your report will be written next.",
    "email": "Your report will be mailed next.",
}
WHO_CAN_HELP: dict[Cause, str] = {
    "permanent": "Something in it cannot be used as it is: correct it, then redrive.",
    "transient": "It was tried until no try was left: redrive once things are calm.",
    "bug": "An error nobody foresaw: it is for a developer, with the log.",
    "service": "A service refused us for too long: see that it works, then redrive.",
    "crash": "Its process died: look at memory and the log, then redrive.",
    "orphaned": "Its runs ended without finishing it: see that Airflow is well, "
    "then redrive.",
    "delivery": "Nobody knows whether the mail was accepted: ask the provider, "
    "then settle the delivery.",
}
_CANCELLED_SINCE = {
    "unsubscribed": "your subscription had ended",
    "paused": "your reports were paused",
    "disabled": "your reports had been stopped",
    "withdrawn": "you no longer took part in the study",
    "email_not_allowed": "we were not allowed to send you e-mail",
    "recalled": "the study had called back its reports of this week",
}
_UNWANTED = {
    "unsubscribed": "Your subscription has ended, so no report is sent.",
    "paused": "Your reports are paused, so none is sent.",
    "withdrawn": "You do not take part in the study at present, so no report is sent.",
    "email_not_allowed": "We may not send you e-mail: please confirm your address, "
    "and agree to receive e-mail.",
}
_STOPPED_SINCE = {
    "mail_bounced": ", since your address did not take our mail",
    "mail_complained": ", since a mail of ours was reported as spam",
}


def day(at: date) -> str:
    """Return a day: ``Sunday 22 November 2026``."""
    return f"{at:%A} {at.day} {at:%B} {at.year}"


def moment(at: datetime, zone: str) -> str:
    """Return a moment on the clocks of a time zone: ``Monday 23 ... at 13:05``."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local)} at {local:%H:%M}"


def on(sentence: str, at: datetime, zone: str) -> str:
    """Return a sentence with the moment at its end."""
    return f"{sentence.removesuffix('.')} on {moment(at, zone)}."


def cancelled(code: str) -> str:
    """Return why a report was cancelled.

    Args:
        code: The job's error code.
    """
    since = _CANCELLED_SINCE.get(code)
    return f"The report was cancelled{f', since {since}' if since else ''}."


def stopped(reason: str | None) -> str:
    """Return that a subscription was disabled, and why.

    Args:
        reason: The code it was disabled with.
    """
    return f"Your reports were stopped{_STOPPED_SINCE.get(reason or '', '')}."


def unwanted(code: str, subscription: ReportSubscription) -> str:
    """Return why a subscription gets no report now, and what helps.

    Args:
        code: The code with which the pipeline would cancel the report.
        subscription: The subscription.
    """
    if code == "disabled":
        help_ = "To have them again, please unsubscribe and subscribe again."
        return f"{stopped(subscription.disabled_reason)} {help_}"
    return _UNWANTED[code]
