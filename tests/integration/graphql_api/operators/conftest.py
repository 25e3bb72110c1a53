"""An operator, and the decisions they can send."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.builders import a_membership, a_user
from tests.integration.graphql_api.asking import mutate
from tests.integration.graphql_api.client import ApiClient
from tests.integration.graphql_api.rows import Rows
from trial_reports.identifiers import new_id
from trial_reports.users.models import User

JOB = "... on JobDecisionSuccess { job { id status run { dagRunId } } }"
COUNTS = "... on RedriveDeadLettersSuccess { selected redriven movedOn toDecide }"
RECALLED = "... on RecallReportsSuccess { mailed unsent links openedJobIds }"
PAUSED = "... on DeliverySuccess { paused studyId }"
DECISIONS = {
    "rerunJob": ("JobDecisionInput", JOB),
    "resendReport": ("JobDecisionInput", JOB),
    "redriveDeadLetters": ("RedriveDeadLettersInput", COUNTS),
    "recallReports": ("RecallReportsInput", RECALLED),
    "pauseDelivery": ("DeliveryInput", PAUSED),
    "resumeDelivery": ("DeliveryInput", PAUSED),
}


@dataclass(frozen=True)
class Operator:
    """Somebody who decides."""

    api: ApiClient
    user: User

    def decides(self, name: str, **input_: Any) -> dict[str, Any]:
        """Send a decision, with a reason and a key of its own unless they are given."""
        own = {"reason": "A reason.", "idempotencyKey": new_id("key")}
        type_, selected = DECISIONS[name]
        return mutate(self.api, self.user, name, type_, selected, **own | input_)


Hire = Callable[[str], Operator]


@pytest.fixture
def hire(api: ApiClient, database: Rows) -> Hire:
    """Make somebody the operator of a study."""

    def hire(study_id: str) -> Operator:
        user = a_user(memberships=(a_membership(study_id, role="operator"),))
        database["users"].insert_one(user.to_row())
        return Operator(api, user)

    return hire


@pytest.fixture
def operator(hire: Hire) -> Operator:
    return hire("stu_one")


@pytest.fixture
def operator_of_all(hire: Hire) -> Operator:
    return hire("*")
