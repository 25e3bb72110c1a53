import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_stack.stack import Stack, running_stack

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(240)]

_DAG = """
from airflow.sdk import dag, task

@dag(schedule=None)
def mapped():
    @task
    def plan():
        return [0, 1, 2]

    @task(queue="fetch", pool="fetch")
    def fetch(n):
        from airflow.providers.amazon.aws.hooks.sqs import SqsHook
        from airflow.providers.mongo.hooks.mongo import MongoHook
        from trial_reports.settings import load_settings

        SqsHook("aws_default").get_conn().list_queues()
        with MongoHook("mongo_default") as hook:
            hook.get_conn().admin.command("ping")
        assert load_settings().environment == "development"

    fetch.expand(n=plan())

mapped()
"""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    # Not pytest's own folder: PostgreSQL, which refuses root, cannot enter it.
    with tempfile.TemporaryDirectory(prefix="stack-") as folder:
        data = Path(folder)
        data.chmod(0o755)
        dags = data / "dags"
        dags.mkdir()
        (dags / "mapped.py").write_text(_DAG)
        with running_stack(data, dags) as running:
            yield running


def test_a_mapped_dag_runs_on_the_worker_and_one_index_can_be_cleared(
    stack: Stack,
) -> None:
    airflow = stack.airflow
    airflow.import_pools({"fetch": 1})
    airflow.import_pools({"fetch": 4})
    while not airflow.has_dag("mapped"):
        assert airflow.import_errors() == []
        time.sleep(0.2)
    airflow.unpause("mapped")

    run_id = airflow.trigger_dag("mapped", {"reason": "test"})
    run = airflow.wait_for_run("mapped", run_id, timeout=90)
    assert (run.state, run.conf) == ("success", {"reason": "test"})

    airflow.clear_task_instances("mapped", run_id, [("fetch", 1)])
    assert airflow.wait_for_run("mapped", run_id, timeout=90).state == "success"
    rounds = {
        task.map_index: task.max_tries
        for task in airflow.task_instances("mapped", run_id)
        if task.task_id == "fetch"
    }
    assert rounds[1] > rounds[0] == rounds[2]


def test_everything_is_still_running(stack: Stack) -> None:
    stack.services.processes.require_all_running()
    stack.processes.require_all_running()
