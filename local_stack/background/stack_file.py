"""``stack.json``: what a program has to know to use the running stack."""

import os
from datetime import UTC, datetime
from pathlib import Path

import jwt
from pydantic import BaseModel

from graphql_api.identity import token_check
from local_stack.background.places import Places
from local_stack.data_folder import holder_of
from local_stack.demo.prepare import Installation, LoadedStudy
from local_stack.errors import StackError
from local_stack.services import BUCKET
from trial_reports.jobs.models import STAGES
from trial_reports_airflow.names import WEEKLY_REPORTS


class Addresses(BaseModel):
    """Where everything answers, on the loopback interface."""

    api: str
    graphql: str
    mailbox: str
    airflow: str
    mongo: str
    postgres: str
    redis: str
    aws: str


class Login(BaseModel):
    """A user of Airflow who may run, clear and mark everything."""

    user: str
    password: str


class Token(BaseModel):
    """A bearer token of the API and whom it names."""

    user_id: str
    token: str
    valid_until: datetime


class Week(BaseModel):
    """The week that is due and has not been run: the DAG and its parameter."""

    dag: str
    as_of: datetime


class StackFile(BaseModel):
    """The running stack; ``environment`` holds the product's settings for it."""

    process: int
    started_at: datetime
    addresses: Addresses
    airflow_login: Login
    tokens: dict[str, Token]
    database: str
    bucket: str
    dead_letter_queues: dict[str, str]
    week: Week
    environment: dict[str, str]
    data: Path
    logs: Path

    def write(self, path: Path) -> None:
        """Write the file for its owner only: it appears complete or not at all."""
        unfinished = path.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)
        unfinished.write_text(self.model_dump_json(indent=2) + "\n")
        unfinished.rename(path)


def running_stack_file(places: Places) -> StackFile:
    """Return what is to be known about the stack that runs.

    Raises:
        StackError: None does.
    """
    if holder_of(places.data) is None or not places.stack_file.exists():
        raise StackError("not_up", "Nothing is up. Please start it with make up.")
    return StackFile.model_validate_json(places.stack_file.read_text())


def described(
    installation: Installation, study: LoadedStudy, now: datetime
) -> StackFile:
    """Return what is to be told about a stack with a loaded study.

    Args:
        installation: The product on the running stack.
        study: The study that is loaded.
        now: The present, UTC; tokens are valid from now on.
    """
    stack, services = installation.stack, installation.stack.services
    return StackFile(
        process=os.getpid(),
        started_at=now,
        addresses=Addresses(
            api=services.api_url,
            graphql=f"{services.api_url}/graphql",
            mailbox=services.mailbox.url,
            airflow=stack.airflow_url,
            mongo=services.mongo_uri,
            postgres=stack.postgres_uri,
            redis=stack.redis_uri,
            aws=services.aws_endpoint_url,
        ),
        airflow_login=Login(user=stack.airflow_user, password=stack.airflow_password),
        tokens=_tokens(installation, study, now),
        database=installation.database.name,
        bucket=BUCKET,
        dead_letter_queues={stage: installation.queues.name(stage) for stage in STAGES},
        week=Week(dag=WEEKLY_REPORTS, as_of=study.tick),
        environment=services.environment(),
        data=services.data,
        logs=services.data / "logs",
    )


def _tokens(
    installation: Installation, study: LoadedStudy, now: datetime
) -> dict[str, Token]:
    """Return a token for each role that somebody in the sample has."""
    issuer = token_check(installation.settings)
    found: dict[str, Token] = {}
    people = (person.user for person in study.sample.people)
    for user in (*people, *study.sample.staff):
        for role in {membership.role for membership in user.memberships}:
            if issuer is not None and role not in found:
                found[role] = _token(user.id, issuer.issue(user.id, now))
    return found


def _token(user_id: str, token: str) -> Token:
    claims = jwt.decode(token, options={"verify_signature": False})
    end = datetime.fromtimestamp(claims["exp"], UTC)
    return Token(user_id=user_id, token=token, valid_until=end)
