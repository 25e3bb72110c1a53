"""One sample week on the real Airflow, Celery, MongoDB, Postgres and Redis."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from local_stack.airflow_models import DagRun
from local_stack.demo.outcome import outcomes
from local_stack.demo.prepare import Installation, LoadedStudy, load_study, start_week
from local_stack.sample_study import Awkwardness, Person
from tests.pdfs import everything_in
from trial_reports.deadletters.letter import DeadLetter
from trial_reports.delivery.ledger import Ledger
from trial_reports.jobs.models import STAGES, Job
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.users.repository import Users
from trial_reports_airflow.names import WEEKLY_REPORTS

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(600)]

PARTICIPANTS = 13
LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True)
class ReportedWeek:
    """A week that Airflow has run."""

    installation: Installation
    study: LoadedStudy
    run: str
    ended: DagRun

    @property
    def jobs(self) -> list[Job]:
        return list(self.installation.jobs.of_run(self.run))

    def job_of(self, person: Person) -> Job:
        return next(job for job in self.jobs if job.user_id == person.user.id)

    def mails(self) -> int:
        """Count the mails about this week's jobs."""
        ids = {job.id for job in self.jobs}
        messages = self.installation.stack.services.mailbox.messages()
        return sum(message.custom_args["jobId"] in ids for message in messages)

    def task_log(self, run: str, task: str) -> str:
        folder = self.installation.stack.services.data / "airflow" / "logs"
        pattern = f"dag_id=*/run_id={run}/task_id={task}/attempt=*.log"
        return "".join(path.read_text() for path in sorted(folder.glob(pattern)))


@pytest.fixture(scope="module")
def week(installation: Installation) -> ReportedWeek:
    study = load_study(installation, 3, PARTICIPANTS, datetime.now(UTC))
    run = start_week(installation, study)
    airflow = installation.stack.airflow
    ended = airflow.wait_for_run(WEEKLY_REPORTS, run, timeout=400)
    return ReportedWeek(installation, study, run, ended)


def test_everybody_ends_as_they_should(week: ReportedWeek) -> None:
    mailbox = week.installation.stack.services.mailbox
    assert mailbox.wait_until_told(60)
    subscriptions = Subscriptions(week.installation.database)
    found = outcomes(week.study.wishes, week.jobs, mailbox.messages(), subscriptions)
    wrong = [
        (outcome.wish.person.awkwardness, outcome.status, outcome.mails)
        for outcome in found
        if not outcome.is_right
    ]
    assert wrong == []
    assert len(found) == PARTICIPANTS + 1
    assert week.ended.state == "success"
    assert week.ended.note == "10 completed, 1 failed, 1 cancelled"


def test_each_subscription_has_one_mapped_task_on_each_stages_queue(
    week: ReportedWeek,
) -> None:
    with psycopg.connect(week.installation.stack.postgres_uri) as airflow:
        rows = airflow.execute(
            "SELECT task_id, queue, pool, rendered_map_index FROM task_instance"
            " WHERE run_id = %s AND map_index >= 0",
            [week.run],
        ).fetchall()
    subscriptions = sorted(job.subscription_id for job in week.jobs)
    for stage in STAGES:
        mine = [row for row in rows if row[0] == f"report.{stage}"]
        assert {(queue, pool) for _, queue, pool, _ in mine} == {(stage, stage)}
        labels = sorted(label for *_, label in mine)
        assert labels == subscriptions


def test_the_refused_mail_is_one_dead_letter_in_its_stages_queue(
    week: ReportedWeek,
) -> None:
    job = week.job_of(week.study.sample.odd(Awkwardness.REFUSED_ADDRESS))
    ids = {job.id for job in week.jobs}
    found = [letter for stage in STAGES for letter in read_letters(week, stage)]
    letters = [letter for letter in found if letter.job_id in ids]
    assert job.dead_letter is not None
    # SQS may have it twice: whoever reads it goes by its id.
    assert {(letter.id, letter.stage) for letter in letters} == {
        (job.dead_letter.id, "email")
    }
    assert job.dead_letter.sent_at is not None


def test_the_mail_that_bounces_is_the_last_one_and_the_person_is_told(
    week: ReportedWeek,
) -> None:
    person = week.study.sample.odd(Awkwardness.BOUNCING_ADDRESS)
    database = week.installation.database
    assert week.installation.stack.services.mailbox.wait_until_told(60)
    job, user = week.job_of(person), Users(database).find(person.user.id)
    mail = Ledger(database, timedelta(minutes=1)).find(job.id, job.user_id)
    subscription = Subscriptions(database).find(job.subscription_id)
    assert job.status == "completed"
    assert mail is not None
    assert mail.status == "bounced"
    assert user is not None
    assert user.mail_problem == "mail_bounced"
    assert subscription is not None
    assert (subscription.status, subscription.disabled_reason) == (
        "disabled",
        "mail_bounced",
    )


def test_what_people_confided_is_found_nowhere_but_in_their_reports(
    week: ReportedWeek,
) -> None:
    canaries = week.study.sample.canaries
    stack = week.installation.stack
    # The search finds them where they belong, so that finding none means something.
    kept = read_collections(week, "users", "documents", "files")
    hidden = {canaries.note, canaries.photo_owner}  # in the files' bytes
    assert [c for c in canaries.every if c not in hidden and c not in kept] == []
    places = {
        "Airflow's database": dump_postgres(stack.postgres_uri),
        "Redis": dump_redis(stack.redis_uri),
        "logs": read_logs(stack.services.data),
        "jobs and their ledgers": read_collections(
            week,
            *("report_jobs", "deliveries", "links", "runs", "subscriptions"),
            *("mail_events", "audit_events"),
        ).encode(),
        "dead letters": repr(list(read_letters(week, "email"))).encode(),
        "mails": b"".join(
            mail.model_dump_json(exclude={"recipient"}).encode()
            for mail in stack.services.mailbox.messages()
        ),
    }
    for place, content in places.items():
        assert content, place
        found = [canary for canary in canaries.every if canary.encode() in content]
        assert found == [], place


def test_what_blinds_the_study_is_in_no_artifact_and_no_report(
    week: ReportedWeek,
) -> None:
    canaries = week.study.sample.canaries
    for job in week.jobs:
        for stage, record in job.stages.items():
            if record.artifact is None:
                continue
            data = week.installation.storage.read(record.artifact.uri, limit=LIMIT)
            searched = everything_in(data) if stage == "render" else data
            never = canaries.blinded + canaries.unprinted
            assert [c for c in never if c.encode() in searched] == []


def test_the_same_week_again_sends_nothing_and_says_so(week: ReportedWeek) -> None:
    mails = week.mails()
    again = start_week(week.installation, week.study)
    airflow = week.installation.stack.airflow
    run = airflow.wait_for_run(WEEKLY_REPORTS, again, timeout=120)
    assert run.state == "success"
    assert week.mails() == mails
    assert "Nothing to do" in week.task_log(again, "plan")


def test_clearing_one_render_task_makes_that_report_anew_and_mails_nobody(
    week: ReportedWeek,
) -> None:
    airflow = week.installation.stack.airflow
    person = week.study.sample.people[0]
    before, mails = week.job_of(person), week.mails()
    others = {job.id: job.report for job in week.jobs if job.id != before.id}
    assert before.batch is not None
    task = ("report.render", before.batch)
    airflow.clear_task_instances(WEEKLY_REPORTS, week.run, [task])
    run = airflow.wait_for_run(WEEKLY_REPORTS, week.run, timeout=120)
    after = week.job_of(person)
    assert run.state == "success"
    assert before.report is not None
    assert after.report is not None
    assert after.report.artifact.uri != before.report.artifact.uri
    assert after.status == "completed"
    assert {job.id: job.report for job in week.jobs if job.id != after.id} == others
    assert week.mails() == mails


def read_letters(week: ReportedWeek, stage: str) -> list[DeadLetter]:
    sqs, queues = week.installation.sqs, week.installation.queues
    name = next(queues.name(known) for known in STAGES if known == stage)
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    answer = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0
    )
    bodies = [message["Body"] for message in answer.get("Messages", [])]
    return [DeadLetter.model_validate_json(body) for body in bodies]


def read_collections(week: ReportedWeek, *names: str) -> str:
    database = week.installation.database
    return "".join(repr(list(database[name].find())) for name in names)


def dump_postgres(uri: str) -> bytes:
    """Return every value of every table."""
    dump = bytearray()
    with psycopg.connect(uri) as airflow:
        tables = airflow.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public'"
        ).fetchall()
        for (table,) in tables:
            copy = psycopg.sql.SQL("COPY {} TO STDOUT").format(
                psycopg.sql.Identifier(table)
            )
            with airflow.cursor().copy(copy) as rows:
                for row in rows:
                    dump += row
    return bytes(dump)


def dump_redis(uri: str) -> bytes:
    """Return every key and value of every database."""
    with Redis.from_url(uri) as redis:
        keys = list(redis.scan_iter())
        return b"".join(key + (redis.dump(key) or b"") for key in keys)


def read_logs(data: Path) -> bytes:
    """Return all logs: of the processes, and of Airflow's tasks."""
    logs = [*data.glob("logs/*"), *data.glob("airflow/logs/**/*.log")]
    assert Counter(path.suffix for path in logs)[".log"] > len(STAGES)
    return b"".join(path.read_bytes() for path in logs if path.is_file())
