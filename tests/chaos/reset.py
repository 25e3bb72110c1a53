"""A clean slate on a running stack, between two storms."""

from redis import Redis

from local_stack.airflow_processes import WORKER, wait_for_worker
from local_stack.demo.prepare import Installation
from tests.chaos.person import Person
from tests.chaos.settings import WIDTH
from trial_reports.provisioning import provision
from trial_reports_airflow.names import DISPATCH_REPORTS, WEEKLY_REPORTS

_REDIS_SECONDS = 5


def reset(installation: Installation, person: Person, max_mapped_tasks: int) -> None:
    """Forget what an earlier storm left: runs, tasks, rows, objects, letters, mails.

    Args:
        installation: The product on a running stack.
        person: Ends the runs.
        max_mapped_tasks: For the next weeks.
    """
    _new_worker(installation, max_mapped_tasks)
    for dag in (WEEKLY_REPORTS, DISPATCH_REPORTS):
        _forget_runs(person, dag)
    services = installation.stack.services
    services.mailbox.recover()
    services.mailbox.clear()
    services.reset_aws()
    for name in installation.database.list_collection_names():
        installation.database[name].delete_many({})
    provision(
        installation.database,
        installation.queues,
        installation.s3,
        installation.settings.storage,
    )


def _forget_runs(person: Person, dag: str) -> None:
    for run in person.dag_runs(dag):
        if not run.finished:
            person.mark_run(dag, run.dag_run_id, "failed")
        person.delete_run(dag, run.dag_run_id)


def _new_worker(installation: Installation, max_mapped_tasks: int) -> None:
    """Replace the worker, with its tasks and what is queued for it."""
    stack = installation.stack
    worker = stack.processes.find(WORKER)
    worker.kill()
    with Redis.from_url(stack.redis_uri, socket_timeout=_REDIS_SECONDS) as broker:
        broker.flushall()
    stack.processes.restart(worker, {WIDTH: str(max_mapped_tasks)})
    wait_for_worker(worker, stack.redis_uri)
