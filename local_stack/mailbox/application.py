"""The stand-in as an ASGI application."""

import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from local_stack.mailbox.faults import FaultRule, Faults
from local_stack.mailbox.messages import Message, MessageStore
from local_stack.mailbox.page import Page
from local_stack.mailbox.reception import Reception

_MESSAGES = TypeAdapter(list[Message])


def create_app() -> Starlette:
    """Return the application, as the environment describes it.

    ``MAILBOX_KEY`` is the API key it accepts, ``MAILBOX_FOLDER`` where the
    mails are kept.
    """
    store = MessageStore(Path(os.environ["MAILBOX_FOLDER"]))
    return build_app(os.environ["MAILBOX_KEY"], store)


def build_app(key: str, store: MessageStore) -> Starlette:
    """Return the application.

    Args:
        key: The API key it accepts.
        store: Where accepted mails are kept.
    """
    faults = Faults()
    reading = _Reading(store, faults, Page())
    control = _Control(store, faults)
    return Starlette(
        routes=[
            Route(
                "/v3/mail/send", Reception(key, store, faults).take, methods=["POST"]
            ),
            Route("/", reading.overview),
            Route("/mails/{id}", reading.message),
            Route("/messages", control.messages),
            Route("/messages", control.delete_messages, methods=["DELETE"]),
            Route("/control/rules", control.rules),
            Route("/control/rules", control.add_rule, methods=["POST"]),
            Route("/control/rules", control.delete_rules, methods=["DELETE"]),
            Route("/health", lambda _: Response()),
        ]
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

    def messages(self, _: Request) -> Response:
        body = _MESSAGES.dump_json(self.store.all())
        return Response(body, media_type="application/json")

    def delete_messages(self, _: Request) -> Response:
        self.store.clear()
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
        return Response(status_code=204)
