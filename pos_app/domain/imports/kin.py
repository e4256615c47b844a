"""Whether a file tells of somebody who is known already: names that agree, and a child of whom it knows more.

Decides when two names are one person's, and when two births are one child's; who has the phone or the card is the
store's to say.
"""

import re
from datetime import date, timedelta

import msgspec

from pos_app.domain.members import Child
from pos_app.domain.search import folded
from pos_app.domain.values.barcode import fold

_COURTESY = re.compile(r"(.+?)(?:女士|先生|小姐|太太)")
_HIDDEN = re.compile(r"([^*]+)\*+([^*]*)")
_EARLY = timedelta(days=140)
_LATE = timedelta(days=304)
"""A child is born up to twenty weeks before the day it was due; ten months after it, that day was another child's."""


def names_agree(ours: str | None, theirs: str | None) -> bool:
    """Say whether a file's name can be that of the person known by ours: the same, none, or 王女士 of 王小满."""
    known, told = folded(ours or ""), folded(theirs or "")
    return not known or not told or known == told or is_courtesy(ours, theirs)


def is_courtesy(ours: str | None, theirs: str | None) -> bool:
    """Say whether a file's name is only how a person is called (王女士) or written for strangers (王**, 王*满)."""
    known, told = folded(ours or ""), fold(theirs or "").replace(" ", "")
    called = _COURTESY.fullmatch(told)
    if called is not None:
        return known != folded(told) and known.startswith(folded(called[1]))
    hidden = _HIDDEN.fullmatch(told)
    if hidden is None:
        return False
    begins, ends = folded(hidden[1]), folded(hidden[2])
    return known.startswith(begins) and known.endswith(ends) and len(known) > len(begins + ends)


def is_one_birth(born: date, due: date) -> bool:
    """Say whether a child can be the one that was due on a day."""
    return -_EARLY <= born - due <= _LATE


def children_with(known: tuple[Child, ...], told: tuple[Child, ...]) -> tuple[Child, ...]:
    """Return the children who are known with what a file tells: more of them, or others.

    The surest come together first, so that of twins each finds its own.
    """
    now, left, mine = list(known), list(told), set(range(len(known)))
    for is_one in (_is_the_same, _is_born_the_same, _may_be_one):
        for child in tuple(left):
            place = next((i for i in sorted(mine) if is_one(known[i], child)), None)
            if place is not None:
                now[place] = _with_more(known[place], child)
                mine.remove(place)
                left.remove(child)
    return (*now, *left)


def _is_the_same(known: Child, told: Child) -> bool:
    return folded(known.name or "") == folded(told.name or "") and _is_born_the_same(known, told)


def _is_born_the_same(known: Child, told: Child) -> bool:
    """Say whether two children have one birth, or one name and no birth."""
    birth = known.born_on, known.due_on
    if birth == (None, None):
        return (told.born_on, told.due_on) == birth and known.name == told.name
    return birth == (told.born_on, told.due_on) and known.month_only == told.month_only


def _may_be_one(known: Child, told: Child) -> bool:
    """Say whether one of two knows more of the same child: its day, or that it was born."""
    ours, theirs = folded(known.name or ""), folded(told.name or "")
    if ours and theirs and ours != theirs:
        return False
    if None in (known.born_on or known.due_on, told.born_on or told.due_on):
        return bool(ours) and ours == theirs
    if known.born_on and told.born_on:
        return _is_in_one_month(known, told, known.born_on, told.born_on)
    if known.due_on and told.due_on:
        return _is_in_one_month(known, told, known.due_on, told.due_on)
    born, due = known.born_on or told.born_on, known.due_on or told.due_on
    assert born is not None and due is not None
    return is_one_birth(born, due)


def _is_in_one_month(known: Child, told: Child, day: date, other: date) -> bool:
    one_month = (day.year, day.month) == (other.year, other.month)
    return one_month and (known.month_only or told.month_only)


def _with_more(known: Child, told: Child) -> Child:
    """Return a child with the more that is known of it: its name, a birth after a due date, a day after a month."""
    child = known if known.name else msgspec.structs.replace(known, name=told.name)
    is_more = (told.born_on and not known.born_on) or (told.due_on and not (known.born_on or known.due_on))
    is_nearer = known.month_only and not told.month_only and (told.born_on or not known.born_on)
    if (told.born_on or told.due_on) and (is_more or is_nearer):
        child = msgspec.structs.replace(
            child, born_on=told.born_on, due_on=told.due_on, month_only=told.month_only
        )
    return child
