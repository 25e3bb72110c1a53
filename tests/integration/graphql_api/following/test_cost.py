"""What following costs the database."""

import time
from contextlib import ExitStack

from tests.builders import PERIOD, a_job
from tests.integration.graphql_api.commands import Commands
from tests.integration.graphql_api.live import LiveApi
from tests.integration.graphql_api.rows import Rows
from trial_reports.jobs.models import Job
from trial_reports.users.models import User

SOCKETS, EACH = 20, 10
READING = "find report_jobs"


def _wait_for_readings(commands: Commands, readings: int) -> None:
    deadline = time.monotonic() + 60
    while commands.counts.get(READING, 0) < readings:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_two_hundred_who_wait_cost_one_reading_a_second_between_them(
    live: LiveApi, database: Rows, participant: User, commands: Commands
) -> None:
    jobs = [
        a_job(user_id=participant.id, period=PERIOD.earlier(week))
        for week in range(EACH)
    ]
    database["report_jobs"].insert_many([job.to_row() for job in jobs])

    with ExitStack() as sockets:
        for _ in range(SOCKETS):
            socket = sockets.enter_context(live.signed_in(participant))
            for job in jobs:
                socket.follow(job.id, job.id)
            for _ in jobs:
                socket.told()
        assert live.watch.followers == SOCKETS * EACH
        _until_it_is_quiet(commands)

        commands.clear()
        began = time.monotonic()
        _wait_for_readings(commands, 4)
        seconds = time.monotonic() - began

    counts = commands.counts
    assert set(counts) == {READING}
    assert counts[READING] <= seconds + 1


def _until_it_is_quiet(commands: Commands) -> None:
    """Wait until nobody reads a job of theirs any more, but for the one reading."""
    while True:
        commands.clear()
        _wait_for_readings(commands, 1)
        if commands.total == 1:
            return


def test_when_the_last_one_leaves_nothing_is_read_any_more(
    live: LiveApi, participant: User, waiting: Job, commands: Commands
) -> None:
    with live.signed_in(participant) as socket:
        socket.follow(waiting.id)
        socket.told()
        _wait_for_readings(commands, 3)
        socket.leave()
        live.until_nobody_follows()
        socket.send("ping")
        socket.receive()

        commands.clear()
        time.sleep(2.5)  # two readings, if there were any

        assert commands.counts == {}
