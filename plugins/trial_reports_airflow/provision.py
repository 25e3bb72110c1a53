"""``python -m trial_reports_airflow.provision``: prepare an installation.

Creates or updates the collections, the dead-letter queues, the buckets'
settings and Airflow's pools. Run it after ``airflow db migrate``, at every
deployment: repeating it changes nothing.
"""

import sys

from airflow.models.pool import Pool

from trial_reports import clients
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.errors import ConfigurationError
from trial_reports.jobs.models import STAGES
from trial_reports.provisioning import provision
from trial_reports.settings import load_settings
from trial_reports_airflow.names import queue_of


def main() -> None:
    """Prepare the installation that this process's settings describe."""
    try:
        settings = load_settings()
        queues = DeadLetterQueues(
            clients.sqs_client(settings), settings.dead_letters.queue_prefix
        )
        provision(
            clients.mongo_database(settings),
            queues,
            clients.s3_client(settings),
            settings.storage,
        )
    except ConfigurationError as error:
        sys.exit(str(error))
    for stage in STAGES:
        # As many slots as workers: what waits stays scheduled, and is not
        # failed for having been queued too long.
        Pool.create_or_update_pool(
            queue_of(stage),
            slots=settings.pipeline.stage_slots,
            description=f"Worker slots of the queue {queue_of(stage)}",
            include_deferred=False,
        )


if __name__ == "__main__":
    main()
