"""What became of each wish for a report, and whether it should have."""

from collections import Counter
from dataclasses import dataclass

from local_stack.mailbox.messages import Message
from local_stack.sample_study import Awkwardness, Wish
from trial_reports.jobs.models import Job
from trial_reports.subscriptions.repository import Subscriptions


@dataclass(frozen=True)
class Outcome:
    """A person's wish, the job it led to, and the mails about that job.

    ``problem`` is why no further mail is sent to the person: a code, or empty.
    """

    wish: Wish
    job: Job | None
    mails: int
    problem: str = ""

    @property
    def status(self) -> str:
        """The job's status, or why there is none."""
        if self.wish.refusal is not None:
            return "not subscribed"
        return self.job.status if self.job is not None else "no job"

    @property
    def reason(self) -> str:
        """Why the report did not come or is the last one, as a code, or empty."""
        if self.wish.refusal is not None:
            return self.wish.refusal
        if self.job is None:
            return "unsubscribed"
        return self.job.error.code if self.job.error else self.problem

    @property
    def expected(self) -> str:
        """The status this person should end with."""
        odd = self.wish.person.awkwardness
        return _EXPECTED.get(odd, "completed") if odd else "completed"

    @property
    def is_right(self) -> bool:
        """Whether it ended as it should: status, PDF, mail, dead letter, problem."""
        bounces = self.wish.person.awkwardness is Awkwardness.BOUNCING_ADDRESS
        if self.status != self.expected:
            return False
        if self.problem != ("mail_bounced" if bounces else ""):
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
    wishes: list[Wish],
    jobs: list[Job],
    mails: list[Message],
    subscriptions: Subscriptions,
) -> list[Outcome]:
    """Return what became of each wish.

    Args:
        wishes: What people asked for.
        jobs: The jobs of the reported week.
        mails: Everything in the mailbox, whose webhook has been told of it.
        subscriptions: As they are now.
    """
    by_subscription = {job.subscription_id: job for job in jobs}
    by_job = Counter(mail.custom_args.get("jobId", "") for mail in mails)
    found = []
    for wish in wishes:
        wished = wish.subscription
        job = by_subscription.get(wished.id) if wished else None
        present = subscriptions.find(wished.id) if wished else None
        problem = present.disabled_reason if present else None
        number = by_job[job.id] if job else 0
        found.append(Outcome(wish, job, number, problem or ""))
    return found
