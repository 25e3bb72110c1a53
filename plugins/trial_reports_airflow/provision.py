"""``python -m trial_reports_airflow.provision``: prepare an installation.

Creates or updates the collections, the dead-letter queues, the buckets'
settings and Airflow's pools. Run it after ``airflow db migrate``, at every
deployment: repeating it changes nothing.
"""

import sys

from airflow.models.pool import Pool
from botocore.exceptions import BotoCoreError, ClientError
from pymongo.errors import PyMongoError

from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.errors import ConfigurationError
from trial_reports.jobs.models import STAGES
from trial_reports.provisioning import provision
from trial_reports.settings import load_settings
from trial_reports_airflow import connections
from trial_reports_airflow.names import queue_of
from trial_reports_airflow.sign_in import require_sign_in


def main() -> None:
    """Prepare the installation that this process's settings describe."""
    try:
        settings = load_settings()
        require_sign_in(settings)
        s3, sqs = connections.aws(settings)
        queues = DeadLetterQueues(sqs, settings.dead_letters.queue_prefix)
        provision(connections.database(settings), queues, s3, settings.storage)
    except ConfigurationError as error:
        sys.exit(error.message)
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"S3 or SQS could not be prepared: {error}")
    except PyMongoError as error:
        sys.exit(f"MongoDB could not be prepared: {error}")
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
