"""``python -m local_stack.sample_study.installing``: a study to try the product with.

Loads a sample study into the installation that this process's settings describe,
which has to be provisioned, and lets everybody in it subscribe.
"""

import argparse
import sys
from contextlib import closing
from datetime import UTC, datetime
from urllib.parse import urlsplit

from local_stack.sample_study.generator import generate
from local_stack.sample_study.loader import load
from local_stack.sample_study.sample import SampleStudy
from local_stack.sample_study.subscribing import subscribe_everybody
from trial_reports import clients
from trial_reports.errors import ConfigurationError
from trial_reports.periods.owed import last_tick
from trial_reports.settings import Settings, load_settings
from trial_reports.subscriptions.models import ReportSubscription


def main(arguments: list[str] | None = None) -> int:
    """Load the study and print who has subscribed, and when reports are due.

    Args:
        arguments: The command line, that of the process if ``None``.

    Returns:
        The exit code: 0, or 1 where nothing was loaded.
    """
    parser = argparse.ArgumentParser(
        prog="python -m local_stack.sample_study.installing", description=main.__doc__
    )
    parser.add_argument("--participants", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    try:
        settings = load_settings()
        tick = last_tick(datetime.now(UTC), settings.schedule)
        sample = generate(chosen.seed, chosen.participants, tick)
        subscriptions = install(sample, settings)
    except ConfigurationError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    for subscription in subscriptions:
        sys.stdout.write(f"{subscription.user_id} {subscription.id}\n")
    sys.stdout.write(
        "These users have these subscriptions; reports are due as of\n"
        f"{tick.isoformat()}\n"
    )
    return 0


def install(sample: SampleStudy, settings: Settings) -> list[ReportSubscription]:
    """Load a sample study; everybody subscribes.

    Args:
        sample: What to load, once: its ids are unique.
        settings: Those of a provisioned installation.

    Returns:
        What they have subscribed to.

    Raises:
        ConfigurationError: This is production, or the study is there already.
    """
    if settings.environment == "production":
        raise ConfigurationError(
            "sample_in_production",
            "The sample study is for trying things out: please set "
            "TRIAL_REPORTS_ENVIRONMENT=development where it may be loaded.",
        )
    location = urlsplit(settings.storage.reports_uri)
    with (
        closing(clients.s3_client(settings)) as s3,
        closing(clients.mongo_client(settings)) as mongo,
    ):
        database = clients.with_guarantees(mongo, settings.mongo.database)
        studies = [study.id for study in sample.studies]
        if database["studies"].find_one({"_id": {"$in": studies}}):
            raise ConfigurationError(
                "sample_loaded",
                f"The database {database.name} holds this sample study already: "
                "please choose another seed.",
            )
        storage = clients.storage(settings, s3)
        load(sample, database, storage, f"{location.scheme}://{location.netloc}/files")
        wishes = subscribe_everybody(sample, database, settings.schedule)
    return [wish.subscription for wish in wishes if wish.subscription is not None]


if __name__ == "__main__":
    sys.exit(main())
