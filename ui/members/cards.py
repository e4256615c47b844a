"""What is told of members, in finished words: rows of the list, the card, and what stands on its tabs.

Decides wording and masking: phones, cards and other keys are masked for everybody, the owner of the shop too, until
somebody asks to see them for a moment, which is recorded. Qt-free.
"""

from dataclasses import dataclass
from datetime import date, tzinfo

from pos_app.domain import member_keys
from pos_app.domain.consents import ASKED, latest
from pos_app.domain.members import Child, Consent, KeyKind, Member, MemberKey, Purpose, Stage, stage_of
from pos_app.domain.values import phone as phones
from pos_app.domain.values.ids import MemberId, SaleId, ShopId, StaffId
from pos_app.domain.values.money import Currency
from pos_app.services.ports.selling import SaleSummary
from pos_app.words import format_amount, format_count, format_date, format_date_time, has_text, translate
from ui.members.days import born_words, date_words, next_words, yearly_words

_STAGES = {
    Stage.EXPECTING: "members.stage.expecting",
    Stage.MONTHS_0_12: "members.stage.months_0_12",
    Stage.MONTHS_12_36: "members.stage.months_12_36",
    Stage.MONTHS_36_72: "members.stage.months_36_72",
}


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
class DayRow:
    """A birthday, an important date or a child: what it is, its day, and what is near."""

    what: str
    day: str
    next: str = ""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key of a member, masked unless she is revealed; `replaced` is a card that another took the place of."""

    key: MemberKey
    kind: str
    shown: str
    about: str
    replaced: bool


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """What a member said to one purpose over one channel."""

    purpose: Purpose
    channel: str | None
    what: str
    state: str
    about: str
    given: bool


@dataclass(frozen=True, slots=True)
class MemberCard:
    """A member at a glance and on her tabs; what is not known is empty and not shown."""

    member_id: MemberId
    name: str
    phone: str
    told: str
    stages: tuple[str, ...]
    near: str
    revealed: bool
    dates: tuple[DayRow, ...] = ()
    children: tuple[DayRow, ...] = ()
    about: tuple[tuple[str, str], ...] = ()
    keys: tuple[KeyRow, ...] = ()
    consents: tuple[ConsentRow, ...] = ()
    purchases: tuple[PurchaseRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Eyes:
    """When and where somebody looks, and who heard what: what decides how things are written."""

    shop: ShopId
    shop_name: str
    today: date
    zone: tzinfo
    currency: Currency
    staff: dict[StaffId, str]


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


def who_words(member: Member) -> str:
    """Return a member as she is named among others: name and masked phone."""
    return " ".join(
        part for part in (name_of(member), phones.masked(member.phone) if member.phone else "") if part
    )


def stages_of(member: Member, today: date) -> tuple[str, ...]:
    """Return the stages of a member's children, each once."""
    stages = (stage_of(child, today) for child in member.profile.children)
    return tuple(dict.fromkeys(translate(_STAGES[stage]) for stage in stages if stage is not None))


def member_card(
    member: Member, purchases: tuple[SaleSummary, ...], eyes: Eyes, *, revealed: bool = False
) -> MemberCard:
    """Write a member's card."""
    told = [
        _joined(member, eyes),
        translate("members.card.visits", count=member.visits),
    ]
    if member.last_visit_at is not None:
        told.append(translate("members.card.last_visit", day=format_date(member.last_visit_at, eyes.zone)))
    first = next((k for k in member.profile.keys if k.kind is KeyKind.PHONE), None)
    return MemberCard(
        member_id=member.member_id,
        name=name_of(member),
        phone=_shown(first, revealed) if first is not None else "",
        told=" · ".join(told),
        stages=stages_of(member, eyes.today),
        near=_near(member, eyes.today),
        revealed=revealed,
        dates=tuple(_dates(member, eyes.today)),
        children=tuple(_child(child, eyes.today) for child in member.profile.children),
        about=tuple(_about(member, revealed)),
        keys=tuple(_key(key, revealed) for key in member.profile.keys),
        consents=tuple(_consent(member, purpose, channel, eyes) for purpose, channel in ASKED),
        purchases=tuple(_purchase(sale, eyes) for sale in purchases),
    )


def _joined(member: Member, eyes: Eyes) -> str:
    """Return when and where a member joined; the names of other shops are not known on this till."""
    here = member.joined_shop == eyes.shop
    shop = eyes.shop_name if here else translate("members.word.other_shop")
    return translate("members.card.joined_at", day=format_date(member.joined_at, eyes.zone), shop=shop)


def _shown(key: MemberKey, revealed: bool) -> str:
    return member_keys.in_full(key) if revealed else member_keys.masked(key)


def _near(member: Member, today: date) -> str:
    """Return the birthday with its next day."""
    born = member.profile.born
    if born is None:
        return ""
    by_moon = member.profile.birthday_lunar
    return translate(
        "members.card.birthday",
        day=yearly_words(born, by_moon=by_moon),
        next=next_words(born, today, by_moon=by_moon),
    )


def _dates(member: Member, today: date) -> list[DayRow]:
    told = member.profile
    rows = []
    born = told.born
    if born is not None:
        by_moon = told.birthday_lunar
        what = translate("members.field.birthday_lunar" if by_moon else "members.field.birthday")
        rows.append(DayRow(what, born_words(born, by_moon=by_moon), next_words(born, today, by_moon=by_moon)))
    for each in told.important_dates:
        rows.append(DayRow(each.label, date_words(each), next_words(each.kept, today, by_moon=each.lunar)))
    return rows


def _child(child: Child, today: date) -> DayRow:
    stage = stage_of(child, today)
    day = ""
    if child.due_on is not None:
        day = translate("members.card.due", day=format_date(child.due_on))
    elif child.born_on is not None and child.month_only:
        day = translate("members.card.born_month", month=f"{child.born_on:%Y-%m}")
    elif child.born_on is not None:
        day = translate("members.card.born", day=format_date(child.born_on))
    what = child.name or translate("members.word.child")
    return DayRow(what, day, translate(_STAGES[stage]) if stage is not None else "")


def _about(member: Member, revealed: bool) -> list[tuple[str, str]]:
    """Return what is known of a member as labels and words; what is not known is left out."""
    told = member.profile
    address = told.address or ""
    gender = f"members.gender.{told.gender}"
    parts = {
        "gender": (translate(gender) if has_text(gender) else told.gender) if told.gender else "",
        "occupation": told.occupation or "",
        "interests": " · ".join(told.interests),
        "character": told.character or "",
        "origin": told.origin or "",
        "address": address if revealed or not address else member_keys.masked_address(address),
        "notes": told.notes or "",
    }
    return [(translate(f"members.field.{field}"), words) for field, words in parts.items() if words]


def _key(key: MemberKey, revealed: bool) -> KeyRow:
    about = [key.owner or ""]
    if key.shared:
        about.append(translate("members.key.shared"))
    if key.replaced is not None:
        about.append(translate(f"members.key.{key.replaced.value}"))
    return KeyRow(
        key=key,
        kind=translate(f"members.key.{key.kind.value}"),
        shown=_shown(key, revealed),
        about=" · ".join(part for part in about if part),
        replaced=key.replaced is not None,
    )


def _consent(member: Member, purpose: Purpose, channel: str | None, eyes: Eyes) -> ConsentRow:
    word = latest(member.consents, purpose, channel)
    given = word is not None and word.given
    state = "members.consent.given" if given else "members.consent.withdrawn"
    return ConsentRow(
        purpose=purpose,
        channel=channel,
        what=translate(f"members.consent.{channel or purpose.value}"),
        state=translate("members.consent.never" if word is None else state),
        about="" if word is None else _heard(word, eyes),
        given=given,
    )


def _heard(word: Consent, eyes: Eyes) -> str:
    """Return when, how, by whom and to which text a consent was given."""
    how = f"members.how.{word.how}"
    parts = [
        format_date(word.at, eyes.zone),
        translate(how) if has_text(how) else word.how,
        eyes.staff.get(word.by, ""),
        translate("members.consent.text_version", version=word.text_version),
    ]
    return " · ".join(part for part in parts if part)


def _purchase(sale: SaleSummary, eyes: Eyes) -> PurchaseRow:
    return PurchaseRow(
        sale_id=sale.sale_id,
        number=sale.number,
        time=format_date_time(sale.committed_at, eyes.zone),
        kind=translate(f"members.purchase.{sale.kind}"),
        total=format_amount(sale.total, eyes.currency),
        back=sale.kind != "sale",
    )
