"""Asking one thing for people of every role, about everybody's rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.integration.graphql_api.rights.world import (
    ROLES,
    WHOSE,
    Place,
    Role,
    Whose,
    World,
)
from tests.integration.graphql_api.rows import Rows, everything_in, put_back, without
from trial_reports.users.models import User

Cell = tuple[Role, Whose]


@dataclass(frozen=True)
class Told:
    """What came of asking."""

    outcome: str
    content: object
    """All that the person was told, but for what is different each time."""
    changed: bool
    """Whether anything but the audit trail has changed."""
    noted: list[dict[str, Any]]


@dataclass
class Matrix:
    """What everybody is told; whatever is changed by it is put back.

    Args:
        database: Where it would show.
        world: Who asks, and about what.
        ask: Asks for a user; returns the outcome and all that was told.
    """

    database: Rows
    world: World
    ask: Callable[[User, Place], tuple[str, object]]
    told: dict[Cell, Told] = field(init=False)

    def __post_init__(self) -> None:
        self._before = everything_in(self.database)
        self.told = {(role, whose): self._ask(role, whose) for role, whose in _CELLS}

    @property
    def outcomes(self) -> dict[Cell, str]:
        """What came of it, in the words of the grids."""
        return {cell: told.outcome for cell, told in self.told.items()}

    def assert_refusals_are_complete(self, *, are_noted: bool) -> None:
        """Assert that refusals change and tell nothing, and are noted where they must.

        Args:
            are_noted: Whether the refusal of something that exists is an audit event.
        """
        refused = {c: it for c, it in self.told.items() if it.outcome != "allowed"}
        assert [cell for cell, told in refused.items() if told.changed] == []
        for (role, whose), told in refused.items():
            is_hidden = told.outcome in ("NotFoundError", "null", "empty")
            if is_hidden and whose != "own":
                # Byte for byte: nobody can tell what is hidden from what is not.
                assert told.content == self.told[role, "missing"].content
            self._assert_noted(role, whose, told, are_noted=are_noted)

    def _ask(self, role: Role, whose: Whose) -> Told:
        place = self.world.place(role, whose)
        outcome, content = self.ask(self.world.user(role), place)
        after = everything_in(self.database)
        put_back(self.database, self._before)
        trail = "audit_events"
        changed = without(after, trail) != without(self._before, trail)
        return Told(outcome, content, changed, after[trail])

    def _assert_noted(
        self, role: Role, whose: Whose, told: Told, *, are_noted: bool
    ) -> None:
        place = self.world.place(role, whose)
        is_list = told.outcome in ("empty", "others")
        if is_list or not place.exists or not are_noted:
            assert told.noted == [], (role, whose)
            return
        (event,) = told.noted
        assert event["action"] == "deny"
        assert event["actor"] == self.world.user(role).id
        assert event["subject"] in {
            place.subscription_id,
            place.job_id,
            place.study_id,
        }


_CELLS: list[Cell] = [(role, whose) for role in ROLES for whose in WHOSE]
