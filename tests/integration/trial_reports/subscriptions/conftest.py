"""One participant with a subscription, and what changes it."""

from typing import Any

import pytest
from pymongo.database import Database

from tests.builders import a_study, a_subscription, a_user
from trial_reports.audit.trail import AuditTrail
from trial_reports.jobs.decisions import Decisions
from trial_reports.settings import Schedule
from trial_reports.studies.repository import Studies
from trial_reports.subscriptions.changing import SubscriptionChanging
from trial_reports.subscriptions.models import ReportSubscription
from trial_reports.subscriptions.repository import Subscriptions
from trial_reports.users.models import User
from trial_reports.users.repository import Users

Rows = Database[dict[str, Any]]


@pytest.fixture
def subscriptions(database: Rows) -> Subscriptions:
    return Subscriptions(database)


@pytest.fixture
def changing(database: Rows, subscriptions: Subscriptions) -> SubscriptionChanging:
    return SubscriptionChanging(
        subscriptions,
        Users(database),
        Studies(database),
        Decisions(database),
        AuditTrail(database),
        Schedule(),
    )


@pytest.fixture
def user(database: Rows) -> User:
    someone = a_user()
    database["users"].insert_one(someone.to_row())
    database["studies"].insert_one(a_study().to_row())
    return someone


@pytest.fixture
def subscription(subscriptions: Subscriptions, user: User) -> ReportSubscription:
    return subscriptions.add(a_subscription(user))
