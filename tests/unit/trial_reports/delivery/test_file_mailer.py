"""Mail into a folder."""

from email import message_from_bytes, policy
from email.message import EmailMessage as MimeMessage
from pathlib import Path

import pytest

from trial_reports.delivery.file_mailer import FileMailer
from trial_reports.delivery.mailer import MailNotTaken
from trial_reports.delivery.message import EmailMessage

MESSAGE = EmailMessage(
    to="participant@example.com",
    sender="reports@example.com",
    sender_name="Weekly reports",
    subject="Your weekly report is ready",
    text="Open it: https://reports.example.com/r/t: grüße\n",
    html="<p>Open it: grüße</p>\n",
    headers={"List-Unsubscribe": "<https://reports.example.com/u/t>"},
    custom_args={"jobId": "job_1"},
)


def _parsed(path: Path) -> MimeMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def test_a_mail_program_can_open_what_was_sent(tmp_path: Path) -> None:
    message_id = FileMailer(tmp_path / "outbox").send(MESSAGE)

    mail = _parsed(tmp_path / "outbox" / f"{message_id}.eml")
    assert mail["To"] == "participant@example.com"
    assert mail["From"] == "Weekly reports <reports@example.com>"
    assert mail["List-Unsubscribe"] == "<https://reports.example.com/u/t>"
    bodies = [part.get_content().splitlines() for part in mail.iter_parts()]
    assert bodies == [MESSAGE.text.splitlines(), MESSAGE.html.splitlines()]


def test_each_mail_is_a_file_of_its_own(tmp_path: Path) -> None:
    mailer = FileMailer(tmp_path)

    ids = {mailer.send(MESSAGE), mailer.send(MESSAGE)}

    assert {path.stem for path in tmp_path.iterdir()} == ids
    assert len(ids) == 2


def test_an_outbox_that_cannot_be_written_proves_nothing_was_sent(
    tmp_path: Path,
) -> None:
    (tmp_path / "outbox").write_text("a file, not a folder")

    with pytest.raises(MailNotTaken):
        FileMailer(tmp_path / "outbox").send(MESSAGE)
