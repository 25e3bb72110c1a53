"""The link in the mail: a page for gateways, a report for its reader."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo.database import Database

from graphql_api.app import create_app
from graphql_api.services import assemble
from tests.builders import MONDAY_NOON, a_job
from tests.integration.graphql_api.client import PDF, ApiClient, Clock, Started
from trial_reports import clients
from trial_reports.deadletters.queues import DeadLetterQueues
from trial_reports.delivery.links import Links
from trial_reports.identifiers import fingerprint
from trial_reports.jobs.models import Artifact, Job, Report
from trial_reports.settings import Links as LinkSettings
from trial_reports.settings import Settings
from trial_reports.settings import Storage as StorageSettings
from trial_reports.storage.storage import Storage
from trial_reports.users.models import User

Rows = Database[dict[str, Any]]
VALID = timedelta(days=90)


@pytest.fixture
def token(links: Links, participant: User, reported: Job) -> str:
    """The token of a link that was mailed to the participant."""
    token, _ = links.mint(
        reported.id, participant.id, participant.email, MONDAY_NOON, VALID
    )
    return token


def _openings(database: Rows) -> list[Any]:
    row = database["links"].find_one({})
    assert row is not None
    opened: list[Any] = row["opened"]
    return opened


def test_what_a_mail_gateway_opens_tells_and_changes_nothing(
    api: ApiClient, token: str, database: Rows
) -> None:
    before = database["links"].find_one({})

    known, unknown = api.get(f"/r/{token}"), api.get("/r/none")

    assert known.status_code == unknown.status_code == 200
    assert known.content == unknown.content
    assert "stu_one" not in known.text
    assert "Ada" not in known.text
    assert api.request("HEAD", f"/r/{token}").status_code == 200
    assert database["links"].find_one({}) == before


@pytest.mark.parametrize("path", ["/r/none", "/u/none"])
def test_pages_stay_private(api: ApiClient, path: str) -> None:
    headers = api.get(path).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "noindex" in headers["X-Robots-Tag"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_the_button_opens_the_report_and_the_opening_is_noted(
    api: ApiClient, token: str, database: Rows
) -> None:
    answer = api.post(f"/r/{token}")

    assert answer.status_code == 303
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    url = httpx.URL(answer.headers["Location"])
    assert url.params["X-Amz-Expires"] == "60"
    download = httpx.get(url, timeout=5, trust_env=False)
    assert download.content == PDF
    assert "report.pdf" in download.headers["Content-Disposition"]
    assert _openings(database) == [MONDAY_NOON]


def test_pressing_the_button_for_ever_does_not_grow_the_row_for_ever(
    links: Links, token: str, database: Rows
) -> None:
    link = links.find(token)
    assert link is not None
    for minute in range(105):
        links.record_opening(link, MONDAY_NOON + timedelta(minutes=minute))

    openings = _openings(database)
    assert len(openings) == 100
    assert openings[0] == MONDAY_NOON


def test_a_revocation_wins_against_an_opening_under_way(
    links: Links, token: str, database: Rows
) -> None:
    link = links.find(token)
    assert link is not None
    database["links"].update_one({}, {"$set": {"revokedAt": MONDAY_NOON}})

    assert not links.record_opening(link, MONDAY_NOON)
    assert _openings(database) == []


def test_an_expired_link_says_so(
    api: ApiClient, token: str, database: Rows, clock: Clock
) -> None:
    clock.now = MONDAY_NOON + VALID

    answer = api.post(f"/r/{token}")

    assert answer.status_code == 410
    assert "This link has expired" in answer.text
    assert _openings(database) == []


def test_a_link_works_until_its_last_moment(
    api: ApiClient, token: str, clock: Clock
) -> None:
    clock.now = MONDAY_NOON + VALID - timedelta(milliseconds=1)

    assert api.post(f"/r/{token}").status_code == 303


def test_unsubscribing_does_not_close_a_link(
    api: ApiClient, token: str, participant: User, database: Rows
) -> None:
    closed = {"open": False, "status": "unsubscribed", "userId": participant.id}
    database["subscriptions"].insert_one(closed)

    assert api.post(f"/r/{token}").status_code == 303


Change = Callable[[Rows], object]


def _user(**changes: Any) -> Change:
    return lambda database: database["users"].update_one({}, {"$set": changes})


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_user(email="new@example.org"), id="address changed"),
        pytest.param(_user(emailConsent=False), id="consent withdrawn"),
        pytest.param(
            _user(**{"memberships.0.until": MONDAY_NOON}), id="left the study"
        ),
        pytest.param(
            _user(**{"memberships.0.role": "coordinator"}), id="no participant"
        ),
        pytest.param(lambda db: db["users"].delete_many({}), id="person erased"),
        pytest.param(lambda db: db["report_jobs"].delete_many({}), id="job erased"),
        pytest.param(
            lambda db: db["report_jobs"].update_one({}, {"$set": {"report": None}}),
            id="no report",
        ),
        pytest.param(
            lambda db: db["report_jobs"].update_one({}, {"$set": {"userId": "usr_x"}}),
            id="another reader",
        ),
        pytest.param(
            lambda db: db["links"].update_one({}, {"$set": {"revokedAt": MONDAY_NOON}}),
            id="revoked",
        ),
    ],
)
def test_a_link_that_may_not_open_looks_like_one_that_never_was(
    api: ApiClient, token: str, database: Rows, change: Change
) -> None:
    change(database)

    refused, unknown = api.post(f"/r/{token}"), api.post("/r/none")

    assert refused.status_code == unknown.status_code == 404
    assert refused.content == unknown.content
    assert "not available" in refused.text
    assert _openings(database) == []


def test_a_person_is_asked_to_come_back_when_the_store_is_away(
    api: ApiClient, token: str, database: Rows
) -> None:
    # An address outside of what storage may touch: it refuses to sign.
    refused = {"report.artifact.uri": "s3://Not-A-Bucket/report.pdf"}
    database["report_jobs"].update_one({}, {"$set": refused})

    page = api.post(f"/r/{token}", headers={"Accept": "text/html,*/*"})
    program = api.post(f"/r/{token}", headers={"Accept": "*/*"})

    assert page.status_code == program.status_code == 503
    assert "try again in a few minutes" in page.text
    assert program.json()["code"] == "unavailable"
    assert _openings(database) == []


def test_with_signing_in_the_link_only_leads_to_the_product(
    api_settings: Settings,
    database: Rows,
    storage: Storage,
    queues: DeadLetterQueues,
    clock: Clock,
    started: Started,
    token: str,
) -> None:
    where = "https://product.example.com/reports?a=1&b=2"
    links = LinkSettings(opening="sign_in", sign_in_url=where)
    chosen = api_settings.model_copy(update={"links": links})
    services = assemble(chosen, database, storage, queues, clock)
    api = started(create_app(chosen, services))

    page = api.get(f"/r/{token}")

    assert where.replace("&", "&amp;") in page.text
    assert page.content == api.get("/r/none").content
    assert api.post(f"/r/{token}").status_code == 405
    assert _openings(database) == []


def test_reports_on_disk_are_downloaded_from_the_api_itself(
    api_settings: Settings,
    database: Rows,
    queues: DeadLetterQueues,
    clock: Clock,
    started: Started,
    links: Links,
    participant: User,
    tmp_path: Path,
) -> None:
    folder = tmp_path.as_uri()
    chosen = api_settings.model_copy(
        update={
            "links": LinkSettings(public_url="http://api.test", opening="button"),
            "storage": StorageSettings(
                work_uri=f"{folder}/work", reports_uri=f"{folder}/reports"
            ),
        }
    )
    storage = clients.storage(chosen, None)
    uri = f"{folder}/reports/job_one/report.pdf"
    storage.create(uri, PDF, "application/pdf")
    artifact = Artifact(uri=uri, sha256=fingerprint(""), size=len(PDF))
    report = Report(
        artifact=artifact, pages=1, cut_off=MONDAY_NOON, made_at=MONDAY_NOON
    )
    job = a_job(user_id=participant.id, report=report)
    database["report_jobs"].insert_one(job.to_row())
    token, _ = links.mint(job.id, participant.id, participant.email, MONDAY_NOON, VALID)
    services = assemble(chosen, database, storage, queues, clock)
    api = started(create_app(chosen, services))

    location = api.post(f"/r/{token}").headers["Location"]
    download = api.get(location)

    assert download.content == PDF
    assert 'filename="report.pdf"' in download.headers["Content-Disposition"]
    assert download.headers["Cache-Control"] == "no-store"
    assert api.get(location.replace("job_one", "job_two")).status_code == 403
    assert api.get(location.replace("report.pdf?", "../x?")).status_code in {403, 404}
    assert api.get(location.partition("?")[0]).status_code == 422
