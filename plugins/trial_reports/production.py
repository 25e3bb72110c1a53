"""What must not be so in production: nothing starts with what is fit for development.

What only the API needs there (somebody who can sign in, the mail provider's key)
is asked for where the API is made.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trial_reports.settings import Settings

_ALL_ADMINS = "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS"
_YES = ("t", "true", "1")
"""What Airflow reads as yes."""

_SECRETS = re.compile(
    r"AIRFLOW_CONN_.+|AIRFLOW__.+_(KEY|SECRET)|AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)"
    r"|.*PASSWORD|TRIAL_REPORTS_(.+KEYS?|MONGO__URI)"
)
_EXAMPLE = re.compile(r"(?<![\w.-])example(?![\w.-])")
"""The word alone, as a value or quoted in one; no part of a host's name."""


def unfit_settings(settings: "Settings") -> Iterator[str]:
    """Yield what is wrong with settings in production, without any value.

    Args:
        settings: Those of a production process.
    """
    addresses = {
        "api.jwks_url": settings.api.jwks_url,
        "aws.endpoint_url": settings.aws.endpoint_url,
        "links.public_url": settings.links.public_url,
        "links.sign_in_url": settings.links.sign_in_url,
        "mail.host": settings.mail.host,
    }
    for name, address in addresses.items():
        if address and _is_plain(address):
            yield f"{name} must start with https://"
    if any(map(_is_plain, settings.api.allowed_origins)):
        yield "api.allowed_origins must start with https://"
    if settings.api.development_key is not None:
        yield "api.development_key is for development only"
    if settings.mail.mailer != "sendgrid":
        yield "mail.mailer must be sendgrid"
    elif not settings.mail.api_key.get_secret_value():
        yield "mail.api_key is missing"
    if settings.mail.sender.endswith("@example.org"):
        yield "mail.sender is still the example address"
    if settings.links.opening == "sign_in" and not settings.links.sign_in_url:
        yield "links.sign_in_url is missing while links.opening is sign_in"


def _is_plain(address: str) -> bool:
    return address.startswith("http://")


def unfit_environment(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong around the settings: in Airflow's and AWS's own variables.

    Args:
        environment: The variables of a production process.
    """
    if environment.get(_ALL_ADMINS, "").strip().lower() in _YES:
        yield f"{_ALL_ADMINS}: whoever opens Airflow's page would be its administrator"
    for name in sorted(environment):
        if _SECRETS.fullmatch(name) and _EXAMPLE.search(environment[name]):
            yield f"{name} is still the example of .env.example"
