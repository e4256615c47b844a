"""Rows of members and of their opening balances, read into drafts.

Decides what makes a member of a row (a phone or a card) and which dates can be true on the shop's day. Whose phone it
is already is the store's to say.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

from pos_app.domain.imports import dates, numbers
from pos_app.domain.imports.codes import phone, phone_list
from pos_app.domain.imports.drafts import BalanceDraft, ChildDraft, MemberDraft, Rules
from pos_app.domain.imports.faults import CellError, Reason, Refused
from pos_app.domain.imports.headings import Mapping
from pos_app.domain.imports.reading import Cells
from pos_app.domain.imports.table import Row
from pos_app.domain.imports.texts import NAME_LIMIT, NOTE_LIMIT, gender, listed, words, yes_no
from pos_app.domain.values.money import ZERO

LONGEST_LIFE = timedelta(days=366 * 120)
LONGEST_WAIT = timedelta(days=310)
"""No due date lies further ahead than a pregnancy is long."""
CHILD_AGE = timedelta(days=366 * 25)
_SLOTS = re.compile(r"[,，;；、|\n]")
T = TypeVar("T")
_Day = tuple[date, bool]
"""A day, and whether only its month is known."""
_EMPTY_SLOTS = frozenset(("", "-", "/", "—"))


def read_member(row: Row, mapping: Mapping, rules: Rules) -> MemberDraft | Refused:
    """Return the member of a row, or everything that keeps it from being taken."""
    cells = Cells(row, mapping)
    take = cells.take
    phones = take("phone", phone_list, rules.region) or ()
    more = take("phones", phone_list, rules.region)
    if more:
        phones = tuple(dict.fromkeys((*phones, *more)))
    card = cells.code("card")
    if not phones and card is None and not cells.faults:
        cells.refuse("phone", Reason.NO_PHONE_NO_CARD)
    birthday, is_lunar = _birthday(cells, rules)
    level = cells.words("level")
    draft = MemberDraft(
        row=row.number,
        phones=phones,
        card=card,
        name=cells.words("name", NAME_LIMIT),
        gender=take("gender", gender),
        birthday=birthday,
        birthday_lunar=is_lunar,
        joined_on=take("joined_on", _past, rules.today, LONGEST_LIFE),
        address=cells.words("address", NOTE_LIMIT),
        occupation=cells.words("occupation"),
        interests=take("interests", listed, NAME_LIMIT) or (),
        notes=cells.words("notes", NOTE_LIMIT),
        origin=cells.words("origin"),
        wechat=cells.code("wechat"),
        email=cells.code("email"),
        children=_children(cells, mapping, rules),
        marketing=take("marketing", yes_no),
        not_taken=(("level", level),) if level else (),
    )
    return cells.refused() if cells.faults else draft


def _within(day: date, today: date, longest: timedelta) -> date:
    if day > today:
        raise CellError(Reason.IN_FUTURE)
    if today - day > longest:
        raise CellError(Reason.TOO_LONG_AGO)
    return day


def _past(text: str, today: date, longest: timedelta) -> date:
    return _within(dates.day(text), today, longest)


def _birthday(cells: Cells, rules: Rules) -> tuple[date | None, bool]:
    is_lunar = cells.take("birthday_kind", dates.birthday_kind)
    found = cells.take("birthday", _born, is_lunar is True, rules.today)
    return found if found is not None else (None, False)


def _born(text: str, is_lunar: bool, today: date) -> tuple[date, bool]:
    day, lunar = dates.birthday(text, is_lunar)
    return _within(day, today, LONGEST_LIFE), lunar


def _children(cells: Cells, mapping: Mapping, rules: Rules) -> tuple[ChildDraft, ...]:
    """Return the children: one, or several when cells hold lists of the same length (大宝、二宝 and two birthdays)."""
    if not {"child_name", "child_birthday", "due_date"} & mapping.columns.keys():
        return ()
    names: list[str | None] = cells.take("child_name", _slots, _child_name, rules.today) or []
    born: list[_Day | None] = cells.take("child_birthday", _slots, _child_born, rules.today) or []
    due: list[_Day | None] = cells.take("due_date", _slots, _child_due, rules.today) or []
    count = max(len(names), len(born), len(due))
    if any(len(slots) not in (0, count) for slots in (names, born, due)):
        cells.refuse("child_birthday", Reason.CHILDREN_COUNT)
        return ()
    children: list[ChildDraft] = []
    for i in range(count):
        name = names[i] if names else None
        birth, expected = (born[i] if born else None), (due[i] if due else None)
        if birth is not None or expected is None:
            known = birth or (None, False)
            children.append(ChildDraft(name=name, born_on=known[0], month_only=known[1]))
            name = None
        if expected is not None:
            children.append(ChildDraft(name=name, due_on=expected[0], month_only=expected[1]))
    return tuple(child for child in children if child.name or child.born_on or child.due_on)


def _slots(text: str, parse: Callable[[str, date], T | None], today: date) -> list[T | None]:
    parts = [part.strip() for part in _SLOTS.split(text)]
    return [None if part in _EMPTY_SLOTS else parse(part, today) for part in parts]


def _child_name(text: str, today: date) -> str | None:
    return words(text, NAME_LIMIT)


def _child_born(text: str, today: date) -> tuple[date, bool]:
    day, month_only = dates.day_or_month(text)
    return _within(day, today, CHILD_AGE), month_only


def _child_due(text: str, today: date) -> tuple[date, bool]:
    day, month_only = dates.day_or_month(text)
    if day < (today.replace(day=1) if month_only else today):
        raise CellError(Reason.DUE_DATE_PAST)
    if day - today > LONGEST_WAIT:
        raise CellError(Reason.DUE_DATE_FAR)
    return day, month_only


def read_balance(row: Row, mapping: Mapping, rules: Rules) -> BalanceDraft | Refused:
    """Return what a member brings along, or everything that keeps it from being taken."""
    cells = Cells(row, mapping)
    number = cells.take("phone", phone, rules.region)
    card = cells.code("card")
    if number is None and card is None and not cells.faults:
        cells.refuse("phone", Reason.NO_PHONE_NO_CARD)
    draft = BalanceDraft(
        row=row.number,
        phone=number,
        card=card,
        points=cells.take("points", numbers.whole) or 0,
        principal=cells.take("principal", numbers.money, rules.currency) or ZERO,
        bonus=cells.take("bonus", numbers.money, rules.currency) or ZERO,
        as_of=cells.take("as_of", _past, rules.today, LONGEST_LIFE),
    )
    return cells.refused() if cells.faults else draft
