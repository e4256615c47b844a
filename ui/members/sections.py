"""The two parts of a member that are edited in place, as typed: who she is, and her dates and children.

Decides which text is which day, by the sun or by the moon, and what must be put right before saving. Pure values.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import msgspec

from pos_app.domain.anniversaries import MonthDay, last_time, lunar_of
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
    too_long,
)

TEXT_LENGTH = 60
ADDRESS_LENGTH = 120
MOST_DATES = 12
MOST_INTERESTS = 12
_YEARS_AHEAD = 10
"""How far ahead an important date may lie: a wedding that is planned, not a slip of the key."""
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
    SHOPS = "shops"


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
        birthday = _day_draft(told.birthday_day, told.birthday_lunar)
    return DatesDraft(
        birthday,
        tuple(_day_draft(d.kept, d.lunar, d.label) for d in told.important_dates),
        tuple(child_draft(child) for child in told.children),
    )


def _day_draft(on: date | MonthDay, by_moon: bool, label: str = "") -> DayDraft:
    if isinstance(on, MonthDay):
        when = f"{on.month}月{on.day}日" if by_moon else f"{on.month:02}-{on.day:02}"
        return DayDraft(when, by_moon, label)
    moon = lunar_of(on) if by_moon else None
    return DayDraft(lunar.written(moon) if moon is not None else on.isoformat(), by_moon, label)


def day_of(draft: DayDraft) -> date | None:
    """Return the solar day of what was typed with its year, None when it is none."""
    text = "".join(fold(draft.when).split())
    if draft.by_moon:
        if len(text) == 8 and text.isdigit():
            text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
        try:
            return lunar.to_solar(lunar.parse(text))
        except lunar.LunarDateError:
            return None
    day, month_only = read_day(text)
    return None if month_only else day


def birthday_of(draft: DayDraft, today: date) -> tuple[date | MonthDay, bool] | None:
    """Return the birthday that was typed and whether it is kept by the moon, None when it is none or after today."""
    told = _told(draft)
    if told is not None and isinstance(told[0], date):
        return told if told[0] <= today and told[0].year >= lunar.FIRST_YEAR else None
    return told


def date_of(draft: DayDraft, today: date) -> ImportantDate | None:
    """Return the important date that was typed, None when it is none or in a year that cannot be meant."""
    told = _told(draft)
    if told is None:
        return None
    (day, by_moon), label = told, one_line(draft.label)
    if isinstance(day, MonthDay):
        return ImportantDate(label=label, on=last_time(day, today, by_moon=by_moon), lunar=by_moon, day=day)
    meant = lunar.FIRST_YEAR <= day.year <= today.year + _YEARS_AHEAD
    return ImportantDate(label=label, on=day, lunar=by_moon) if meant else None


def _told(draft: DayDraft) -> tuple[date | MonthDay, bool] | None:
    """Return the day that was typed and whether it is kept by the moon, None when it is none.

    Its year may be left out: 5-3, 5月3日. What is only said of lunar days, 四月初九 or 农历4-9, is lunar whatever the
    choice beside it says; the words under the field tell what was understood.
    """
    text, by_moon = _unmarked(draft)
    whole = day_of(DayDraft(text, by_moon))
    if whole is not None:
        return whole, by_moon
    short = _MONTH_DAY.fullmatch(text)
    try:
        # Whoever types sees under the field what was understood, so 5/3 and 5.3 are no riddle here.
        told, by_moon = written_dates.birthday(f"{short[1]}月{short[2]}日" if short else text, by_moon)
    except CellError:
        return None
    return (told, by_moon) if isinstance(told, MonthDay) else None


def _unmarked(draft: DayDraft) -> tuple[str, bool]:
    """Return what was typed without the name of its calendar, and whether that is the lunar one."""
    text = "".join(fold(draft.when).split())
    marked = _CALENDAR.match(text)
    if marked is None:
        return text, draft.by_moon
    return text[marked.end() :], marked[1] is not None


def section_faults(draft: SectionDraft, member: Member, today: date) -> Faults:
    """Return what must be put right before a part of a member is saved."""
    found = Faults()
    if isinstance(draft, ProfileDraft):
        kept = member.profile.address
        if MASK in draft.address and not (kept and draft.address in (kept, masked_address(kept))):
            found.fields["address"] = "members.fault.address_masked"
        if draft.name != (member.profile.name or "") and too_long(draft.name):
            found.fields["name"] = "members.fault.name_long"
        return found
    shown = dates_draft(member)
    if (
        draft.birthday.when.strip()
        and draft.birthday != shown.birthday
        and birthday_of(draft.birthday, today) is None
    ):
        leap = _leap_without_year(draft.birthday)
        found.fields["birthday"] = "members.fault.leap_year" if leap else "members.fault.birthday"
    for place, day in enumerate(draft.dates):
        if day.empty or day in shown.dates:
            continue
        if not day.label.strip():
            found.dates[place] = "members.fault.date_label"
        elif _date_of(day, member, today) is None:
            found.dates[place] = _date_fault(day)
    for place, child in enumerate(draft.children):
        if child.when.strip() and _child_of(child, member, today) is None:
            found.children[place] = child_fault(child, today)
    has_yes = draft.children_agreed or agreed(member.consents, Purpose.CHILDREN)
    if draft.told.children and not has_yes:
        found.fields["children_agreed"] = "members.fault.children_consent"
    return found


def _leap_without_year(draft: DayDraft) -> bool:
    """Whether a day of a leap month was typed without its year, which alone tells when there is one."""
    return _unmarked(draft)[0].startswith(("闰", "閏"))


def _date_fault(draft: DayDraft) -> str:
    """Return what is wrong with an important date, by the calendar that was meant."""
    if _leap_without_year(draft):
        return "members.fault.leap_year"
    if _told(draft) is not None:
        return "members.fault.date_year"
    return "members.fault.date_lunar" if _unmarked(draft)[1] else "members.fault.date"


def _date_of(draft: DayDraft, member: Member, today: date) -> ImportantDate | None:
    """Return the important date of a draft; one that stands so in the books stays as it is, but for its label."""
    for kept in member.profile.important_dates:
        shown = _day_draft(kept.kept, kept.lunar, kept.label)
        if (shown.when, shown.by_moon) == (draft.when, draft.by_moon):
            label = kept.label if shown.label == draft.label else one_line(draft.label)
            return msgspec.structs.replace(kept, label=label)
    return date_of(draft, today)


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
            name=member.profile.name if draft.name == member.profile.name else one_line(draft.name) or None,
            gender=draft.gender or None,
            occupation=one_line(draft.occupation, TEXT_LENGTH) or None,
            interests=tuple(word for word in interests if word)[:MOST_INTERESTS],
            character=one_line(draft.character, ADDRESS_LENGTH) or None,
            origin=one_line(draft.origin, TEXT_LENGTH) or None,
            address=kept if untouched else one_line(draft.address, ADDRESS_LENGTH) or None,
            notes=draft.notes.strip()[:NOTES_LENGTH] or None,
        )
    told, before = draft.told, member.profile
    born, by_moon = before.born, before.birthday_lunar
    if told.birthday != dates_draft(member).birthday:
        born, by_moon = birthday_of(told.birthday, today) or (None, False)
    dates = (day for each in told.dates if (day := _date_of(each, member, today)) is not None)
    children = (child for each in told.children if (child := _child_of(each, member, today)) is not None)
    return msgspec.structs.replace(
        member.profile,
        birthday=None if isinstance(born, MonthDay) else born,
        birthday_day=born if isinstance(born, MonthDay) else None,
        birthday_lunar=by_moon,
        important_dates=tuple(dates),
        children=tuple(children),
    )
