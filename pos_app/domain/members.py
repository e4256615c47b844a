"""Members: who they are, what they agreed to, and what a till shows of them.

Decides what a valid sign-up is and what of a member is shown masked. Points and levels are not here.
"""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from pos_app.domain.anniversaries import MonthDay
from pos_app.domain.errors import ExpectedError
from pos_app.domain.values import phone as phones
from pos_app.domain.values.ids import ConsentId, MemberId, ShopId, StaffId


class MemberExistsError(ExpectedError):
    """The phone belongs to a member already."""

    code = "members.error.exists"


class MemberGoneError(ExpectedError):
    """The member was erased."""

    code = "members.error.gone"


class ConsentMissingError(ExpectedError):
    """A sign-up needs the customer's yes to the membership terms."""

    code = "members.error.consent_missing"


class KeyKind(StrEnum):
    """What finds a member."""

    PHONE = "phone"
    CARD = "card"
    WECHAT = "wechat"
    EMAIL = "email"


class Replaced(StrEnum):
    """What becomes of a card's number once another card took its place."""

    REFUSED = "refused"
    FORWARDED = "forwarded"


class MemberKey(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One key of a member: E.164 phone, card number and so on; `owner` says whose phone it is (mother, father).

    A phone belongs to one member; it may stand `shared` with others, who are then asked for by name. `replaced` says
    that another card took this one's place, and what a scan of the old number does.
    """

    kind: KeyKind
    value: str
    owner: str | None = None
    verified: bool = False
    shared: bool = False
    replaced: Replaced | None = None


class Purpose(StrEnum):
    """What a consent is for."""

    MEMBERSHIP = "membership"
    MARKETING = "marketing"
    CHILDREN = "children"


class Consent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A yes or a no to one purpose over one channel, with the text version that was shown or read."""

    consent_id: ConsentId
    purpose: Purpose
    given: bool
    text_version: str
    how: str
    by: StaffId
    at: datetime
    channel: str | None = None


class Child(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A child by due date, birthday, or month of birth (its first day)."""

    name: str | None = None
    born_on: date | None = None
    due_on: date | None = None
    month_only: bool = False


class Stage(StrEnum):
    """How far along a child is; months as in PRODUCT.md B3."""

    EXPECTING = "expecting"
    MONTHS_0_12 = "0-12"
    MONTHS_12_36 = "12-36"
    MONTHS_36_72 = "36-72"


class ImportantDate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A date that matters to a member, such as a wedding day; it comes again each year.

    Where nobody told the year, `day` is what was told, and `on` the last time before that it was this day.
    """

    label: str
    on: date
    lunar: bool = False
    day: MonthDay | None = None

    @property
    def kept(self) -> date | MonthDay:
        """The date as far as it is known: with its year, or without."""
        return self.day or self.on


class Profile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The personal fields of a member; sealed in facts, erased with the member.

    `origin` is the channel she came by, `character` what a clerk should know of her manner. A lunar birthday is the
    solar date of the day of birth, with the flag set. `birthday_day` is a birthday whose year nobody told, by the
    lunar calendar where the flag is set; it stands only where `birthday` does not.
    """

    name: str | None = None
    gender: str | None = None
    birthday: date | None = None
    birthday_lunar: bool = False
    occupation: str | None = None
    interests: tuple[str, ...] = ()
    character: str | None = None
    important_dates: tuple[ImportantDate, ...] = ()
    origin: str | None = None
    address: str | None = None
    notes: str | None = None
    keys: tuple[MemberKey, ...] = ()
    children: tuple[Child, ...] = ()
    birthday_day: MonthDay | None = None

    @property
    def born(self) -> date | MonthDay | None:
        """The birthday as far as it is known: with its year, or without."""
        return self.birthday or self.birthday_day

    def text_of(self, field: str) -> str:
        """Return a field of one word as a person reads it; `birthday` is all that is known of it."""
        return str(self.born or "") if field == "birthday" else getattr(self, field) or ""


class Member(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A member of the shop; `version` counts the edits."""

    member_id: MemberId
    joined_at: datetime
    joined_shop: ShopId
    profile: Profile
    consents: tuple[Consent, ...] = ()
    last_visit_at: datetime | None = None
    visits: int = 0

    @property
    def phone(self) -> str | None:
        """The first phone, in E.164."""
        return next((k.value for k in self.profile.keys if k.kind is KeyKind.PHONE), None)


class MemberStrip(msgspec.Struct, frozen=True, kw_only=True):
    """What the sell page shows of a member: the name in full, the phone masked."""

    member_id: MemberId
    name: str | None
    masked_phone: str | None
    birthday: date | MonthDay | None
    stages: tuple[Stage, ...]
    visits: int
    last_visit_at: datetime | None


def strip_of(member: Member, today: date) -> MemberStrip:
    """Return what the sell page shows of a member on a day."""
    stages = (stage_of(child, today) for child in member.profile.children)
    return MemberStrip(
        member_id=member.member_id,
        name=member.profile.name,
        masked_phone=phones.masked(member.phone) if member.phone else None,
        birthday=member.profile.born,
        stages=tuple(dict.fromkeys(s for s in stages if s is not None)),
        visits=member.visits,
        last_visit_at=member.last_visit_at,
    )


def stage_of(child: Child, today: date) -> Stage | None:
    """Return a child's stage on a day, or None past 72 months or without a date.

    An expected child whose date has passed counts from that date.
    """
    born = child.born_on or child.due_on
    if born is None:
        return None
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months < 0:
        return Stage.EXPECTING
    for upper, stage in ((12, Stage.MONTHS_0_12), (36, Stage.MONTHS_12_36), (72, Stage.MONTHS_36_72)):
        if months < upper:
            return stage
    return None


def check_consents(consents: tuple[Consent, ...], children: tuple[Child, ...]) -> None:
    """Raise ConsentMissingError unless membership, and children when there are any, were agreed to."""
    given = {c.purpose for c in consents if c.given}
    if Purpose.MEMBERSHIP not in given or (children and Purpose.CHILDREN not in given):
        raise ConsentMissingError()
