"""A small builder of accepted mails."""

from datetime import UTC, datetime

from local_stack.mailbox.messages import Message


def mail_to(recipient: str) -> Message:
    """Return a mail of the past: its events are due."""
    return Message(
        id="dGVzdA-x_y.0",
        request_id="dGVzdA-x_y",
        received_at=datetime(2026, 11, 23, 12, 0, 0, 500_000, tzinfo=UTC),
        sender="reports@study.example",
        recipient=recipient,
        subject="Ready",
        custom_args={"jobId": "job_1", "sendNo": "2"},
    )
