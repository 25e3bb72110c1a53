"""Mistakes that could be made in the product; the machine has to find each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.state_machine.product import Product
from trial_reports.delivery.ledger import Ledger
from trial_reports.delivery.models import Delivery
from trial_reports.pipeline.dispatch import Dispatcher


def everybody_may_send(product: Product) -> None:
    class EagerLedger(Ledger):
        def claim(self, *args: Any, **options: Any) -> tuple[Delivery, bool]:
            return super().claim(*args, **options)[0], True

    ledger = EagerLedger(product.watched, timedelta(minutes=1))
    product.send = replace(product.send, ledger=ledger)


def nobody_releases_orphans(product: Product) -> None:
    class IdleDispatcher(Dispatcher):
        def release_orphans(
            self,
            run_is_over: Callable[[str], bool],  # noqa: ARG002 - as its parent
            now: datetime,
        ) -> int:
            return self.outbox.send_unsent(now)

    dispatcher = product.pipeline.dispatcher
    product.pipeline.dispatcher = IdleDispatcher(**vars(dispatcher))


BREAKAGES: dict[Callable[[Product], None], str] = {
    everybody_may_send: "was mailed [23] times",
    nobody_releases_orphans: "no end to",
}
"""What the machine says to each."""
