"""The witness sees a mail of which less is known than before."""

from datetime import timedelta
from typing import Any

from pymongo.database import Database

from tests.builders import MONDAY_NOON as NOW
from tests.chaos.witness import Witness
from trial_reports.delivery.ledger import Ledger


def test_only_a_way_back_is_remarkable(database: Database[dict[str, Any]]) -> None:
    ledger, witness = Ledger(database, timedelta(minutes=1)), Witness(database)
    mail, _ = ledger.claim("job_one", "usr_one", NOW)
    witness.act()
    ledger.lose_sight(mail, NOW)
    witness.act()
    for news in ("delivered", "bounced"):
        ledger.learn("job_one", "usr_one", 0, news, NOW)
        witness.act()
    assert witness.went_back == []

    database["deliveries"].update_one({}, {"$set": {"status": "unknown"}})
    witness.act()
    assert witness.went_back == ["job_one: mail bounced, and then unknown"]
