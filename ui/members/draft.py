"""What is being written of a new member: the fields of sign-up, as typed, and what they mean.

What is edited later stands in `sections`. Decides which text is a date of a child and which fields lack something;
whether a phone is one and who owns it is decided by the services. Pure values.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from pos_app.domain.members import Child
from pos_app.domain.values.barcode import fold
from pos_app.services.members import SignUp

NAME_LENGTH = 40
NAME_TYPED = 120
"""What a field of a name takes: more than is kept, so that what is too much is said and not cut in silence."""
NOTES_LENGTH = 500
MOST_CHILDREN = 8
_LONGEST_PREGNANCY = timedelta(days=310)
_OLDEST_YEARS = 30


@dataclass(frozen=True, slots=True)
class ChildDraft:
    """A child as typed: `expected` says that the date is a due date, else a birthday or a month of birth."""

    name: str = ""
    when: str = ""
    expected: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.name.strip() or self.when.strip())


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of a sign-up; `shared` is another person on a phone that is somebody's already."""

    phone: str = ""
    agreed: bool = False
    name: str = ""
    children: tuple[ChildDraft, ...] = ()
    children_agreed: bool = False
    shared: bool = False

    @property
    def told(self) -> tuple[ChildDraft, ...]:
        """The children of whom something was typed."""
        return tuple(child for child in self.children if not child.empty)


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong, as codes of `words`: by field name, and by the place of a child or of an important date."""

    fields: dict[str, str] = field(default_factory=dict)
    children: dict[int, str] = field(default_factory=dict)
    dates: dict[int, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.fields or self.children or self.dates)


def faults_of(draft: Draft, today: date) -> Faults:
    """Return what must be put right before somebody is signed up."""
    found = Faults()
    if not draft.phone.strip():
        found.fields["phone"] = "members.fault.phone_missing"
    if too_long(draft.name):
        found.fields["name"] = "members.fault.name_long"
    if not draft.agreed:
        found.fields["agreed"] = "members.fault.consent"
    if draft.told and not draft.children_agreed:
        found.fields["children_agreed"] = "members.fault.children_consent"
    for place, child in enumerate(draft.children):
        if child.when.strip() and child_of(child, today) is None:
            found.children[place] = child_fault(child, today)
    return found


def child_fault(draft: ChildDraft, today: date) -> str:
    """Return what is wrong with the date of a child: a due date long past is the birthday of one who is born."""
    if not draft.expected:
        return "members.fault.born"
    day, _ = read_day("".join(fold(draft.when).split()))
    past = day is not None and day < today - _LONGEST_PREGNANCY
    return "members.fault.due_past" if past else "members.fault.due"


def child_of(draft: ChildDraft, today: date) -> Child | None:
    """Return the child of a draft, None for a date that is none, in the future for a birthday, or years away."""
    text = "".join(fold(draft.when).split())
    name = one_line(draft.name) or None
    if not text:
        return Child(name=name)
    day, month_only = read_day(text)
    if day is None:
        return None
    if draft.expected:
        near = abs(day - today) <= _LONGEST_PREGNANCY
        return Child(name=name, due_on=day) if near and not month_only else None
    if day > today or day.year < today.year - _OLDEST_YEARS:
        return None
    return Child(name=name, born_on=day, month_only=month_only)


def read_day(text: str) -> tuple[date | None, bool]:
    """Return the day of a text and whether only its month was told: 2024-05-03, 20240503, 2024.5, 202405."""
    digits = text if text.isdigit() else ""
    if len(digits) == 8:
        parts, month_only = (digits[:4], digits[4:6], digits[6:]), False
    elif len(digits) == 6:
        parts, month_only = (digits[:4], digits[4:], "1"), True
    elif digits:
        return None, False
    elif whole := re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text):
        parts, month_only = (whole[1], whole[2], whole[3]), False
    elif month := re.fullmatch(r"(\d{4})[-/.年](\d{1,2})月?", text):
        parts, month_only = (month[1], month[2], "1"), True
    else:
        return None, False
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2])), month_only
    except ValueError:
        return None, False


def children_of(draft: Draft, today: date) -> tuple[Child, ...]:
    """Return the children of a draft without faults."""
    return tuple(child for each in draft.told if (child := child_of(each, today)) is not None)


def sign_up_of(draft: Draft, today: date) -> SignUp:
    """Return what the services are asked for."""
    return SignUp(
        phone=draft.phone,
        agreed=draft.agreed,
        name=one_line(draft.name),
        children=children_of(draft, today),
        children_agreed=draft.children_agreed,
        shared=draft.shared,
    )


def child_draft(child: Child) -> ChildDraft:
    """Return a child as the form shows it."""
    day = child.due_on or child.born_on
    text = "" if day is None else f"{day:%Y-%m}" if child.month_only else day.isoformat()
    return ChildDraft(child.name or "", text, expected=child.due_on is not None)


def too_long(name: str) -> bool:
    """Whether a name would be cut."""
    return len(one_line(name, len(name))) > NAME_LENGTH


def one_line(text: str, longest: int = NAME_LENGTH) -> str:
    """Return a text on one line, without characters that print nothing."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:longest]


def whole_phone(text: str, region: str) -> bool:
    """Whether so much of a phone was typed that it is worth asking whose it is.

    On the mainland eleven digits, elsewhere and with a country code eight. It spares a look-up with each key, and
    the library of all countries' numbers while a mainland number is half typed.
    """
    digits = sum(c.isdigit() for c in text)
    return digits >= (11 if region == "CN" and not fold(text).startswith(("+", "00")) else 8)
