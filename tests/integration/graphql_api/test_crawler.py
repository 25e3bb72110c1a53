"""What mail gateways and crawlers do: every link of a mail, by GET and HEAD only."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.builders import (
    MONDAY_NOON,
    PERIOD,
    a_job,
    a_study,
    a_subscription,
    a_user,
    an_attempt,
)
from tests.integration.graphql_api.crawler import Crawler, links_in, links_of
from tests.integration.graphql_api.rows import Rows, everything_in
from trial_reports.jobs.models import Artifact, Job, Report
from trial_reports.pipeline.assembly import ReportPipeline

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from local_stack.mailbox.client import Mailbox
    from local_stack.mailbox.messages import Message
    from tests.integration.graphql_api.client import ApiClient
    from trial_reports.deadletters.queues import DeadLetterQueues
    from trial_reports.settings import Settings
    from trial_reports.storage.storage import Storage
    from trial_reports.users.models import User


class Signatures:
    """How often somebody wanted a pre-signed URL of a report."""

    def __init__(self, s3: S3Client) -> None:
        self.count = 0
        s3.meta.events.register("provide-client-params.s3.GetObject", self._note)

    def _note(self, **_: object) -> None:
        self.count += 1


@pytest.fixture
def signatures(s3: S3Client) -> Signatures:
    return Signatures(s3)


@pytest.fixture(params=["button", "sign_in"])
def api_settings(api_settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Both ways in which a mail's link leads to the report."""
    opening = {"opening": request.param, "sign_in_url": "https://study.example/reports"}
    links = api_settings.links.model_copy(update=opening)
    return api_settings.model_copy(update={"links": links})


@pytest.fixture
def mail(
    settings: Settings,
    database: Rows,
    storage: Storage,
    queues: DeadLetterQueues,
    mailbox: Mailbox,
) -> Message:
    """A mail that the email stage has sent to a participant with a finished PDF."""
    user, study = a_user(), a_study()
    subscription = a_subscription(user)
    job = _completed(settings, storage, user, subscription.id)
    for name, value in (
        ("users", user),
        ("studies", study),
        ("subscriptions", subscription),
        ("report_jobs", job),
    ):
        database[name].insert_one(value.to_row())
    pipeline = ReportPipeline(settings, database, storage, queues, lambda: MONDAY_NOON)
    pipeline.work("email")(job, an_attempt("email"))
    (mail,) = mailbox.messages(user.email)
    return mail


def _completed(
    settings: Settings, storage: Storage, user: User, subscription_id: str
) -> Job:
    uri = f"{settings.storage.reports_uri}/job_one/report.pdf"
    stored = storage.create(uri, b"%PDF-1.7", "application/pdf")
    artifact = Artifact(uri=uri, sha256=stored.sha256, size=stored.size)
    report = Report(
        artifact=artifact, pages=1, cut_off=MONDAY_NOON, made_at=MONDAY_NOON
    )
    return a_job(
        subscription_id=subscription_id,
        user_id=user.id,
        period=PERIOD,
        report=report,
    )


def _crawled(api: ApiClient, settings: Settings, mail: Message) -> Crawler:
    crawler = Crawler(api, settings.links.public_url)
    for link in sorted(links_of(mail)):
        crawler.follow(link)
    return crawler


def test_following_every_link_of_a_mail_changes_nothing_and_opens_nothing(
    api: ApiClient,
    api_settings: Settings,
    database: Rows,
    mail: Message,
    signatures: Signatures,
) -> None:
    before = everything_in(database)

    crawler = _crawled(api, api_settings, mail)

    kinds = {path.split("/")[1] for path in crawler.visited}
    assert kinds == {"r", "u"}
    assert set(crawler.visited.values()) == {200}
    assert everything_in(database) == before
    assert signatures.count == 0
    assert "X-Amz-Signature" not in "".join(crawler.pages)
    assert crawler.elsewhere <= {"https://study.example/reports"}


def test_what_a_crawler_cannot_do_a_person_can(
    api: ApiClient,
    api_settings: Settings,
    database: Rows,
    mail: Message,
    signatures: Signatures,
) -> None:
    """So that the links above are the real ones."""
    crawler = _crawled(api, api_settings, mail)
    (report,) = [path for path in crawler.visited if path.startswith("/r/")]
    (leaving,) = [path for path in crawler.visited if path.startswith("/u/")]

    opened, left = api.post(report), api.post(leaving)

    has_button = api_settings.links.opening == "button"
    assert opened.status_code == (303 if has_button else 405)
    assert signatures.count == (1 if has_button else 0)
    assert left.status_code == 200
    (subscription,) = database["subscriptions"].find({})
    assert subscription["status"] == "unsubscribed"
    # The page that says so offers to take it back, which a crawler cannot either.
    for link in links_in(left.text):
        assert api.get(urlsplit(link).path).status_code in (404, 405)
    (after,) = database["subscriptions"].find({})
    assert after == subscription
