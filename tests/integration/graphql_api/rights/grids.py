"""What people of each role get, by whose row they ask for.

A grid is written as a table: a line for each role, a column for each of own, same
site, another site, another study, missing.
"""

from tests.integration.graphql_api.rights.world import ROLES, WHOSE, Role, Whose

Grid = dict[tuple[Role, Whose], str]

_WORDS = {
    "ok": "allowed",
    "--": "NotFoundError",
    "no": "NotPermittedError",
    "[]": "empty",
    "..": "others",
    "null": "null",
}


def grid(table: str) -> Grid:
    """Return what a table says."""
    lines = [line.partition("|") for line in table.strip().splitlines()]
    cells = {name.strip(): words.split() for name, _, words in lines}
    assert set(cells) == set(ROLES)
    return {
        (role, whose): _WORDS[word]
        for role in ROLES
        for whose, word in zip(WHOSE, cells[role], strict=True)
    }


def told_as(found: Grid, refusal: str) -> Grid:
    """Return a grid with another word for what is not found."""
    return {
        cell: refusal if outcome == "NotFoundError" else outcome
        for cell, outcome in found.items()
    }


def everybody(outcome: str) -> Grid:
    """Return a grid that is the same for all."""
    return {(role, whose): outcome for role in ROLES for whose in WHOSE}


SEE = grid("""
    participant                 | ok  --  --  --  --
    coordinator of the site     | ok  ok  --  --  --
    coordinator of another site | ok  --  ok  --  --
    coordinator of the study    | ok  ok  ok  --  --
    operator of the study       | ok  ok  ok  --  --
    operator of all studies     | ok  ok  ok  ok  --
    operator of another study   | ok  --  --  ok  --
    nothing any more            | ok  --  --  --  --
""")
"""Reading something by its id."""

CHANGE = grid("""
    participant                 | ok  --  --  --  --
    coordinator of the site     | ok  no  --  --  --
    coordinator of another site | ok  --  no  --  --
    coordinator of the study    | ok  no  no  --  --
    operator of the study       | ok  no  no  --  --
    operator of all studies     | ok  no  no  no  --
    operator of another study   | ok  --  --  no  --
    nothing any more            | ok  --  --  --  --
""")
"""What is the subscriber's own to do, after a study too."""

SUBSCRIBE = grid("""
    participant                 | ok  ok  ok  --  --
    coordinator of the site     | ok  --  --  --  --
    coordinator of another site | ok  --  --  --  --
    coordinator of the study    | ok  --  --  --  --
    operator of the study       | ok  --  --  --  --
    operator of all studies     | ok  --  --  --  --
    operator of another study   | ok  --  --  --  --
    nothing any more            | --  --  --  --  --
""")
"""Subscribing to a study: for its participants."""

OPEN_REPORT = grid("""
    participant                 | no  --  --  --  --
    coordinator of the site     | no  ok  --  --  --
    coordinator of another site | no  --  ok  --  --
    coordinator of the study    | no  ok  ok  --  --
    operator of the study       | no  no  no  --  --
    operator of all studies     | no  no  no  no  --
    operator of another study   | no  --  --  no  --
    nothing any more            | no  --  --  --  --
""")
"""A participant's report, for their coordinators where the study allows it."""

OPERATE_JOB = grid("""
    participant                 | no  --  --  --  --
    coordinator of the site     | no  no  --  --  --
    coordinator of another site | no  --  no  --  --
    coordinator of the study    | no  no  no  --  --
    operator of the study       | no  ok  ok  --  --
    operator of all studies     | ok  ok  ok  ok  --
    operator of another study   | no  --  --  ok  --
    nothing any more            | no  --  --  --  --
""")
"""What operators decide about a job."""

OPERATE_STUDY = grid("""
    participant                 | no  no  no  --  --
    coordinator of the site     | no  no  no  --  --
    coordinator of another site | no  no  no  --  --
    coordinator of the study    | no  no  no  --  --
    operator of the study       | no  ok  ok  --  --
    operator of all studies     | ok  ok  ok  ok  --
    operator of another study   | no  --  --  ok  --
    nothing any more            | --  --  --  --  --
""")
"""What operators decide about a study; who belongs to it knows that it is there."""

LIST = told_as(SEE, "empty")
"""A list, narrowed to somebody's rows."""

LIST_BY_SITE = LIST | {("participant", "same site"): "others"}
"""The same by a site, where a participant finds themselves."""

LIST_LETTERS = grid("""
    participant                 | []  []  []  []  []
    coordinator of the site     | []  []  []  []  []
    coordinator of another site | []  []  []  []  []
    coordinator of the study    | []  []  []  []  []
    operator of the study       | []  ok  ok  []  []
    operator of all studies     | ok  ok  ok  ok  []
    operator of another study   | []  []  []  ok  []
    nothing any more            | []  []  []  []  []
""")
"""The open dead letters of a study."""

LIST_RUNS = everybody("empty") | {
    ("operator of all studies", whose): "others" for whose in WHOSE
}
"""The runs, which are of no study."""
