"""Items of the sync desk in words: a row of the list, and both versions side by side.

Decides wording and masking: names are shown, phones, cards and addresses are masked as everywhere. Qt-free.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pos_app.domain.desk import CHOICES, Choice, DeskItem, ItemKind, Version
from pos_app.domain.member_keys import MASK, masked_address
from pos_app.domain.members import Member
from pos_app.domain.settings import Settings
from pos_app.domain.values import phone as phones
from pos_app.domain.values.ids import MemberId, ShopId, StaffId
from pos_app.words import format_amount, has_text, translate
from ui.sync.state import ItemDetail, ItemRow, Side
from ui.sync.telling import age_words, when_words

SETTLED_SHOWN_MS = 90 * 24 * 3_600_000
_FIGURES = re.compile(r"\d(?:[ -]?\d){6,}")
_SHOWN_OF_FIGURES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Who is who, and the moment at which somebody looks."""

    settings: Settings
    now_ms: int
    members: Mapping[MemberId, Member] = field(default_factory=dict)
    staff: Mapping[StaffId, str] = field(default_factory=dict)
    shops: Mapping[ShopId, str] = field(default_factory=dict)

    def shop(self, shop: ShopId) -> str:
        """Return a shop's name; this one's own is always known."""
        if shop == self.settings.shop_id:
            return self.shops.get(shop) or self.settings.shop_name
        return self.shops.get(shop) or translate("sync.word.other_shop")

    def member(self, member: MemberId | None) -> str:
        """Return a member as she is named among others: name and masked phone; "" for nobody."""
        if member is None:
            return ""
        found = self.members.get(member)
        if found is None:
            return translate("sync.word.unknown_member")
        name = found.profile.name or translate("sync.word.nameless")
        return f"{name} {phones.masked(found.phone)}" if found.phone else name


def members_in(items: Iterable[DeskItem]) -> set[MemberId]:
    """Return the members whom items name."""
    versions = (version for item in items for version in (item.first, item.second))
    return {version.member for version in versions if version.member is not None}


def is_shown(item: DeskItem, now_ms: int) -> bool:
    """Say whether an item still stands at the desk: open ones always, settled ones for 90 days."""
    return item.choice is None or item.chosen_at_ms >= now_ms - SETTLED_SHOWN_MS


def item_row(item: DeskItem, names: Names) -> ItemRow:
    """Write a row of the list."""
    since = item.at_ms if item.choice is None else item.chosen_at_ms
    shops = dict.fromkeys(names.shop(version.shop) for version in (item.first, item.second))
    return ItemRow(
        item_id=item.item_id,
        title=_title(item),
        who=_who(item, names),
        shops=" · ".join(shops),
        age=age_words(since, names.now_ms),
    )


def item_detail(item: DeskItem, names: Names) -> ItemDetail:
    """Write both versions, what happened, and what can be chosen."""
    kind = item.kind.value
    versions = [("first", item.first)]
    if item.kind is not ItemKind.PARKED:
        versions.append(("second", item.second))
    is_open = item.choice is None
    return ItemDetail(
        item_id=item.item_id,
        title=_title(item),
        told=translate(f"sync.kind.{kind}.told"),
        sides=tuple(_side(item, name, version, names) for name, version in versions),
        choices=tuple((one, choice_words(item, one)) for one in CHOICES[item.kind]) if is_open else (),
        settled="" if is_open else _settled(item, names),
    )


def choice_words(item: DeskItem, choice: Choice) -> str:
    """Return what a choice does, as its button says it."""
    return translate(f"sync.choice.{item.kind.value}.{choice.value}")


def _title(item: DeskItem) -> str:
    return translate(f"sync.kind.{item.kind.value}.title", about=_about(item))


def _about(item: DeskItem) -> str:
    """Return what an item is about: a field, a record or goods by name, a key masked once more."""
    if item.kind is ItemKind.LOST_EDIT:
        code = f"sync.field.{item.about}"
        return translate(code) if has_text(code) else item.about
    if item.kind is ItemKind.SAME_KEY:
        return masked_figures(item.about)
    if item.kind is ItemKind.PARKED:
        return record_words(item.about)
    return item.about or item.second.text or item.second.number


def record_words(kind: str) -> str:
    """Return what a kind of record is, in words; of one from a newer version its name as well."""
    code = f"sync.record.{kind}"
    return translate(code) if has_text(code) else translate("sync.word.unknown_record", kind=kind)


def _who(item: DeskItem, names: Names) -> str:
    first, second = names.member(item.first.member), names.member(item.second.member)
    if item.kind is ItemKind.SAME_KEY:
        # Once they are one member both ids have one name: what each was called stands in the item.
        return f"{item.first.text or first} / {item.second.text or second}"
    return first or second or item.first.number


def _side(item: DeskItem, name: str, version: Version, names: Names) -> Side:
    till = translate("shell.status.till", number=version.till_code) if version.till_code else ""
    where = " · ".join(part for part in (names.shop(version.shop), till) if part)
    staff = names.staff.get(version.staff, "") if version.staff is not None else ""
    total = format_amount(version.total, names.settings.money) if version.number else ""
    member = names.member(version.member)
    if item.kind is ItemKind.SAME_KEY:
        says = version.text or member
    elif item.kind is ItemKind.LOST_EDIT:
        says = masked_text(item.about, version.text) or translate("sync.word.empty")
    elif item.kind is ItemKind.PARKED:
        code = f"sync.parked.{version.text}"
        says = translate(code) if has_text(code) else version.text
    else:
        says = total or version.text or version.number or item.about
    lines = (
        ("number", version.number),
        ("goods", version.text if item.kind in (ItemKind.SOLD_TWICE, ItemKind.RETURNED_TWICE) else ""),
        ("member", member if item.kind is not ItemKind.SAME_KEY else ""),
        ("where", where),
        ("staff", staff),
        ("when", when_words(version.at_ms, names.now_ms, names.settings)),
    )
    return Side(
        head=translate(f"sync.kind.{item.kind.value}.{name}"),
        says=says,
        lines=tuple((translate(f"sync.line.{label}"), words) for label, words in lines if words),
    )


def _settled(item: DeskItem, names: Names) -> str:
    assert item.choice is not None
    parts = (
        names.staff.get(item.chosen_by, "") if item.chosen_by is not None else "",
        names.shop(item.chosen_shop) if item.chosen_shop is not None else "",
        when_words(item.chosen_at_ms, names.now_ms, names.settings),
    )
    by = " · ".join(part for part in parts if part)
    return translate("sync.desk.settled_by", choice=choice_words(item, item.choice), by=by)


def masked_text(name: str, text: str) -> str:
    """Return what stood in a field as everybody may see it."""
    if name == "address":
        return masked_address(text) if text else ""
    if "@" in text:
        head, _, domain = text.partition("@")
        return f"{head[:1]}{MASK}@{domain}"
    return masked_figures(text)


def masked_figures(text: str) -> str:
    """Return a text whose phones and numbers of cards keep their last four figures only; a masked one stays so."""
    return _FIGURES.sub(lambda found: f"{MASK}{found[0][-_SHOWN_OF_FIGURES:]}", text)
