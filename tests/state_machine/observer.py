"""What must be true of every job after every single write."""

from collections import Counter
from typing import Any

from pymongo.database import Database

from tests.state_machine.outside import WatchedQueues
from tests.state_machine.stages import MailProvider

Row = dict[str, Any]


class Observer:
    """Looks at all jobs after each write, and remembers what it saw.

    Attributes:
        violations: What was wrong, in the order in which it was seen.
        anew: How often a person asked for a report to be made or mailed anew.
        resent: How often a person was told that a report is mailed anew.
        unwanted: Jobs that may end cancelled.
    """

    def __init__(self, database: Database[Row]) -> None:
        self.violations: list[str] = []
        self.anew: Counter[str] = Counter()
        self.resent: Counter[str] = Counter()
        self.unwanted: set[str] = set()
        self.letters: dict[str, str] = {}
        self._rows = database["report_jobs"]
        self._seen: dict[str, Row] = {}
        self._reopened: Counter[str] = Counter()

    def look(self, provider: MailProvider, queues: WatchedQueues) -> None:
        """Compare every job with what may be, and with what it was before."""
        for letter in queues.letters:
            self._expect(
                self.letters.get(letter.id) == letter.job_id,
                f"letter {letter.id} is not of {letter.job_id}",
            )
        for why in provider.unasked:
            self._expect(False, f"mailed {why}")  # noqa: FBT003 - there is no more to it
        for (job, number), mails in provider.accepted.items():
            self._expect(mails == 1, f"{job} was mailed {mails} times as {number}")
        sent = {letter.id for letter in queues.letters}
        for row in self._rows.find():
            before = self._seen.get(row["_id"])
            self._seen[row["_id"]] = row
            self._look_at_letter(row, sent)
            self._look_at_end(row, provider)
            if before is not None:
                self._look_at_step(before, row)

    def look_at_batches(self, run: str, width: int) -> None:
        """Compare a run's batches with the mapped tasks its plan has asked for."""
        for row in self._rows.find({"run": run}):
            batch = row["batch"]
            self._expect(
                batch is not None and batch < width,
                f"{row['_id']} is in batch {batch} of {width} of {run}",
            )

    def _look_at_letter(self, row: Row, sent: set[str]) -> None:
        job, letter = row["_id"], row["deadLetter"]
        self._expect(
            (letter is not None) == (row["status"] == "failed"),
            f"{job} is {row['status']} with dead letter {letter}",
        )
        if letter is None:
            return
        owner = self.letters.setdefault(letter["id"], job)
        self._expect(owner == job, f"{letter['id']} is of {owner} and {job}")
        self._expect(
            letter["sentAt"] is None or letter["id"] in sent,
            f"{letter['id']} is marked sent and is not in SQS",
        )
        opened = Counter(self.letters.values())[job]
        self._expect(
            row["failures"] == opened,
            f"{job} has failed {row['failures']} times with {opened} letters",
        )

    def _look_at_end(self, row: Row, provider: MailProvider) -> None:
        job, status = row["_id"], row["status"]
        if status == "completed":
            mails = provider.accepted[job, row["sendNo"]]
            self._expect(mails == 1, f"{job} is completed with {mails} mails")
            self._expect(
                row["report"] is not None, f"{job} is completed without a report"
            )
        if status == "cancelled":
            allowed = job in self.unwanted or row["userId"] in self.unwanted
            self._expect(allowed, f"{job} was cancelled and nobody asked for it")
        self._expect(
            row["run"] is not None or status in ("pending", "cancelled"),
            f"{job} is {status}, unowned",
        )

    def _look_at_step(self, before: Row, row: Row) -> None:
        job = row["_id"]
        if before["status"] == "completed" != row["status"]:
            self._reopened[job] += 1
            self._expect(
                self._reopened[job] <= self.anew[job],
                f"{job} was completed and is {row['status']}; nobody asked for it",
            )
        owners = {before["run"], row["run"]} - {None}
        self._expect(len(owners) < 2, f"{job} went straight from run to run")

    def _expect(self, truth: bool, violation: str) -> None:
        if not truth and violation not in self.violations:
            self.violations.append(violation)
