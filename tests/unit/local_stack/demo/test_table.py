from dataclasses import replace

from rich.console import Console

from local_stack.demo.outcome import Outcome
from local_stack.demo.table import outcome_table
from local_stack.sample_study import Awkwardness, Person, Wish
from tests.builders import MONDAY_NOON, a_job, a_user
from trial_reports.jobs.models import Artifact, Report

REPORT = Report(
    artifact=Artifact(uri="s3://bucket/report.pdf", sha256="0" * 64, size=1024),
    pages=2,
    cut_off=MONDAY_NOON,
    made_at=MONDAY_NOON,
)


def plain(name: str) -> Outcome:
    """Return the outcome of somebody who got the report."""
    person = Person(a_user(name=name), (), (), ("stu_one",))
    return Outcome(
        Wish(person, "stu_one"), a_job(status="completed", report=REPORT), mails=1
    )


def unverified(name: str) -> Outcome:
    """Return the outcome of somebody who was rightly refused."""
    odd = Awkwardness.UNVERIFIED
    person = Person(a_user(name=name), (), (), ("stu_one",), odd)
    return Outcome(Wish(person, "stu_one", refusal="email_not_verified"), None, 0)


def forgotten(name: str) -> Outcome:
    """Return the outcome of somebody who wrongly got nothing."""
    person = Person(a_user(name=name), (), (), ("stu_one",))
    return Outcome(Wish(person, "stu_one"), None, 0)


def bouncing(problem: str) -> Outcome:
    """Return the outcome of somebody whose address takes no mail."""
    odd = Awkwardness.BOUNCING_ADDRESS
    return replace(
        plain("Dee"),
        wish=Wish(Person(a_user(name="Dee"), (), (), ("stu_one",), odd), "stu_one"),
        problem=problem,
    )


def printed(outcomes: list[Outcome]) -> str:
    console = Console(width=110)
    with console.capture() as output:
        console.print(outcome_table(outcomes, "Reports"))
    return output.get()


def test_of_few_people_everybody_has_a_row() -> None:
    shown = printed([plain(f"Ada {n}") for n in range(40)])
    assert all(f"Ada {n} " in shown for n in range(40))
    assert "left out" not in shown


def test_of_many_people_only_the_odd_and_the_wrong_have_a_row() -> None:
    many = [plain(f"Ada {n}") for n in range(60)]
    shown = printed([*many, unverified("Bob Odd"), forgotten("Cy Wrong")])
    assert "Ada" not in shown
    assert "Bob Odd" in shown
    assert "Cy Wrong" in shown
    assert "60 plain reports" in shown


def test_whoever_gets_no_more_mail_should_have_an_address_that_takes_none() -> None:
    assert bouncing("mail_bounced").is_right
    assert "bouncing address (mail_bounced)" in printed([bouncing("mail_bounced")])
    assert not bouncing("").is_right
    assert not replace(plain("Ada"), problem="mail_bounced").is_right
