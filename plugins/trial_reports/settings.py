"""The product's settings: read once, at an entry point, and passed on.

Each is an environment variable with the prefix ``TRIAL_REPORTS_`` and ``__``
between a group and its member: ``TRIAL_REPORTS_MAIL__API_KEY``.
"""

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from trial_reports.errors import ConfigurationError
from trial_reports.production import unfit_environment, unfit_settings
from trial_reports.setting_values import (
    Address,
    Keys,
    Networks,
    Origins,
    TokenAlgorithms,
)

_PREFIX = "TRIAL_REPORTS_"
_PROJECT = Path(__file__).resolve().parents[2]


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Mongo(_Group):
    """The database; the pipeline prefers the connection ``mongo_default``."""

    uri: SecretStr = SecretStr("mongodb://127.0.0.1:27017/?replicaSet=rs0")
    database: str = "trial_reports"
    timeout_seconds: float = Field(10, gt=0)


class Aws(_Group):
    """S3 and SQS; the pipeline prefers the connection ``aws_default``.

    Credentials come from the usual AWS sources, never from here.
    """

    region: str = "eu-central-1"
    endpoint_url: Address | None = None
    timeout_seconds: float = Field(10, gt=0)


class Storage(_Group):
    """Where the product writes, as ``s3://``, ``gs://`` or ``file://`` URIs."""

    work_uri: str = "s3://trial-reports/work"
    reports_uri: str = "s3://trial-reports/reports"
    encryption: Literal["AES256", "aws:kms"] = "AES256"
    kms_key_id: str | None = None


class Schedule(_Group):
    """The weekly tick, in UTC, and what to do about missed weeks.

    Monday 12:00 UTC is the first hour at which Sunday is over everywhere.
    """

    weekday: int = Field(0, ge=0, le=6, description="0 is Monday")
    hour: int = Field(12, ge=0, le=23)
    minute: int = Field(0, ge=0, le=59)
    catch_up: Literal["latest", "all"] = "latest"

    @property
    def cron(self) -> str:
        """The tick as a cron expression, in which 0 is Sunday."""
        return f"{self.minute} {self.hour} * * {(self.weekday + 1) % 7}"


class Pipeline(_Group):
    """How a run is divided, and when it counts as failed."""

    max_mapped_tasks: int = Field(100, ge=1)
    max_batch_size: int = Field(100, ge=1)
    max_failed_share: float = Field(0.2, ge=0, le=1)
    max_releases: int = Field(3, ge=1)
    retries: int = Field(4, ge=0)
    retry_seconds: float = Field(30, gt=0, description="Before the first retry")
    service_retry_seconds: float = Field(
        300, gt=0, description="Before a service that refuses us is asked again"
    )
    service_patience_hours: float = Field(24, gt=0)
    late_hours: float = Field(
        24, gt=0, description="After which unfinished work and pauses raise an alarm"
    )
    stage_seconds: float = Field(3600, gt=0)
    stage_slots: int = Field(4, ge=1, description="Worker slots of each stage's queue")


class Limits(_Group):
    """What one report may hold; the rest is named in it as left out."""

    file_bytes: int = Field(64 * 1024 * 1024, ge=1)
    files: int = Field(100, ge=1)
    records: int = Field(5_000, ge=1)
    text_characters: int = Field(20_000, ge=1)
    image_pixels: int = Field(25_000_000, ge=1)


class Rendering(_Group):
    """What the process that makes a PDF may take for one report."""

    memory_bytes: int = Field(
        1024 * 1024 * 1024,
        ge=384 * 1024 * 1024,
        description="Address space, with about 250 MB of libraries and fonts",
    )
    cpu_seconds: int = Field(120, ge=1, description="Processor time")
    seconds: float = Field(
        300, gt=0, description="How long one photo, or the layout, may take"
    )


class Mail(_Group):
    """The mail provider and the sender."""

    mailer: Literal["sendgrid", "files"] = "sendgrid"
    api_key: SecretStr = SecretStr("")
    host: Address = "https://api.sendgrid.com"
    timeout_seconds: float = Field(20, gt=0)
    per_minute: int = Field(600, ge=1, description="Mails of all workers together")
    pause_after: int = Field(
        5, ge=1, description="Mails in a row not taken before delivery pauses itself"
    )
    probe_seconds: float = Field(
        300, gt=0, description="How often a mail is tried while it is paused"
    )
    sender: str = "reports@example.org"
    sender_name: str = "Study reports"
    outbox: Path = Path("outbox")
    webhook_keys: Keys = Field(
        (), max_length=2, description="Public keys of SendGrid's event webhook"
    )


class Links(_Group):
    """The link in the mail."""

    public_url: Address = "http://127.0.0.1:8000"
    opening: Literal["sign_in", "button"] = "sign_in"
    sign_in_url: Address | None = None
    valid_days: int = Field(90, ge=1)
    url_seconds: int = Field(60, ge=1, le=604_800)


class DeadLetters(_Group):
    """The SQS queues ``<prefix>-<stage>-dlq``, and ``<prefix>-alarms``."""

    queue_prefix: str = "trial-reports"
    alarm_hours: float = Field(24, gt=0, description="How long one may wait")


class Api(_Group):
    """The API, and whose tokens it believes."""

    airflow_url: Address | None = Field(
        None, description="Where operators open Airflow, for links to runs"
    )
    development_key: SecretStr | None = None
    jwks_url: Address | None = Field(
        None, description="Where the identity provider publishes its public keys"
    )
    token_issuer: str | None = Field(None, description="The provider's `iss`")
    token_audience: str = "trial-reports"  # noqa: S105 - a name
    token_algorithms: TokenAlgorithms = Field(("RS256", "ES256"), min_length=1)
    allowed_origins: Origins = Field((), description="Of web pages that may ask")
    trusted_proxies: Networks = Field(
        (), description="Whose word on where a request comes from is believed"
    )
    caller_per_minute: int = Field(300, ge=1, description="Of one signed-in person")
    address_per_minute: int = Field(
        120, ge=1, description="Of one address, by people who are not signed in"
    )
    drain_seconds: float = Field(
        5, ge=0, description="How long it says that it is not ready before it stops"
    )
    grace_seconds: int = Field(
        20, ge=1, description="Then, how long requests may take to be finished"
    )

    @model_validator(mode="after")
    def _a_provider_is_named(self) -> Self:
        if (self.jwks_url is None) != (self.token_issuer is None):
            raise ValueError("jwks_url and token_issuer belong together")
        return self


class Settings(BaseSettings):
    """All settings, frozen."""

    model_config = SettingsConfigDict(
        # `NAME=` in a file of variables means that it is not set.
        env_ignore_empty=True,
        env_nested_delimiter="__",
        env_prefix=_PREFIX,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    environment: Literal["production", "development", "test"] = "production"
    templates: Path = _PROJECT / "templates"
    mongo: Mongo = Mongo()
    aws: Aws = Aws()
    storage: Storage = Storage()
    schedule: Schedule = Schedule()
    pipeline: Pipeline = Pipeline()
    limits: Limits = Limits()
    rendering: Rendering = Rendering()
    mail: Mail = Mail()
    links: Links = Links()
    dead_letters: DeadLetters = DeadLetters()
    api: Api = Api()

    @model_validator(mode="after")
    def _production_is_safe(self) -> Self:
        if self.environment != "production":
            return self
        wrong = list(unfit_settings(self))
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


def load_settings() -> Settings:
    """Return the settings of this process's environment.

    Raises:
        ConfigurationError: Names every missing, wrong or unknown variable.
    """
    wrong = [f"{name}: there is no such setting" for name in _unknown_names()]
    try:
        settings = Settings()
    except SettingsError:
        wrong.append("A group of settings is not JSON; set its members one by one.")
    except ValidationError as error:
        wrong += [_explained(e) for e in error.errors(include_input=False)]
    if _is_production():
        wrong += unfit_environment(os.environ)
    if wrong:
        raise ConfigurationError(
            "settings", "Please correct these settings:\n  " + "\n  ".join(wrong)
        )
    return settings


def _is_production() -> bool:
    names = {name.upper(): value for name, value in os.environ.items()}
    return names.get(f"{_PREFIX}ENVIRONMENT") in (None, "", "production")


def _unknown_names() -> list[str]:
    known = {f"{_PREFIX}{field}".upper() for field in Settings.model_fields}
    names = (name for name in os.environ if name.upper().startswith(_PREFIX))
    return sorted(name for name in names if name.upper().split("__")[0] not in known)


def _explained(error: ErrorDetails) -> str:
    if not error["loc"]:
        return error["msg"]
    return f"{_PREFIX}{'__'.join(map(str, error['loc'])).upper()}: {error['msg']}"
