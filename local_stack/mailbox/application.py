"""The stand-in as an ASGI application."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from local_stack.mailbox.courier import Courier, Webhook
from local_stack.mailbox.event_queue import EventQueue
from local_stack.mailbox.faults import FaultRule, Faults
from local_stack.mailbox.messages import Message, MessageStore
from local_stack.mailbox.page import Page
from local_stack.mailbox.reception import Reception

_MESSAGES = TypeAdapter(list[Message])


class Shuffle(BaseModel):
    """How every event is told again: in which order, and how often."""

    seed: int
    copies: int = Field(ge=1, le=100)


def create_app() -> Starlette:
    """Return the application, as the environment describes it.

    ``MAILBOX_KEY`` is the API key it accepts, ``MAILBOX_FOLDER`` where the
    mails are kept, ``MAILBOX_WEBHOOK_URL`` where their events are told, signed
    with ``MAILBOX_WEBHOOK_KEY``; without an address they are told to nobody.
    """
    store = MessageStore(Path(os.environ["MAILBOX_FOLDER"]))
    url = os.environ.get("MAILBOX_WEBHOOK_URL")
    webhook = Webhook(url, os.environ["MAILBOX_WEBHOOK_KEY"]) if url else None
    return build_app(os.environ["MAILBOX_KEY"], store, webhook)


def build_app(
    key: str, store: MessageStore, webhook: Webhook | None = None
) -> Starlette:
    """Return the application.

    Args:
        key: The API key it accepts.
        store: Where accepted mails are kept.
        webhook: Is told of events from when the application starts.
    """
    events = EventQueue(store.folder / "told.txt", store.all()) if webhook else None

    @asynccontextmanager
    async def telling(_: Starlette) -> AsyncIterator[None]:
        if webhook is None or events is None:
            yield
            return
        with Courier(webhook, events):
            yield

    faults = Faults()
    reception = Reception(key, store, faults, events)
    reading = _Reading(store, faults, Page(events))
    control = _Control(store, faults, events)
    return Starlette(
        lifespan=telling,
        routes=[
            Route("/v3/mail/send", reception.take, methods=["POST"]),
            Route("/", reading.overview),
            Route("/mails/{id}", reading.message),
            Route("/messages", control.messages),
            Route("/messages", control.delete_messages, methods=["DELETE"]),
            Route("/control/rules", control.rules),
            Route("/control/rules", control.add_rule, methods=["POST"]),
            Route("/control/rules", control.delete_rules, methods=["DELETE"]),
            *(_Telling(events).routes() if events else ()),
            Route("/health", lambda _: Response()),
        ],
    )


@dataclass(frozen=True)
class _Reading:
    """What a person sees."""

    store: MessageStore
    faults: Faults
    page: Page

    def overview(self, _: Request) -> Response:
        return self.page.overview(self.store.all(), self.faults.rules())

    def message(self, request: Request) -> Response:
        opened = self.store.get(request.path_params["id"])
        if opened is None:
            return self.page.not_found()
        return self.page.message(self.store.all(), self.faults.rules(), opened)


@dataclass(frozen=True)
class _Control:
    """What tests and the demo do."""

    store: MessageStore
    faults: Faults
    events: EventQueue | None

    def messages(self, _: Request) -> Response:
        body = _MESSAGES.dump_json(self.store.all())
        return Response(body, media_type="application/json")

    def delete_messages(self, _: Request) -> Response:
        self.store.clear()
        if self.events is not None:
            self.events.clear()
        return Response(status_code=204)

    def rules(self, _: Request) -> Response:
        return JSONResponse([rule.model_dump() for rule in self.faults.rules()])

    async def add_rule(self, request: Request) -> Response:
        try:
            self.faults.add(FaultRule.model_validate_json(await request.body()))
        except ValidationError as error:
            return PlainTextResponse(str(error), 400)
        return Response(status_code=201)

    def delete_rules(self, _: Request) -> Response:
        self.faults.clear()
        if self.events is not None:
            self.events.release()
        return Response(status_code=204)


@dataclass(frozen=True)
class _Telling:
    """When and in which order events are told."""

    events: EventQueue

    def routes(self) -> list[Route]:
        return [
            Route("/control/events", self.waiting),
            Route("/control/events/hold", self.hold, methods=["POST"]),
            Route("/control/events/shuffle", self.shuffle, methods=["POST"]),
        ]

    def waiting(self, _: Request) -> Response:
        return JSONResponse({"waiting": self.events.waiting()})

    def hold(self, _: Request) -> Response:
        self.events.hold()
        return Response(status_code=204)

    async def shuffle(self, request: Request) -> Response:
        try:
            asked = Shuffle.model_validate_json(await request.body())
        except ValidationError as error:
            return PlainTextResponse(str(error), 400)
        self.events.shuffle(asked.seed, asked.copies)
        return Response(status_code=204)
