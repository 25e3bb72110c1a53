"""The send ledger: the one place that decides whether a mail may be sent.

A row is claimed before the provider is called and settled after it. What is
``unknown`` is never sent again blindly.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from trial_reports.database.model import Row
from trial_reports.delivery.models import (
    HANDED_OVER,
    Claim,
    Delivery,
    DeliveryStatus,
    replaced_by,
)
from trial_reports.identifiers import derived_id, new_id
from trial_reports.jobs.models import Job


class Ledger:
    """The collection ``deliveries``.

    Args:
        database: The product's database.
        send_timeout: After this long a claim's sender cannot still be sending.
    """

    def __init__(self, database: Database[Row], send_timeout: timedelta) -> None:
        self._rows = database["deliveries"]
        self._send_timeout = send_timeout

    def find(self, job_id: str, user_id: str, send_no: int = 0) -> Delivery | None:
        """Return the delivery, or ``None`` if none was ever claimed."""
        row = self._rows.find_one(
            {"jobId": job_id, "userId": user_id, "sendNo": send_no}
        )
        return Delivery.from_row(row) if row else None

    def present_of(self, jobs: Iterable[Job]) -> dict[str, Delivery]:
        """Return the delivery of each job's present mail, where there is one.

        Returns:
            Deliveries by job id.
        """
        send_no = {job.id: job.send_no for job in jobs}
        rows = self._rows.find({"jobId": {"$in": list(send_no)}})
        deliveries = (Delivery.from_row(row) for row in rows)
        return {d.job_id: d for d in deliveries if d.send_no == send_no[d.job_id]}

    def of_job(self, job_id: str, user_id: str) -> list[Delivery]:
        """Return the job's deliveries to its reader, by send number."""
        rows = self._rows.find({"jobId": job_id, "userId": user_id})
        return [Delivery.from_row(row) for row in rows.sort("sendNo", 1)]

    def claim(
        self, job_id: str, user_id: str, now: datetime, send_no: int = 0
    ) -> tuple[Delivery, bool]:
        """Claim the right to send, if nobody has it.

        A foreign claim that is older than the send time-out belongs to a sender
        that died on the way: the delivery becomes ``unknown``.

        Returns:
            The delivery, and whether the caller, and nobody else, may send it.
        """
        claim = Claim(attempt=new_id("try"), at=_to_milliseconds(now))
        delivery = Delivery(
            id=derived_id("dlv", job_id, user_id, str(send_no)),
            job_id=job_id,
            user_id=user_id,
            send_no=send_no,
            status="claimed",
            claim=claim,
        )
        try:
            self._rows.insert_one(delivery.to_row())
        except DuplicateKeyError:
            delivery = self._claim_again(delivery.id, claim)
        mine = delivery.status == "claimed" and delivery.claim == claim
        return delivery, mine

    def release(self, delivery: Delivery) -> bool:
        """Give the claim back: it is proved that nothing was sent."""
        return self._settle(delivery, {"status": "released"})

    def accept(self, delivery: Delivery, message_id: str, now: datetime) -> bool:
        """Record that the provider has the mail.

        Returns:
            Whether the claim was still the sender's. Where the provider's events
            were faster, they know more than this, and its message id is added.
        """
        id_of_it = {"providerMessageId": message_id}
        accepted = {"status": "accepted", "settledAt": now, **id_of_it}
        return self._settle(delivery, accepted) or self._update(
            delivery, HANDED_OVER, id_of_it
        )

    def refuse(self, delivery: Delivery, now: datetime) -> bool:
        """Record that the provider refused the mail for good."""
        return self._settle(delivery, {"status": "refused", "settledAt": now})

    def lose_sight(self, delivery: Delivery, now: datetime) -> bool:
        """Record that nobody knows whether the provider has the mail."""
        return self._settle(delivery, {"status": "unknown", "settledAt": now})

    def confirm(
        self, job_id: str, user_id: str, now: datetime, send_no: int = 0
    ) -> bool:
        """Record that an unknown mail is known to have been accepted."""
        where: Row = {"jobId": job_id, "userId": user_id, "sendNo": send_no}
        accepted = {"$set": {"status": "accepted", "settledAt": now}}
        where["status"] = {"$in": ["claimed", "unknown"]}
        known = self._rows.update_one(where, accepted)
        return known.modified_count == 1

    def learn(
        self,
        job_id: str,
        user_id: str,
        send_no: int,
        news: DeliveryStatus,
        now: datetime,
    ) -> bool:
        """Record what the provider tells of a mail, unless more is known already.

        It proves that the provider has the mail, so a mail that was thought not
        to have been taken is not sent again.

        Args:
            job_id: The mail's job.
            user_id: Its reader.
            send_no: Which of the job's mails.
            news: One of `HANDED_OVER`.
            now: When we were told, UTC.

        Returns:
            Whether it was news.
        """
        where: Row = {"jobId": job_id, "userId": user_id, "sendNo": send_no}
        where["status"] = {"$in": replaced_by(news)}
        learnt = {"$set": {"status": news, "settledAt": now}}
        return self._rows.update_one(where, learnt).modified_count == 1

    def _claim_again(self, delivery_id: str, claim: Claim) -> Delivery:
        again = {"$set": {"status": "claimed", "claim": claim.to_row()}}
        # A refusal is taken up again too: somebody cleared the task or redrove
        # the job after correcting what the provider had refused.
        free = {"_id": delivery_id, "status": {"$in": ["released", "refused"]}}
        self._rows.update_one(free, again)
        self._rows.update_one(
            {
                "_id": delivery_id,
                "status": "claimed",
                "claim.at": {"$lt": claim.at - self._send_timeout},
            },
            {"$set": {"status": "unknown", "settledAt": claim.at}},
        )
        return Delivery.from_row(self._rows.find_one({"_id": delivery_id}) or {})

    def _settle(self, delivery: Delivery, change: Row) -> bool:
        # A slow sender's claim may have been called unknown meanwhile: what it
        # knows is better than that.
        return self._update(delivery, ("claimed", "unknown"), change)

    def _update(
        self, delivery: Delivery, present: tuple[DeliveryStatus, ...], change: Row
    ) -> bool:
        where = {
            "_id": delivery.id,
            "status": {"$in": present},
            "claim.attempt": delivery.claim.attempt,
        }
        return self._rows.update_one(where, {"$set": change}).modified_count == 1


def _to_milliseconds(instant: datetime) -> datetime:
    # What MongoDB keeps of an instant, so that a stored claim equals its own.
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
