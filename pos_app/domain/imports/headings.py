"""Headings of a table matched to fields, and the program they come from.

Decides which column is which field by its heading alone; a person may correct it, and the correction is kept under
`key_of` the headings.
"""

import hashlib
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass

from pos_app.domain.errors import ExpectedError
from pos_app.domain.imports import programs, synonyms
from pos_app.domain.imports.kinds import FIELDS, Kind
from pos_app.domain.imports.programs import Program
from pos_app.domain.imports.synonyms import names_of


class MappingError(ExpectedError):
    """A mapping that names a field or a column twice, or one that is not there; `field` says which."""

    code = "imports.error.mapping"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column (from 0) holds which field, and what is left.

    `missing` are required fields without a column; of a group such as phone-or-card all members, when none is there.
    `elsewhere` are columns that belong to another kind, such as points in a table of members.
    """

    kind: Kind
    columns: Table[str, int]
    headings: tuple[str, ...]
    unmatched: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    elsewhere: tuple[tuple[int, Kind, str], ...] = ()
    program: Program | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every required field has its column."""
        return not self.missing


def match(kind: Kind, headings: Sequence[str]) -> Mapping:
    """Return which column holds which field; the first of two columns of one field counts."""
    columns: dict[str, int] = {}
    for index, heading in enumerate(headings):
        field = synonyms.field_of(kind, heading)
        if field is not None:
            columns.setdefault(field, index)
    return _mapping(kind, headings, columns)


def chosen(kind: Kind, headings: Sequence[str], columns: Table[str, int]) -> Mapping:
    """Return the mapping that a person chose; raise MappingError for a field or column that is not there."""
    for field, column in columns.items():
        if field not in FIELDS[kind] or not 0 <= column < len(headings):
            raise MappingError(field=field)
    if len(set(columns.values())) < len(columns):
        raise MappingError(field=next(f for f, c in columns.items() if list(columns.values()).count(c) > 1))
    return _mapping(kind, headings, dict(columns))


def key_of(headings: Sequence[str]) -> str:
    """Return a stable key of a set of headings, whatever their order, case, blanks and width."""
    names = sorted(filter(None, (names_of(heading)[0] for heading in headings)))
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()[:32]


def known_count(kind: Kind, headings: Sequence[str]) -> int:
    """Return how many different fields a row of texts names: how much it looks like headings."""
    return len({synonyms.field_of(kind, heading) for heading in headings} - {None})


def guess_kind(headings: Sequence[str]) -> Kind | None:
    """Return the kind whose fields the headings name best, or None when no kind would be complete.

    A table that tells more of people than who they are holds members, however many balances stand beside.
    """
    found = {kind: match(kind, headings) for kind in Kind}
    scores = {kind: len(mapping.columns) for kind, mapping in found.items() if mapping.is_complete}
    if found[Kind.MEMBERS].columns.keys() - _WHO:
        scores.pop(Kind.BALANCES, None)
    return max(scores, key=lambda kind: scores[kind], default=None)


_WHO = frozenset(("phone", "card", "name"))


def _mapping(kind: Kind, headings: Sequence[str], columns: dict[str, int]) -> Mapping:
    taken = set(columns.values())
    left = [i for i, heading in enumerate(headings) if i not in taken and heading.strip()]
    elsewhere = _elsewhere(kind, headings, left)
    theirs = {column for column, _, _ in elsewhere}
    return Mapping(
        kind=kind,
        columns=columns,
        headings=tuple(headings),
        unmatched=tuple(i for i in left if i not in theirs),
        missing=_missing(kind, columns),
        elsewhere=elsewhere,
        program=programs.recognise(frozenset(name for heading in headings for name in names_of(heading))),
    )


def _elsewhere(kind: Kind, headings: Sequence[str], left: list[int]) -> tuple[tuple[int, Kind, str], ...]:
    """Say which columns of members belong to balances: one file of the old program often holds both."""
    if kind is not Kind.MEMBERS:
        return ()
    found = ((i, synonyms.field_of(Kind.BALANCES, headings[i])) for i in left)
    return tuple((i, Kind.BALANCES, field) for i, field in found if field in ("points", "principal", "bonus"))


def _missing(kind: Kind, columns: Table[str, int]) -> tuple[str, ...]:
    missing = [f.name for f in FIELDS[kind].values() if f.required and f.name not in columns]
    groups: dict[str, list[str]] = {}
    for field in FIELDS[kind].values():
        if field.one_of is not None:
            groups.setdefault(field.one_of, []).append(field.name)
    there = {field.instead_of for field in FIELDS[kind].values() if field.name in columns}
    for group, names in groups.items():
        if group not in there and not any(name in columns for name in names):
            missing += names
    return tuple(missing)
