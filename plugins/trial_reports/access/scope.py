"""Which rows somebody may reach, as a value that every scoped reading asks for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from trial_reports.database.model import Row

_NO_ROW: Row = {"_id": {"$in": []}}


@dataclass(frozen=True)
class Scope:
    """A set of rows that carry ``userId``, ``studyId`` and ``siteId``.

    Make one with the class methods and join them with ``|``. An empty scope
    holds no row, and a row without a site is in no site's scope: what is not
    known is not shown.
    """

    _users: frozenset[str] = frozenset()
    _studies: frozenset[str] = frozenset()
    _sites: frozenset[tuple[str, str]] = frozenset()
    _all: bool = False

    @classmethod
    def nothing(cls) -> Scope:
        """Return the scope of somebody without any right."""
        return cls()

    @classmethod
    def own(cls, user_id: str) -> Scope:
        """Return the rows about one person."""
        return cls(_users=frozenset({user_id}))

    @classmethod
    def study(cls, study_id: str) -> Scope:
        """Return the rows of a whole study."""
        return cls(_studies=frozenset({study_id}))

    @classmethod
    def sites(cls, sites: Mapping[str, Collection[str]]) -> Scope:
        """Return the rows of some sites.

        Args:
            sites: For each study the ids of its sites; a site's id means
                nothing in another study.
        """
        return cls(
            _sites=frozenset(
                (study, site) for study, those in sites.items() for site in those
            )
        )

    @classmethod
    def everything(cls) -> Scope:
        """Return all rows there are."""
        return cls(_all=True)

    def __or__(self, other: Scope) -> Scope:
        return Scope(
            self._users | other._users,
            self._studies | other._studies,
            self._sites | other._sites,
            self._all or other._all,
        )

    def holds(self, *, user_id: str, study_id: str, site_id: str | None) -> bool:
        """Tell whether a row is in the scope, the same as the database would."""
        return (
            self._all
            or user_id in self._users
            or study_id in self._studies
            or (site_id is not None and (study_id, site_id) in self._sites)
        )

    def narrowed(self, query: Row) -> Row:
        """Return a MongoDB filter for the rows of a query that are in the scope.

        Args:
            query: Any filter; nothing in it widens the scope.
        """
        return {"$and": [self._filter(), query]}

    def _filter(self) -> Row:
        if self._all:
            return {}
        ways: list[Row] = []
        if self._users:
            ways.append({"userId": {"$in": sorted(self._users)}})
        if self._studies:
            ways.append({"studyId": {"$in": sorted(self._studies)}})
        ways += [
            {"studyId": study, "siteId": {"$in": list(sites)}}
            for study, sites in self._sites_by_study().items()
        ]
        return {"$or": ways} if ways else _NO_ROW

    def _sites_by_study(self) -> dict[str, list[str]]:
        by_study: dict[str, list[str]] = {}
        for study, site in sorted(self._sites):
            by_study.setdefault(study, []).append(site)
        return by_study
