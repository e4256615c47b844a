"""What is told of members, in finished words: rows of the list, the card, purchases.

Decides wording and masking: a phone is shown by its last digits, in full only on the card and only to a manager
or an owner. Qt-free.
"""

from dataclasses import dataclass
from datetime import date, tzinfo

from pos_app.domain.members import Child, Member, Stage, stage_of
from pos_app.domain.staff import Role
from pos_app.domain.values import phone as phones
from pos_app.domain.values.ids import MemberId, SaleId
from pos_app.domain.values.money import Currency
from pos_app.services.ports.selling import SaleSummary
from pos_app.words import format_amount, format_count, format_date, format_date_time, translate

_STAGES = {
    Stage.EXPECTING: "members.stage.expecting",
    Stage.MONTHS_0_12: "members.stage.months_0_12",
    Stage.MONTHS_12_36: "members.stage.months_12_36",
    Stage.MONTHS_36_72: "members.stage.months_36_72",
}
SEES_PHONES = frozenset({Role.MANAGER, Role.OWNER})


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member in the list."""

    member_id: MemberId
    name: str
    under: str
    phone: str
    last_visit: str
    visits: str


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """A sale of a member."""

    sale_id: SaleId
    number: str
    time: str
    kind: str
    total: str
    back: bool


@dataclass(frozen=True, slots=True)
class MemberCard:
    """A member at a glance; what is not known is empty and not shown."""

    member_id: MemberId
    name: str
    phone: str
    told: str
    stages: tuple[str, ...]
    birthday: str
    children: tuple[str, ...]
    notes: str
    purchases: tuple[PurchaseRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks, when and where: what decides how things are written."""

    role: Role
    today: date
    zone: tzinfo
    currency: Currency


def name_of(member: Member) -> str:
    """Return a member's name, or what stands for one."""
    return member.profile.name or translate("members.word.nameless")


def member_row(member: Member, eyes: Eyes) -> MemberRow:
    """Write a row of the list."""
    seen = member.last_visit_at
    return MemberRow(
        member_id=member.member_id,
        name=name_of(member),
        under=" · ".join(stages_of(member, eyes.today)),
        phone=phones.masked(member.phone) if member.phone else "",
        last_visit=format_date(seen, eyes.zone) if seen else translate("members.word.never"),
        visits=format_count(member.visits),
    )


def stages_of(member: Member, today: date) -> tuple[str, ...]:
    """Return the stages of a member's children, each once."""
    stages = (stage_of(child, today) for child in member.profile.children)
    return tuple(dict.fromkeys(translate(_STAGES[stage]) for stage in stages if stage is not None))


def member_card(member: Member, purchases: tuple[SaleSummary, ...], eyes: Eyes) -> MemberCard:
    """Write a member's card."""
    told = [
        translate("members.card.joined", day=format_date(member.joined_at, eyes.zone)),
        translate("members.card.visits", count=member.visits),
    ]
    if member.last_visit_at is not None:
        told.append(translate("members.card.last_visit", day=format_date(member.last_visit_at, eyes.zone)))
    return MemberCard(
        member_id=member.member_id,
        name=name_of(member),
        phone=phone_for(member, eyes.role),
        told=" · ".join(told),
        stages=stages_of(member, eyes.today),
        birthday=_birthday(member),
        children=tuple(_child(child, eyes.today) for child in member.profile.children),
        notes=member.profile.notes or "",
        purchases=tuple(_purchase(sale, eyes) for sale in purchases),
    )


def phone_for(member: Member, role: Role) -> str:
    """Return a member's phone as a role may see it."""
    if member.phone is None:
        return ""
    if role not in SEES_PHONES:
        return phones.masked(member.phone)
    plain = phones.national(member.phone)
    return f"{plain[:3]} {plain[3:7]} {plain[7:]}" if phones.is_mainland_mobile(plain) else plain


def _birthday(member: Member) -> str:
    born = member.profile.birthday
    if born is None:
        return ""
    code = "members.card.birthday_lunar" if member.profile.birthday_lunar else "members.card.birthday"
    return translate(code, day=format_date(born, year=False))


def _child(child: Child, today: date) -> str:
    stage = stage_of(child, today)
    parts = [child.name or translate("members.word.child")]
    if child.due_on is not None:
        parts.append(translate("members.card.due", day=format_date(child.due_on)))
    elif child.born_on is not None and child.month_only:
        parts.append(translate("members.card.born_month", month=f"{child.born_on:%Y-%m}"))
    elif child.born_on is not None:
        parts.append(translate("members.card.born", day=format_date(child.born_on)))
    if stage is not None:
        parts.append(translate(_STAGES[stage]))
    return " · ".join(parts)


def _purchase(sale: SaleSummary, eyes: Eyes) -> PurchaseRow:
    return PurchaseRow(
        sale_id=sale.sale_id,
        number=sale.number,
        time=format_date_time(sale.committed_at, eyes.zone),
        kind=translate(f"members.purchase.{sale.kind}"),
        total=format_amount(sale.total, eyes.currency),
        back=sale.kind != "sale",
    )
