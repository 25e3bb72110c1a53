"""Starts the services, or the services with the API and Airflow, and stops them.

Tests of the library need the services alone, which takes a second:

    with running_services(folder) as services:
        services.mongo_uri, services.aws_endpoint_url, services.mailbox

The demo and the end-to-end test need everything. Indexes, queues, buckets and
pools are then made by the caller; DAGs are paused until somebody unpauses them:

    with running_stack(folder) as stack:
        stack.airflow.import_pools({"fetch": 4})
        stack.airflow.unpause("weekly_reports")
        stack.watch()

A service is replaced by naming another in the environment:
``LOCAL_STACK_MONGO_URI``, ``LOCAL_STACK_AWS_ENDPOINT_URL``,
``LOCAL_STACK_POSTGRES_URI`` and ``LOCAL_STACK_REDIS_URI``.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from local_stack.airflow_client import AirflowClient
from local_stack.airflow_processes import AirflowProcesses
from local_stack.airflow_settings import (
    OPERATOR,
    airflow_environment,
    write_passwords,
)
from local_stack.api_process import MAIL_EVENTS, has_api, start_api
from local_stack.aws import start_aws
from local_stack.data_folder import empty, locked
from local_stack.elsewhere import or_elsewhere
from local_stack.environment import PROJECT
from local_stack.mailbox.client import Mailbox
from local_stack.mailbox.courier import Webhook
from local_stack.mailbox.process import start_mailbox
from local_stack.mongo import MongoServer
from local_stack.ports import LOOPBACK, choose_ports
from local_stack.postgres import PostgresServer
from local_stack.preconditions import (
    require_room_for_services,
    require_room_for_stack,
)
from local_stack.process_group import ProcessGroup
from local_stack.redis_server import RedisServer
from local_stack.secrets_file import Secrets
from local_stack.services import Services

__all__ = ["Services", "Stack", "running_services", "running_stack"]

_SERVICE_PORTS = ("mongo", "aws", "mailbox", "api")
_WATCH_SECONDS = 0.5
_STACK_PORTS = (*_SERVICE_PORTS, "postgres", "redis", "airflow")


@dataclass(frozen=True)
class Stack:
    """Everything, running; ``airflow_user`` has Airflow's role of an operator."""

    services: Services
    airflow: AirflowClient
    airflow_url: str
    airflow_user: str
    airflow_password: str = field(repr=False)
    postgres_uri: str = field(repr=False)
    redis_uri: str
    processes: ProcessGroup = field(repr=False)

    def require_all_running(self) -> None:
        """Raise if any process has ended.

        Raises:
            StackError: The first that ended, with the end of its log.
        """
        self.services.processes.require_all_running()
        self.processes.require_all_running()

    def watch(self) -> None:
        """Wait for ever: until a process dies or somebody presses Ctrl-C.

        Raises:
            StackError: The process that ended, with the end of its log.
        """
        while True:
            self.require_all_running()
            time.sleep(_WATCH_SECONDS)

    def processor_seconds(self) -> dict[str, float]:
        """Return the processor time that each process has used, by its name."""
        services = self.services.processes.processor_seconds()
        return services | self.processes.processor_seconds()


@contextmanager
def running_services(data: Path) -> Iterator[Services]:
    """Run MongoDB, S3, SQS and the mailbox.

    Args:
        data: The folder for everything they write; made if it is missing.

    Yields:
        Their addresses, once all of them answer.

    Raises:
        StackError: One did not come up; shows the end of its log.
        ConfigurationError: It cannot start there; says what to change.
    """
    with locked(data) as folder, ProcessGroup(folder) as group:
        require_room_for_services(folder)
        ports = choose_ports(folder, _SERVICE_PORTS)
        yield _start_services(group, ports, tell_api=False)


@contextmanager
def running_stack(
    data: Path,
    dags: Path = PROJECT / "dags",
    *,
    fresh: bool = False,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Stack]:
    """Run the services, the API and Airflow with a worker on all queues.

    Args:
        data: The folder for everything they write; made if it is missing.
        dags: The folder of DAG files.
        fresh: Throw away what an earlier stack left in the folder.
        environment: Variables of Airflow's processes that differ from the usual.

    Yields:
        The running stack, once a worker takes tasks.

    Raises:
        StackError: A process did not come up, or died while the caller worked
            with it; shows the end of its log.
        ConfigurationError: It cannot start there; says what to change.
    """
    with (
        locked(data) as folder,
        ProcessGroup(folder) as group,
        # Ends first, so that nothing loses its database while it stops.
        ProcessGroup(folder) as users,
    ):
        if fresh:
            empty(folder)
        require_room_for_stack(folder)
        ports = choose_ports(folder, _STACK_PORTS)
        postgres = or_elsewhere(
            "POSTGRES_URI", lambda: PostgresServer(group, ports["postgres"])
        )
        redis = or_elsewhere("REDIS_URI", lambda: RedisServer(group, ports["redis"]))
        services = _start_services(group, ports, tell_api=has_api())
        api = start_api(users, services) if has_api() else None
        postgres.wait_until_ready()
        redis.wait_until_ready()
        address = f"http://{LOOPBACK}:{ports['airflow']}"
        write_passwords(folder / "airflow", services.secrets)
        airflow = AirflowProcesses(
            users,
            airflow_environment(services, postgres.uri, redis.uri, address, dags)
            | dict(environment),
            address,
        )
        airflow.migrate(postgres.uri)
        airflow.start(redis.uri)
        if api is not None:
            api.wait_until_ready()
        password = services.secrets.airflow_password
        with AirflowClient.sign_in(address, OPERATOR, password) as client:
            stack = Stack(
                services=services,
                airflow=client,
                airflow_url=address,
                airflow_user=OPERATOR,
                airflow_password=password,
                postgres_uri=postgres.uri,
                redis_uri=redis.uri,
                processes=users,
            )
            try:
                yield stack
            except Exception:
                # A dead process explains more than whoever could not reach it.
                stack.require_all_running()
                raise


def _start_services(
    group: ProcessGroup, ports: dict[str, int], *, tell_api: bool
) -> Services:
    secrets = Secrets.of(group.data)
    api_url = f"http://{LOOPBACK}:{ports['api']}"
    webhook = Webhook(api_url + MAIL_EVENTS, secrets.webhook_key) if tell_api else None
    # The slowest first; all of them come up at the same time.
    aws = or_elsewhere("AWS_ENDPOINT_URL", lambda: start_aws(group, ports["aws"]))
    mailbox = start_mailbox(group, ports["mailbox"], secrets.mail_key, webhook)
    mongo = or_elsewhere("MONGO_URI", lambda: MongoServer(group, ports["mongo"]))
    for service in (mongo, mailbox, aws):
        service.wait_until_ready()
    return Services(
        data=group.data,
        mongo_uri=mongo.uri,
        aws_endpoint_url=aws.uri,
        mailbox=Mailbox(mailbox.uri, secrets.mail_key),
        api_url=api_url,
        secrets=secrets,
        processes=group,
    )
