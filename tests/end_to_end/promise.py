"""What the product promises, whatever happens: nobody is lost, nobody mailed twice."""

from collections import Counter

from tests.end_to_end.light_study import LightStudy, Reader
from trial_reports.deadletters.letter import DeadLetter
from trial_reports.jobs.models import STAGES, Job, JobStatus


def assert_accounted_for(study: LightStudy) -> Counter[JobStatus]:
    """Assert that each reader's job has ended, and as it has to.

    Completed: a stored PDF and one mail. Failed: one open dead letter, which is
    in its queue. Nobody has two jobs or two mails.

    Returns:
        How many jobs ended which way.
    """
    jobs = [_only_job(study, reader) for reader in study.readers]
    letters = _letters(study)
    for job in jobs:
        mails = _mails(study, job)
        if job.status == "completed":
            assert (mails, job.dead_letter) == (1, None)
            assert job.report is not None
        elif job.status == "failed":
            assert job.error is not None
            assert job.dead_letter is not None
            # SQS may have it twice: whoever reads it goes by its id.
            assert letters[job.id, job.dead_letter.id] >= 1
            assert mails <= 1
        else:
            assert (job.status, job.dead_letter) == ("cancelled", None)
    return Counter(job.status for job in jobs)


def _only_job(study: LightStudy, reader: Reader) -> Job:
    rows = study.installation.database["report_jobs"]
    job_ids = [row["_id"] for row in rows.find({"userId": reader.user.id})]
    assert job_ids == [reader.job_id]
    return study.job(reader)


def _mails(study: LightStudy, job: Job) -> int:
    messages = study.installation.stack.services.mailbox.messages()
    return sum(message.custom_args["jobId"] == job.id for message in messages)


def _letters(study: LightStudy) -> Counter[tuple[str, str]]:
    """Count the dead letters in all queues, by job and id."""
    sqs, queues = study.installation.sqs, study.installation.queues
    found: Counter[tuple[str, str]] = Counter()
    for stage in STAGES:
        url = sqs.get_queue_url(QueueName=queues.name(stage))["QueueUrl"]
        # Hidden for long enough to be counted once, and seen again by the next.
        while messages := sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=1
        ).get("Messages"):
            letters = (DeadLetter.model_validate_json(m["Body"]) for m in messages)
            found.update((letter.job_id, letter.id) for letter in letters)
    return found
