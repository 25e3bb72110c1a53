"""What people decide about jobs that have ended, or will not by themselves.

The other writer of job state, by the same rule as
`trial_reports.jobs.transitions`: one compare-and-set for each verb, which
answers whether it was the one to make the change.
"""

from collections.abc import Sequence
from datetime import datetime

from pymongo.database import Database

from trial_reports.database.model import Row
from trial_reports.jobs.changes import ownerless, unowned
from trial_reports.jobs.models import DELIVERY_UNKNOWN, Job, JobError

_UNFINISHED = ["pending", "processing"]


class Decisions:
    """The collection ``report_jobs``, for decisions."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["report_jobs"]

    def redrive(self, job: Job, letter_id: str, now: datetime) -> bool:
        """Take a failed job up again where it failed, closing its dead letter."""
        return self._update(
            {"_id": job.id, "status": "failed", "deadLetter.id": letter_id},
            unowned(job, now, releases=0),
        )

    def reopen(self, run: str, job_ids: Sequence[str], now: datetime) -> int:
        """Have ended reports made anew by a run from the beginning; return how many.

        A run reopens a job once, whoever owns it by now: a repeated or late plan
        does not throw away what came of it.
        """
        fresh = {"stages": {}, "releases": 0, "completedAt": None}
        changed = self._rows.update_many(
            {
                "_id": {"$in": list(job_ids)},
                "reopenedBy": {"$ne": run},
                "status": {"$in": ["completed", "failed", "cancelled"]},
            },
            {
                "$set": {**fresh, **ownerless(now)},
                "$addToSet": {"reopenedBy": run},
            },
        )
        return changed.modified_count

    def resend(self, job: Job, decision: str, now: datetime) -> bool:
        """Have a completed job's report mailed once more, under the next number.

        Args:
            job: The job.
            decision: Its id: a decision that is repeated mails nothing more.
            now: The time of the call, UTC.
        """
        where: Row = {"_id": job.id, "status": "completed", "sendNo": job.send_no}
        return self._update(
            {**where, "decidedBy": {"$ne": decision}}, _mailed_again(job, decision, now)
        )

    def send_again(
        self, job: Job, letter_id: str, decision: str, now: datetime
    ) -> bool:
        """Mail a report whose mail is known not to have arrived, closing its letter.

        The unknown send stays in the ledger as it is; this one has its own number.

        Args:
            job: The job.
            letter_id: Its dead letter.
            decision: As for ``resend``.
            now: The time of the call, UTC.
        """
        where: Row = {"_id": job.id, "status": "failed"}
        where |= {"error.code": DELIVERY_UNKNOWN}
        where |= {"deadLetter.id": letter_id, "sendNo": job.send_no}
        return self._update(
            {**where, "decidedBy": {"$ne": decision}}, _mailed_again(job, decision, now)
        )

    def confirm_mail(
        self, job: Job, now: datetime, decision: str | None = None
    ) -> bool:
        """Complete a job whose mail is known to have been accepted after all.

        It closes the dead letter, if its run was closed in the meantime.

        Args:
            job: The job.
            now: The time of the call, UTC.
            decision: The id of the decision by which it is known, if it is one.
        """
        known = {"stages.email.outcome": "done", "status": "completed", "error": None}
        known |= {"deadLetter": None, "work": None}
        return self._update(
            {
                "_id": job.id,
                "sendNo": job.send_no,
                "$or": [
                    {"stages.email.outcome": "unknown", "status": {"$in": _UNFINISHED}},
                    {"error.code": DELIVERY_UNKNOWN, "status": "failed"},
                ],
            },
            {
                "$set": {**known, "completedAt": now, "updatedAt": now},
                **({"$addToSet": {"decidedBy": decision}} if decision else {}),
            },
        )

    def cancel_period(
        self, study_id: str, period: str, error: JobError, now: datetime
    ) -> int:
        """Cancel a study's jobs of a period that are not completed; return how many.

        Dead letters among them are closed: nobody is to take them up again.
        """
        return self._cancel({"studyId": study_id, "period.key": period}, error, now)

    def cancel_of_subscription(
        self, subscription_id: str, error: JobError, now: datetime
    ) -> int:
        """Cancel a subscription's jobs that have not been sent; return how many.

        Dead letters among them are closed. A mail that may be on its way is left
        alone: its stage asks again right before it sends, and the truth about
        one that went is still to be told.
        """
        not_sent = {
            "work.stage": {"$ne": "email"},
            "stages.email.outcome": {"$ne": "unknown"},
            "error.code": {"$ne": DELIVERY_UNKNOWN},
        }
        return self._cancel({"subscriptionId": subscription_id, **not_sent}, error, now)

    def _cancel(self, where: Row, error: JobError, now: datetime) -> int:
        ended = {"status": "cancelled", "error": error.to_row(), "completedAt": now}
        ended |= {"deadLetter": None, "work": None, "updatedAt": now}
        changed = self._rows.update_many(
            {**where, "status": {"$in": [*_UNFINISHED, "failed"]}}, {"$set": ended}
        )
        return changed.modified_count

    def _update(self, where: Row, change: Row) -> bool:
        return self._rows.update_one(where, change).modified_count == 1


def _mailed_again(job: Job, decision: str, now: datetime) -> Row:
    change = unowned(job, now, releases=0, sendNo=job.send_no + 1)
    anew = {**change.get("$unset", {}), "stages.email": ""}
    return {**change, "$unset": anew, "$addToSet": {"decidedBy": decision}}
