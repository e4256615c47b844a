"""Rows of members and of their opening balances, read into drafts.

Decides what makes a member of a row (a phone, a card or another key) and which dates can be true on the shop's day.
Whose phone it is already is the store's to say.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import TypeVar

from pos_app.domain.anniversaries import MonthDay
from pos_app.domain.imports import dates, numbers
from pos_app.domain.imports.codes import code, phone, phone_list
from pos_app.domain.imports.drafts import BalanceDraft, ChildDraft, MemberDraft, Note, Rules
from pos_app.domain.imports.faults import CellError, Reason, Refused
from pos_app.domain.imports.headings import Mapping
from pos_app.domain.imports.kin import is_one_birth
from pos_app.domain.imports.reading import Cells, Parser, PlanOfFile
from pos_app.domain.imports.table import CellKind, Row
from pos_app.domain.imports.texts import (
    NAME_LIMIT,
    NOTE_LIMIT,
    TITLE_LIMIT,
    clean,
    gender,
    listed,
    words,
    yes_no,
)

LONGEST_LIFE = timedelta(days=366 * 120)
LONGEST_WAIT = timedelta(days=310)
"""No due date lies further ahead than a pregnancy is long."""
CHILD_AGE = timedelta(days=366 * 25)
_UNREAD = frozenset((Reason.FORMULA, Reason.SHEET_ERROR))
"""Faults of a cell of which there was nothing to read."""
_SLOTS = re.compile(r"[,，;；、|\n]")
T = TypeVar("T")
_Day = tuple[date, bool]
"""A day, and whether only its month is known."""
_EMPTY_SLOTS = frozenset(("", "-", "/", "—"))
_KEPT = 8192
_CODE = Parser(code, sees_kind=True, is_wordy=True)
_PARTS = re.compile(r"[,，;；、|\n]+")


def _code_list(text: str, kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code(part.strip(), kind) for part in _PARTS.split(text) if part.strip()))


_CODES = Parser(_code_list, sees_kind=True, is_wordy=True)


def _kept(parse: Callable[[str], object]) -> Parser:
    """Parse a text that many members share once. Names, phones and addresses are never kept."""
    return Parser(lru_cache(maxsize=_KEPT)(parse))


def _members_parsers(rules: Rules) -> dict[str, Parser]:
    today = rules.today
    title = Parser(lru_cache(maxsize=_KEPT)(partial(words, limit=TITLE_LIMIT)), is_wordy=True)
    note = Parser(partial(words, limit=NOTE_LIMIT), is_wordy=True)
    return {
        **dict.fromkeys(
            ("phone", "phones", "shared_phones"), Parser(partial(phone_list, region=rules.region))
        ),
        "card": _CODE,
        "name": Parser(partial(words, limit=NAME_LIMIT), is_wordy=True),
        "gender": _kept(gender),
        "birthday_kind": _kept(dates.birthday_kind),
        "birthday": Parser(lru_cache(maxsize=_KEPT)(partial(_born, today=today)), sees_kind=True),
        "joined_on": _kept(partial(_past, today=today, longest=LONGEST_LIFE)),
        **dict.fromkeys(("address", "notes"), note),
        **dict.fromkeys(("level", "occupation", "origin"), title),
        "interests": _kept(partial(listed, limit=NAME_LIMIT)),
        **dict.fromkeys(("cards", "wechat", "email"), _CODES),
        "child_name": Parser(partial(_slots, parse=_child_name, today=today)),
        "child_birthday": _kept(partial(_slots, parse=_child_born, today=today)),
        "due_date": _kept(partial(_slots, parse=_child_due, today=today)),
        "marketing": _kept(yes_no),
    }


_MEMBERS = PlanOfFile(_members_parsers)


def read_member(row: Row, mapping: Mapping, rules: Rules) -> MemberDraft | Refused:
    """Return the member of a row, or everything that keeps it from being taken."""
    cells = Cells(row, _MEMBERS.of(mapping, rules))
    values = cells.values
    take = values.pop
    phones, more = take("phone", ()), take("phones", ())
    if more:
        phones = tuple(dict.fromkeys(phones + more))
    keys = {name: take(name, ()) for name in ("cards", "wechat", "email")}
    is_known_by = phones or "shared_phones" in values or "card" in values or any(keys.values())
    if not is_known_by and not cells.faults:
        cells.refuse("phone", Reason.NO_PHONE_NO_CARD)
    if take("birthday_kind", False):
        _keep_lunar(cells, rules)
    birthday, is_lunar = take("birthday", None) or (None, False)
    whole = None if isinstance(birthday, MonthDay) else birthday
    children = _children(cells)
    level = take("level", None)
    if cells.faults:
        return cells.refused()
    return MemberDraft(
        row=row.number,
        phones=phones,
        wechat=next(iter(keys["wechat"]), None),
        email=next(iter(keys["email"]), None),
        others=(
            *(("card", each) for each in keys["cards"]),
            *((name, each) for name in ("wechat", "email") for each in keys[name][1:]),
        ),
        birthday=whole,
        birthday_day=None if birthday is whole else birthday,
        birthday_lunar=is_lunar,
        children=children,
        not_taken=(("level", level),) if level else (),
        told=(Note.DUE_DATE_PAST,) if any(_is_past(child, rules.today) for child in children) else (),
        **values,
    )


def _keep_lunar(cells: Cells, rules: Rules) -> None:
    """Read the birthday again as a lunar date, since another column says that it is one.

    30 February is one, though there is none by the sun.
    """
    faults = [fault for fault in cells.faults if fault.field == "birthday"]
    if any(fault.reason in _UNREAD for fault in faults) or not (faults or "birthday" in cells.values):
        return
    cells.values.pop("birthday", None)
    cells.faults = [fault for fault in cells.faults if fault not in faults]
    try:
        written, kind = cells.raw("birthday").strip(), cells.kind("birthday")
        cells.values["birthday"] = _born(written, kind, today=rules.today, is_lunar=True)
    except CellError as error:
        cells.refuse("birthday", error.reason, **error.params)


def _within(day: date, today: date, longest: timedelta) -> date:
    if day > today:
        raise CellError(Reason.IN_FUTURE)
    if today - day > longest:
        raise CellError(Reason.TOO_LONG_AGO)
    return day


def _past(text: str, today: date, longest: timedelta) -> date:
    return _within(dates.day(text), today, longest)


def _born(text: str, kind: str, today: date, is_lunar: bool = False) -> tuple[date | MonthDay, bool]:
    day, lunar = dates.birthday(text, is_lunar)
    if not isinstance(day, MonthDay):
        return _within(day, today, LONGEST_LIFE), lunar
    if kind == CellKind.DATE.value:
        # The cell holds a year and does not show it: it may be that of birth, or the year in which it was typed.
        raise CellError(Reason.NO_YEAR)
    return day, lunar


def _children(cells: Cells) -> tuple[ChildDraft, ...]:
    """Return the children: one, or several when cells hold lists of the same length (大宝、二宝 and two birthdays)."""
    take = cells.values.pop
    names: tuple[str | None, ...] = take("child_name", ())
    born: tuple[_Day | None, ...] = take("child_birthday", ())
    due: tuple[_Day | None, ...] = take("due_date", ())
    count = max(len(names), len(born), len(due))
    if not count:
        return ()
    if any(len(slots) not in (0, count) for slots in (names, born, due)):
        cells.refuse("child_birthday", Reason.CHILDREN_COUNT)
        return ()
    children: list[ChildDraft] = []
    for i in range(count):
        name = names[i] if names else None
        birth, expected = (born[i] if born else None), (due[i] if due else None)
        if birth is not None and expected is not None and is_one_birth(birth[0], expected[0]):
            expected = None
        if birth is not None or expected is None:
            known = birth or (None, False)
            children.append(ChildDraft(name=name, born_on=known[0], month_only=known[1]))
            name = None
        if expected is not None:
            children.append(ChildDraft(name=name, due_on=expected[0], month_only=expected[1]))
    return tuple(child for child in children if child.name or child.born_on or child.due_on)


def _slots(text: str, parse: Callable[[str, date], T | None], today: date) -> tuple[T | None, ...]:
    if not _SLOTS.search(text):
        return (parse(text, today),)
    parts = [part.strip() for part in _SLOTS.split(text)]
    return tuple(None if part in _EMPTY_SLOTS else parse(part, today) for part in parts)


def _child_name(text: str, today: date) -> str | None:
    return words(text, NAME_LIMIT)


def _child_born(text: str, today: date) -> tuple[date, bool]:
    day, month_only = dates.day_or_month(text)
    return _within(day, today, CHILD_AGE), month_only


def _child_due(text: str, today: date) -> tuple[date, bool]:
    day, month_only = dates.day_or_month(text)
    if today - day > CHILD_AGE:
        raise CellError(Reason.TOO_LONG_AGO)
    if day - today > LONGEST_WAIT:
        raise CellError(Reason.DUE_DATE_FAR)
    return day, month_only


def _is_past(child: ChildDraft, today: date) -> bool:
    """Say whether the day on which a child was due is over, and nobody told of its birth."""
    return child.due_on is not None and child.due_on < (today.replace(day=1) if child.month_only else today)


def _balances_parsers(rules: Rules) -> dict[str, Parser]:
    money = _kept(partial(numbers.money, currency=rules.currency))
    return {
        "phone": Parser(partial(phone, region=rules.region)),
        "card": _CODE,
        "name": Parser(clean),
        "points": _kept(numbers.whole),
        "principal": money,
        "bonus": money,
        "as_of": _kept(partial(_past, today=rules.today, longest=LONGEST_LIFE)),
    }


_BALANCES = PlanOfFile(_balances_parsers)


def read_balance(row: Row, mapping: Mapping, rules: Rules) -> BalanceDraft | Refused:
    """Return what a member brings along, or everything that keeps it from being taken."""
    cells = Cells(row, _BALANCES.of(mapping, rules))
    if cells.values.get("phone") is None and cells.values.get("card") is None and not cells.faults:
        cells.refuse("phone", Reason.NO_PHONE_NO_CARD)
    return cells.refused() if cells.faults else BalanceDraft(row=row.number, **cells.values)
