from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from local_stack.mailbox.event_queue import EventQueue
from tests.unit.local_stack.mailbox.builders import mail_to

MAIL = mail_to("ada@example.org")
AT_ONCE, LATER = MAIL.received_at, MAIL.received_at + timedelta(seconds=5)


@pytest.fixture
def queue(tmp_path: Path) -> EventQueue:
    return EventQueue(tmp_path / "told.txt", [MAIL])


def kinds(queue: EventQueue) -> list[str]:
    return [event.kind for event in queue.next_batch(LATER)]


def test_an_event_is_told_when_its_time_has_come(queue: EventQueue) -> None:
    assert [event.kind for event in queue.next_batch(AT_ONCE)] == ["processed"]
    assert kinds(queue) == ["processed", "delivered"]


def test_what_was_told_is_not_told_again_even_by_the_next_process(
    queue: EventQueue, tmp_path: Path
) -> None:
    queue.note_told(queue.next_batch(AT_ONCE))
    again = EventQueue(tmp_path / "told.txt", [MAIL])
    assert kinds(queue) == kinds(again) == ["delivered"]
    assert (queue.waiting(), again.waiting()) == (1, 1)


def test_held_events_gather(queue: EventQueue) -> None:
    queue.hold()
    assert kinds(queue) == []
    assert queue.waiting() == 2
    queue.release()
    assert len(kinds(queue)) == 2


def test_shuffled_events_are_told_several_times_old_ones_too(
    queue: EventQueue,
) -> None:
    queue.note_told(queue.next_batch(AT_ONCE))
    queue.hold()
    queue.shuffle(seed=2, copies=3)
    first = kinds(queue)
    assert Counter(first) == {"processed": 3, "delivered": 3}
    assert first != sorted(first, reverse=True)
    queue.shuffle(seed=2, copies=3)
    assert kinds(queue) == first
    queue.note_told(queue.next_batch(LATER))
    assert queue.waiting() == 0


def test_an_emptied_mailbox_tells_nothing(queue: EventQueue, tmp_path: Path) -> None:
    queue.note_told(queue.next_batch(LATER))
    queue.clear()
    assert queue.waiting() == 0
    assert EventQueue(tmp_path / "told.txt", [MAIL]).waiting() == 2
