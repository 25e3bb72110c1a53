"""All that the database holds: to see that nothing has changed, or to put it back."""

from typing import Any

from pymongo.database import Database

from trial_reports.database.schema import INDEXES

Rows = Database[dict[str, Any]]
Everything = dict[str, list[dict[str, Any]]]


def everything_in(database: Rows) -> Everything:
    """Return the rows of all collections, the undeclared as well, by their names."""
    names = {*INDEXES, *database.list_collection_names()}
    return {
        name: list(database[name].find(sort=[("_id", 1)])) for name in sorted(names)
    }


def put_back(database: Rows, before: Everything) -> None:
    """Make the database hold what it held before."""
    for name, rows in everything_in(database).items():
        if rows != before.get(name, []):
            database[name].delete_many({})
            if before.get(name):
                database[name].insert_many(before[name])


def without(everything: Everything, *names: str) -> Everything:
    """Return the rows of all collections but some."""
    return {name: rows for name, rows in everything.items() if name not in names}
