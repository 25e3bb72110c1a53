"""Whatever the rows are: there is an answer, it fits the job, and names nobody."""

from datetime import datetime
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import MONDAY_NOON, PERIOD
from tests.unit.trial_reports.explaining.builders import (
    DAY,
    READER,
    REPORT,
    SUBSCRIPTION,
    a_decided,
    a_link,
    a_mail,
    a_recall,
    a_week_job,
    an_event,
    facts,
    status_change,
)
from trial_reports.delivery.controls import Control, Pause
from trial_reports.delivery.event_models import EVIDENCE
from trial_reports.delivery.models import HANDED_OVER, DeliveryStatus
from trial_reports.explaining.explanation import explain
from trial_reports.explaining.facts import DeliveryFacts
from trial_reports.explaining.models import StepCode, Verdict
from trial_reports.jobs.models import (
    STAGES,
    Cause,
    Job,
    JobError,
    JobStatus,
    OpenDeadLetter,
    StageOutcome,
    StageRecord,
    Work,
)
from trial_reports.settings import Schedule
from trial_reports.subscriptions.models import SubscriptionStatus

NAME, ADDRESS = "Canary Nightingale", "canary@nightingale.example"
OF_MAIL = {"sent", "delivered", "dropped", "bounced", "complained"}
FITTING: dict[JobStatus, set[str]] = {
    "pending": {"waiting", "on_its_way", "cancelled", "unknown"},
    "processing": {"waiting", "on_its_way", "cancelled", "unknown"},
    "completed": {"sent"},
    "failed": {"failed", "unknown"},
    "cancelled": {"cancelled"},
}

times = st.integers(-40 * 24, 40 * 24).map(lambda hour: MONDAY_NOON + hour * DAY / 24)
maybe = st.none() | times
flags = st.booleans()
users = st.none() | st.builds(
    lambda takes_part, consents: READER.model_copy(
        update={
            "name": NAME,
            "email": ADDRESS,
            "email_consent": consents,
            "memberships": READER.memberships if takes_part else (),
        }
    ),
    flags,
    flags,
)
subscriptions = st.builds(
    lambda status, reason, through, created: SUBSCRIPTION.model_copy(
        update={
            "status": status,
            "open": status != "unsubscribed",
            "disabled_reason": reason,
            "reported_through": through,
            "created_at": created,
        }
    ),
    st.sampled_from(get_args(SubscriptionStatus)),
    st.sampled_from([None, "mail_bounced", "mail_complained", "unreadable"]),
    times,
    times,
)
works = st.none() | st.builds(
    lambda stage: Work(stage=stage, run="run_one", round=4, begun=1),
    st.sampled_from(STAGES),
)
stages = st.dictionaries(
    st.sampled_from(STAGES),
    st.builds(
        lambda outcome, at: StageRecord(
            run="run_one", round=4, outcome=outcome, finished_at=at
        ),
        st.sampled_from(get_args(StageOutcome)),
        times,
    ),
)
errors = st.none() | st.sampled_from(
    ["delivery_unknown", "worker_died", "paused", "recalled", "of_tomorrow"]
).map(lambda code: JobError(code=code, message="It is over."))
letters = st.none() | st.builds(
    lambda stage, cause, at: OpenDeadLetter(
        id="dl_one", stage=stage, cause=cause, failed_at=at
    ),
    st.sampled_from(STAGES),
    st.sampled_from(get_args(Cause)),
    maybe,
)
deliveries = st.dictionaries(
    st.integers(0, 2), st.sampled_from(get_args(DeliveryStatus)), max_size=3
).map(lambda by_no: tuple(a_mail(status, no) for no, status in sorted(by_no.items())))
events = st.lists(
    st.builds(
        lambda kind, no, at, hard: an_event(kind, send_no=no, at=at, hard=hard),
        st.sampled_from(sorted(EVIDENCE)),
        st.integers(0, 2),
        times,
        flags,
    ),
    max_size=5,
).map(tuple)
controls = st.lists(
    st.builds(
        lambda scope, automatic, before: Control(
            id=scope,
            not_before=before,
            pause=None
            if automatic is None
            else Pause(by="olivia", reason="why", at=MONDAY_NOON, automatic=automatic),
        ),
        st.sampled_from(["all", "stu_one"]),
        st.none() | flags,
        maybe,
    ),
    max_size=2,
).map(tuple)
decisions = st.lists(
    st.builds(
        status_change,
        st.sampled_from(get_args(SubscriptionStatus)),
        times,
    )
    | st.builds(
        lambda action, at: a_decided(action, a_week_job().id, at),
        st.sampled_from(["redrive", "resend_report", "settle_delivery", "other"]),
        times,
    ),
    max_size=4,
).map(tuple)


@st.composite
def jobs(draw: st.DrawFn) -> Job | None:
    if draw(st.integers(0, 3)) == 0:
        return None
    rows: dict[str, Any] = {
        "status": draw(st.sampled_from(get_args(JobStatus))),
        "reason": draw(st.sampled_from(["scheduled", "requested"])),
        "run": draw(st.sampled_from([None, "run_one"])),
        "stages": draw(stages),
        "work": draw(works),
        "attempts": draw(st.integers(0, 9)),
        "failures": draw(st.integers(0, 3)),
        "first_failed_at": draw(maybe),
        "send_no": draw(st.integers(0, 2)),
        "error": draw(errors),
        "dead_letter": draw(letters),
        "report": draw(st.sampled_from([None, REPORT])),
        "created_at": draw(times),
        "completed_at": draw(maybe),
    }
    return a_week_job(**rows)


@st.composite
def any_facts(draw: st.DrawFn) -> DeliveryFacts:
    job, now = draw(jobs()), draw(times)
    recalls = st.builds(
        lambda at, lifted: a_recall(recalled_at=at, lifted_at=lifted), times, maybe
    )
    links = st.builds(
        lambda expires, revoked: a_link(expires_at=expires, revoked_at=revoked),
        times,
        maybe,
    )
    return facts(
        job=job,
        now=now,
        period=PERIOD if job else PERIOD.earlier(draw(st.integers(-5, 5))),
        user=draw(users),
        subscription=draw(subscriptions),
        schedule=Schedule(catch_up=draw(st.sampled_from(["latest", "all"]))),
        deliveries=draw(deliveries) if job else (),
        events=draw(events) if job else (),
        link=draw(st.none() | links) if job else None,
        controls=draw(controls),
        recall=draw(st.none() | recalls),
        decisions=draw(decisions),
    )


def fitting(known: DeliveryFacts) -> set[str]:
    """The verdicts that the rows allow, told apart without the rule's own words."""
    job = known.job
    if job is None:
        return {"waiting", "not_owed", "recalled"}
    recalls = {"recalled"} if known.recall else set()
    mails = {d.send_no: d.status for d in known.deliveries}
    status = mails.get(job.send_no)
    handed_over = status in HANDED_OVER
    return recalls | (OF_MAIL if handed_over else FITTING[job.status])


@settings(max_examples=500, deadline=None)
@given(any_facts())
def test_any_rows_have_an_explanation(known: DeliveryFacts) -> None:
    explanation = explain(known)

    assert explanation.verdict in get_args(Verdict)
    assert explanation.verdict in fitting(known)
    assert explanation.steps
    assert {step.code for step in explanation.steps} <= set(get_args(StepCode))
    assert all(step.sentence.endswith(".") for step in explanation.steps)
    for private in (NAME, ADDRESS, "Canary", "nightingale", READER.email):
        assert private not in repr(explanation)
    theirs = explanation.for_participants()
    assert [s.code for s in theirs.steps] == [s.code for s in explanation.steps]
    assert not any(step.detail for step in theirs.steps)


@settings(max_examples=200, deadline=None)
@given(any_facts())
def test_what_happened_is_told_in_the_order_of_time(known: DeliveryFacts) -> None:
    at: list[datetime] = [
        step.at
        for step in explain(known).steps
        if step.at is not None and step.code not in _OF_NOW
    ]

    assert at == sorted(at)


_OF_NOW = {"week_not_over", "run_planned", "run_due", "week_skipped", "in_stage"}
