"""What all shops together know of a member, in finished words; and two members beside each other before they merge.

Decides wording only. What a merged record holds is the platform's (SYNC.md §6): the newest word of each field, sets
together, the earliest day of joining, of consents the stricter. Qt-free.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pos_app.domain import member_keys
from pos_app.domain.members import Member
from pos_app.domain.records import Change, MemberRecord
from pos_app.domain.values.ids import MemberId, ShopId
from pos_app.services.ports.syncing import OnlineSale
from pos_app.words import format_amount, format_count, format_date, format_date_time, has_text, translate
from ui.members.cards import Eyes, PurchaseRow, name_of, who_words
from ui.members.days import born_words

CHANGES_SHOWN = 50
MONTHS_SHOWN = 18


class Asked(StrEnum):
    """How a question to the platform stands."""

    NOT = "not"
    WAITING = "waiting"
    ANSWERED = "answered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Everywhere:
    """A member's record over all shops; lines are label, words, and what is on the right."""

    member_id: MemberId
    shops: tuple[tuple[str, str, str], ...] = ()
    months: tuple[tuple[str, str, str], ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()
    also: tuple[MemberId, ...] = ()
    """The ids that were merged into this one, the latest last."""
    merged: str = ""
    """Who was merged into this one, the latest first, as each is named among others."""
    latest: str = ""
    """Who is parted first."""
    asked: Asked = Asked.NOT
    told: str = ""
    """What is said of the question to the platform."""
    sales: tuple[PurchaseRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A field of two members: what each says, and what the one record will hold."""

    field: str
    here: str
    there: str
    holds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """The search for another member, who was found, and the two beside each other; `chosen` None before that."""

    text: str = ""
    rows: tuple[tuple[MemberId, str, str], ...] = ()
    """Id, name with masked phone, and when she came last."""
    nobody: str = ""
    chosen: MemberId | None = None
    names: tuple[str, str] = ("", "")
    fields: tuple[Compared, ...] = ()


def everywhere(
    member_id: MemberId,
    record: MemberRecord,
    shops: Mapping[ShopId, str],
    eyes: Eyes,
    merged: Mapping[MemberId, Member] = {},
) -> Everywhere:
    """Write a member's record; `merged` are those who were merged into her, as far as they stand here."""
    months = sorted(record.months, key=lambda month: -month.month)[:MONTHS_SHOWN]
    changes = sorted(record.changes, key=lambda change: -change.at_ms)[:CHANGES_SHOWN]
    also = [_who(merged.get(one)) for one in reversed(record.also)]
    names = translate("members.word.and").join(also)
    return Everywhere(
        member_id=member_id,
        shops=tuple(
            (
                _shop(seen.shop, shops),
                translate("members.card.visits", count=seen.visits),
                translate("members.card.last_visit", day=format_date(_moment(seen.last_ms), eyes.zone)),
            )
            for seen in record.shops
        ),
        months=tuple(
            (
                f"{month.month // 100}-{month.month % 100:02}",
                format_amount(month.spend, eyes.currency),
                translate("members.card.visits", count=month.visits),
            )
            for month in months
        ),
        changes=tuple(_change(change, shops, eyes) for change in changes),
        also=record.also,
        merged=translate("members.everywhere.merged", names=names) if also else "",
        latest=also[0] if also else "",
    )


def _who(member: Member | None) -> str:
    """Return who was merged: name and masked phone as everywhere; in words where this till never had her."""
    return translate("members.everywhere.unseen") if member is None else who_words(member)


def _change(change: Change, shops: Mapping[ShopId, str], eyes: Eyes) -> tuple[str, str, str]:
    what = translate(f"members.changed.{change.what.value}")
    fields = " · ".join(dict.fromkeys(field_words(name) for name in change.fields))
    if fields:
        what = translate("members.changed.fields", what=what, fields=fields)
    if change.lost:
        what = translate("members.changed.lost", what=what)
    where = [
        _shop(change.shop, shops),
        _till(change.till_code),
        eyes.staff.get(change.staff, "") if change.staff is not None else "",
    ]
    when = format_date_time(_moment(change.at_ms), eyes.zone)
    return when, what, " · ".join(part for part in where if part)


def _till(code: str) -> str:
    """Return a till as the status bar calls it; what no till did, head office did."""
    return translate("shell.status.till", number=code) if code else translate("members.everywhere.desk")


def field_words(name: str) -> str:
    """Return the name of a field as people say it."""
    code = f"sync.field.{name}"
    return translate(code) if has_text(code) else name


def _shop(shop: ShopId, shops: Mapping[ShopId, str]) -> str:
    return shops.get(shop) or translate("members.word.other_shop")


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def online_row(found: OnlineSale, eyes: Eyes) -> PurchaseRow:
    """Write a sale of any shop."""
    sale = found.sale
    when = format_date_time(sale.committed_at, eyes.zone)
    parts = [when, found.shop_name]
    if not found.counts:
        parts.append(translate("members.everywhere.not_counted"))
    return PurchaseRow(
        sale_id=sale.sale_id,
        number=sale.number,
        time=" · ".join(parts),
        kind=translate(f"members.purchase.{sale.kind.value}"),
        total=format_amount(sale.total, eyes.currency),
        back=sale.kind.value != "sale",
    )


def compared(here: Member, there: Member, eyes: Eyes) -> tuple[Compared, ...]:
    """Return two members field by field, with what the one record will hold; fields that neither has are left out."""
    lines = [_one(name, said(here), said(there)) for name, said in _SINGLE]
    lines += [_together(name, said(here), said(there)) for name, said in _SETS]
    joined = sorted((here.joined_at, there.joined_at))[0]
    lines.append(
        Compared(
            field=translate("members.merge.joined"),
            here=format_date(here.joined_at, eyes.zone),
            there=format_date(there.joined_at, eyes.zone),
            holds=format_date(joined, eyes.zone),
        )
    )
    lines.append(
        Compared(
            field=translate("members.merge.visits"),
            here=format_count(here.visits),
            there=format_count(there.visits),
            holds=format_count(here.visits + there.visits),
        )
    )
    return tuple(line for line in lines if line.here or line.there)


def _one(name: str, here: str, there: str) -> Compared:
    holds = here or there
    if here and there and here != there:
        holds = translate("members.merge.newest")
    return Compared(field=field_words(name), here=here, there=there, holds=holds)


def _together(name: str, here: tuple[str, ...], there: tuple[str, ...]) -> Compared:
    both = dict.fromkeys((*here, *there))
    return Compared(
        field=field_words(name), here="\n".join(here), there="\n".join(there), holds="\n".join(both)
    )


def _birthday(member: Member) -> str:
    born = member.profile.born
    return "" if born is None else born_words(born, by_moon=member.profile.birthday_lunar)


def _address(member: Member) -> str:
    kept = member.profile.address
    return member_keys.masked_address(kept) if kept else ""


_SINGLE = (
    ("name", name_of),
    ("birthday", _birthday),
    ("occupation", lambda member: member.profile.occupation or ""),
    ("origin", lambda member: member.profile.origin or ""),
    ("address", _address),
    ("notes", lambda member: member.profile.notes or ""),
)
_SETS = (
    ("keys", lambda member: tuple(member_keys.masked(key) for key in member.profile.keys)),
    ("interests", lambda member: member.profile.interests),
    ("children", lambda member: tuple(child.name or "" for child in member.profile.children if child.name)),
)
