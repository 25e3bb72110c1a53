"""What became of each wish for a report, and whether it should have."""

from dataclasses import dataclass

from local_stack.mailbox.messages import Message
from local_stack.sample_study import Awkwardness, Wish
from trial_reports.jobs.models import Job


@dataclass(frozen=True)
class Outcome:
    """A person's wish, the job it led to, and the mails about that job."""

    wish: Wish
    job: Job | None
    mails: int

    @property
    def status(self) -> str:
        """The job's status, or why there is none."""
        if self.wish.refusal is not None:
            return "not subscribed"
        return self.job.status if self.job is not None else "no job"

    @property
    def reason(self) -> str:
        """Why the report did not come, as a code; empty if it did."""
        if self.wish.refusal is not None:
            return self.wish.refusal
        if self.job is None:
            return "unsubscribed"
        return self.job.error.code if self.job.error else ""

    @property
    def expected(self) -> str:
        """The status this person should end with."""
        odd = self.wish.person.awkwardness
        return _EXPECTED.get(odd, "completed") if odd else "completed"

    @property
    def is_right(self) -> bool:
        """Whether it ended as it should: status, PDF, mail and dead letter."""
        if self.status != self.expected:
            return False
        if self.job is None:
            return self.mails == 0
        has_letter = self.job.dead_letter is not None
        if has_letter != (self.status == "failed"):
            return False
        if self.status == "completed":
            return self.mails == 1 and self.job.report is not None
        return self.mails == 0


_EXPECTED = {
    Awkwardness.REFUSED_ADDRESS: "failed",
    Awkwardness.UNSUBSCRIBED: "no job",
    Awkwardness.UNVERIFIED: "not subscribed",
    Awkwardness.WITHDRAWN: "cancelled",
}


def outcomes(
    wishes: list[Wish], jobs: list[Job], mails: list[Message]
) -> list[Outcome]:
    """Return what became of each wish.

    Args:
        wishes: What people asked for.
        jobs: The jobs of the reported week.
        mails: Everything in the mailbox.
    """
    by_subscription = {job.subscription_id: job for job in jobs}
    by_job: dict[str, int] = {}
    for mail in mails:
        job_id = mail.custom_args.get("jobId", "")
        by_job[job_id] = by_job.get(job_id, 0) + 1
    found = []
    for wish in wishes:
        subscription = wish.subscription
        job = by_subscription.get(subscription.id) if subscription else None
        found.append(Outcome(wish, job, by_job.get(job.id, 0) if job else 0))
    return found
