"""The two parts of a member that are edited in place, as typed: who she is, and her dates and children.

Decides which text is which day, by the sun or by the moon, and what must be put right before saving. Pure values.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import msgspec

from pos_app.domain.anniversaries import MonthDay, lunar_of
from pos_app.domain.consents import agreed
from pos_app.domain.imports import dates as written_dates
from pos_app.domain.imports.faults import CellError
from pos_app.domain.member_keys import MASK, masked_address
from pos_app.domain.members import Child, ImportantDate, Member, Profile, Purpose
from pos_app.domain.values import lunar
from pos_app.domain.values.barcode import fold
from ui.members.draft import (
    NOTES_LENGTH,
    ChildDraft,
    Faults,
    child_draft,
    child_fault,
    child_of,
    one_line,
    read_day,
)

TEXT_LENGTH = 60
ADDRESS_LENGTH = 120
MOST_DATES = 12
MOST_INTERESTS = 12
_BETWEEN = re.compile(r"[,，、;；\s]+")
_CALENDAR = re.compile(r"(农历|農曆|阴历|陰曆)|公历|公曆|阳历|陽曆")
_MONTH_DAY = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?")


class Section(StrEnum):
    """The tabs below a member's card."""

    PURCHASES = "purchases"
    DATES = "dates"
    PROFILE = "profile"
    KEYS = "keys"
    CONSENTS = "consents"


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """Who a member is, as typed; interests are parted by commas or blanks."""

    name: str = ""
    gender: str = ""
    occupation: str = ""
    interests: str = ""
    character: str = ""
    origin: str = ""
    address: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class DayDraft:
    """A day as typed; with `by_moon` its numbers are those of the lunar calendar."""

    when: str = ""
    by_moon: bool = False
    label: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.when.strip() or self.label.strip())


@dataclass(frozen=True, slots=True)
class DatesDraft:
    """Birthday, important dates and children, as typed."""

    birthday: DayDraft = DayDraft()
    dates: tuple[DayDraft, ...] = ()
    children: tuple[ChildDraft, ...] = ()
    children_agreed: bool = False

    @property
    def told(self) -> "DatesDraft":
        """The same without rows in which nothing was typed."""
        return DatesDraft(
            self.birthday,
            tuple(d for d in self.dates if not d.empty),
            tuple(c for c in self.children if not c.empty),
            self.children_agreed,
        )


SectionDraft = ProfileDraft | DatesDraft


def profile_draft(member: Member, *, revealed: bool = False) -> ProfileDraft:
    """Return who a member is, as the form shows it; her address is masked unless she is revealed."""
    told = member.profile
    return ProfileDraft(
        name=told.name or "",
        gender=told.gender or "",
        occupation=told.occupation or "",
        interests="、".join(told.interests),
        character=told.character or "",
        origin=told.origin or "",
        address=_address(told.address, revealed),
        notes=told.notes or "",
    )


def _address(address: str | None, revealed: bool) -> str:
    return (address if revealed else masked_address(address)) if address else ""


def dates_draft(member: Member) -> DatesDraft:
    """Return a member's dates and children, as the form shows them."""
    told = member.profile
    birthday = DayDraft()
    if told.birthday is not None:
        birthday = _day_draft(told.birthday, told.birthday_lunar)
    elif told.birthday_day is not None:
        month, number = told.birthday_day.month, told.birthday_day.day
        when = f"{month}月{number}日" if told.birthday_lunar else f"{month:02}-{number:02}"
        birthday = DayDraft(when, told.birthday_lunar)
    dates = (_day_draft(d.on, d.lunar, d.label) for d in told.important_dates)
    return DatesDraft(birthday, tuple(dates), tuple(child_draft(child) for child in told.children))


def _day_draft(on: date, by_moon: bool, label: str = "") -> DayDraft:
    moon = lunar_of(on) if by_moon else None
    return DayDraft(lunar.written(moon) if moon is not None else on.isoformat(), by_moon, label)


def day_of(draft: DayDraft, today: date, *, yearly: bool = False) -> date | None:
    """Return the solar day of what was typed, None when it is none.

    `yearly` lets the year be left out, as of a wedding day whose year nobody told: this one is taken.
    """
    text = "".join(fold(draft.when).split())
    short = _MONTH_DAY.fullmatch(text) if yearly else None
    if draft.by_moon:
        here = lunar_of(today)
        if short is not None and here is not None:
            text = f"{here.year}-{short[1]}-{short[2]}"
        try:
            return lunar.to_solar(lunar.parse(text))
        except lunar.LunarDateError:
            return None
    if short is not None:
        text = f"{today.year}-{short[1]}-{short[2]}"
    day, month_only = read_day(text)
    return None if month_only else day


def birthday_of(draft: DayDraft, today: date) -> tuple[date | MonthDay, bool] | None:
    """Return the birthday that was typed and whether it is kept by the moon, None when it is none or after today.

    Its year may be left out: 5-3, 5月3日. What is only said of lunar days, 四月初九 or 农历4-9, is lunar whatever the
    choice beside it says; the words under the field tell what was understood.
    """
    text = "".join(fold(draft.when).split())
    marked = _CALENDAR.match(text)
    by_moon = draft.by_moon if marked is None else marked[1] is not None
    text = text if marked is None else text[marked.end() :]
    whole = day_of(DayDraft(text, by_moon), today)
    if whole is not None:
        return None if whole > today or whole.year < lunar.FIRST_YEAR else (whole, by_moon)
    short = _MONTH_DAY.fullmatch(text)
    try:
        # Whoever types sees under the field what was understood, so 5/3 and 5.3 are no riddle here.
        told, by_moon = written_dates.birthday(f"{short[1]}月{short[2]}日" if short else text, by_moon)
    except CellError:
        return None
    return (told, by_moon) if isinstance(told, MonthDay) else None


def section_faults(draft: SectionDraft, member: Member, today: date) -> Faults:
    """Return what must be put right before a part of a member is saved."""
    found = Faults()
    if isinstance(draft, ProfileDraft):
        kept = member.profile.address
        if MASK in draft.address and not (kept and draft.address in (kept, masked_address(kept))):
            found.fields["address"] = "members.fault.address_masked"
        return found
    if draft.birthday.when.strip() and birthday_of(draft.birthday, today) is None:
        found.fields["birthday"] = "members.fault.birthday"
    for place, day in enumerate(draft.dates):
        if day.empty:
            continue
        if not day.label.strip():
            found.dates[place] = "members.fault.date_label"
        elif day_of(day, today, yearly=True) is None:
            found.dates[place] = "members.fault.date"
    for place, child in enumerate(draft.children):
        if child.when.strip() and _child_of(child, member, today) is None:
            found.children[place] = child_fault(child, today)
    has_yes = draft.children_agreed or agreed(member.consents, Purpose.CHILDREN)
    if draft.told.children and not has_yes:
        found.fields["children_agreed"] = "members.fault.children_consent"
    return found


def _child_of(draft: ChildDraft, member: Member, today: date) -> Child | None:
    """Return the child of a draft; a date that stands so in the books is no less true for being old."""
    for kept in member.profile.children:
        shown = child_draft(kept)
        if (shown.when, shown.expected) == (draft.when, draft.expected):
            name = kept.name if shown.name == draft.name else one_line(draft.name) or None
            return msgspec.structs.replace(kept, name=name)
    return child_of(draft, today)


def profile_with(draft: SectionDraft, member: Member, today: date) -> Profile:
    """Return a member's personal fields with what a part without faults says."""
    if isinstance(draft, ProfileDraft):
        kept = member.profile.address
        untouched = kept is not None and draft.address == masked_address(kept)
        interests = dict.fromkeys(one_line(t, TEXT_LENGTH) for t in _BETWEEN.split(draft.interests))
        return msgspec.structs.replace(
            member.profile,
            name=one_line(draft.name) or None,
            gender=draft.gender or None,
            occupation=one_line(draft.occupation, TEXT_LENGTH) or None,
            interests=tuple(word for word in interests if word)[:MOST_INTERESTS],
            character=one_line(draft.character, ADDRESS_LENGTH) or None,
            origin=one_line(draft.origin, TEXT_LENGTH) or None,
            address=kept if untouched else one_line(draft.address, ADDRESS_LENGTH) or None,
            notes=draft.notes.strip()[:NOTES_LENGTH] or None,
        )
    told = draft.told
    born, by_moon = birthday_of(told.birthday, today) or (None, False)
    dates = (
        ImportantDate(label=one_line(d.label), on=on, lunar=d.by_moon)
        for d in told.dates
        if (on := day_of(d, today, yearly=True)) is not None
    )
    children = (child for each in told.children if (child := _child_of(each, member, today)) is not None)
    return msgspec.structs.replace(
        member.profile,
        birthday=None if isinstance(born, MonthDay) else born,
        birthday_day=born if isinstance(born, MonthDay) else None,
        birthday_lunar=by_moon,
        important_dates=tuple(dates),
        children=tuple(children),
    )
