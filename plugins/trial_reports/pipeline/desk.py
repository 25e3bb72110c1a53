"""Where operators decide: about mails, delivery, recalls and failed jobs."""

from pymongo.database import Database

from trial_reports.alarms.repository import Alarms
from trial_reports.audit.trail import AuditTrail
from trial_reports.database.model import Row
from trial_reports.deadletters.open_letters import OpenLetters
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.deadletters.redrive import Redriver
from trial_reports.deadletters.sweep import Sweep
from trial_reports.delivery.controls import Controls
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.links import Links
from trial_reports.delivery.pausing import DeliveryPausing
from trial_reports.delivery.recalling import ReportRecalling
from trial_reports.delivery.recalls import Recalls
from trial_reports.delivery.settling import MailSettling
from trial_reports.jobs.decisions import Decisions
from trial_reports.jobs.repository import Jobs
from trial_reports.studies.repository import Studies


class OperatorsDesk:
    """Everything an operator can decide, each decision with a reason.

    Args:
        database: The product's database.
        ledger: The send ledger.
        queues: The dead-letter queues.

    Attributes:
        settling: Settles unknown mails, and has reports mailed again.
        pausing: Pauses and resumes delivery.
        recalling: Recalls a study's reports of a week.
        redriver: Takes failed jobs up again.
    """

    def __init__(
        self, database: Database[Row], ledger: Ledger, queues: DeadLetterQueues
    ) -> None:
        jobs, decisions = Jobs(database), Decisions(database)
        audit, open_letters = AuditTrail(database), OpenLetters(database)
        self.settling = MailSettling(jobs, ledger, decisions, audit)
        studies = Studies(database)
        self.pausing = DeliveryPausing(
            studies, Controls(database), Alarms(database), audit
        )
        self.recalling = ReportRecalling(
            studies, jobs, decisions, Recalls(database), Links(database), audit
        )
        self.redriver = Redriver(
            open_letters, decisions, Sweep(queues, open_letters), audit
        )
