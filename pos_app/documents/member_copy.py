"""All that is kept of one member, for herself: a text for reading and the same as JSON for machines.

Decides what it says and that every page of it names who wrote it out and when. It is her right (PIPL, article 45).
"""

from datetime import tzinfo

import msgspec

from pos_app.domain import member_keys
from pos_app.domain.member_copy import MemberCopy
from pos_app.domain.members import Child, Consent, Member
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.money import Currency, currency
from pos_app.words import (
    format_amount,
    format_date,
    format_date_time,
    format_month_day,
    format_quantity,
    has_text,
    translate,
)

FORMAT = 1
"""Version of the JSON form; it rises when a field changes its meaning."""

_RULE = "─" * 40


def as_json(copy: MemberCopy) -> bytes:
    """Return the copy as UTF-8 JSON: amounts in minor units, quantities in thousandths, moments in UTC."""
    content = {
        "format": FORMAT,
        "watermark": {"by": copy.made_by, "at": copy.made_at, "shop": copy.shop_name},
        "currency": copy.currency,
        "member": copy.member,
        "sales": copy.sales,
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2)


def as_text(copy: MemberCopy, zone: tzinfo) -> str:
    """Return the copy as a text in the language of now, moments in the shop's zone."""
    mark = translate(
        "members.copy.mark",
        shop=copy.shop_name,
        by=copy.made_by,
        at=format_date_time(copy.made_at, zone),
    )
    lines = [mark, "", translate("members.copy.title"), _RULE, *_profile(copy.member, zone)]
    lines += ["", translate("members.copy.keys"), _RULE, *_keys(copy.member)]
    if copy.member.profile.children:
        lines += ["", translate("members.copy.children"), _RULE]
        lines += [_child(child) for child in copy.member.profile.children]
    lines += ["", translate("members.copy.consents"), _RULE]
    lines += [_consent(word, zone) for word in copy.member.consents]
    lines += ["", translate("members.copy.sales", count=len(copy.sales)), _RULE]
    money = currency(copy.currency)
    for sale in copy.sales:
        lines += [*_sale(sale, money, zone), ""]
    return "\n".join([*lines, mark, ""])


def _line(field: str, words: str) -> str:
    return f"{translate(f'members.field.{field}')}: {words}"


def _profile(member: Member, zone: tzinfo) -> list[str]:
    told = member.profile
    lines = [_line(field, words) for field, words in _texts(member) if words]
    field = "birthday_lunar" if told.birthday_lunar else "birthday"
    if told.birthday is not None:
        lines.append(_line(field, format_date(told.birthday)))
    elif told.birthday_day is not None:
        lines.append(_line(field, format_month_day(told.birthday_day, by_moon=told.birthday_lunar)))
    for day in told.important_dates:
        when = format_date(day.on) if day.day is None else format_month_day(day.day, by_moon=day.lunar)
        lines.append(f"{day.label}: {when}")
    lines.append(translate("members.card.joined", day=format_date(member.joined_at, zone)))
    lines.append(translate("members.card.visits", count=member.visits))
    if member.last_visit_at is not None:
        lines.append(translate("members.card.last_visit", day=format_date(member.last_visit_at, zone)))
    return lines


def _texts(member: Member) -> list[tuple[str, str]]:
    told = member.profile
    gender = f"members.gender.{told.gender}"
    return [
        ("name", told.name or ""),
        ("gender", translate(gender) if told.gender and has_text(gender) else told.gender or ""),
        ("occupation", told.occupation or ""),
        ("interests", " · ".join(told.interests)),
        ("character", told.character or ""),
        ("origin", told.origin or ""),
        ("address", told.address or ""),
        ("notes", told.notes or ""),
    ]


def _keys(member: Member) -> list[str]:
    lines = []
    for key in member.profile.keys:
        parts = [translate(f"members.key.{key.kind.value}"), member_keys.in_full(key), key.owner or ""]
        if key.shared:
            parts.append(translate("members.key.shared"))
        if key.replaced is not None:
            parts.append(translate(f"members.key.{key.replaced.value}"))
        lines.append(" · ".join(part for part in parts if part))
    return lines


def _child(child: Child) -> str:
    parts = [child.name or translate("members.word.child")]
    if child.due_on is not None:
        parts.append(translate("members.card.due", day=format_date(child.due_on)))
    if child.born_on is not None:
        month = f"{child.born_on:%Y-%m}"
        parts.append(
            translate("members.card.born_month", month=month)
            if child.month_only
            else translate("members.card.born", day=format_date(child.born_on))
        )
    return " · ".join(parts)


def _consent(word: Consent, zone: tzinfo) -> str:
    how = f"members.how.{word.how}"
    parts = [
        translate(f"members.consent.{word.channel or word.purpose.value}"),
        translate("members.consent.given" if word.given else "members.consent.withdrawn"),
        format_date_time(word.at, zone),
        translate(how) if has_text(how) else word.how,
        translate("members.consent.text_version", version=word.text_version),
    ]
    return " · ".join(parts)


def _sale(sale: Sale, money: Currency, zone: tzinfo) -> list[str]:
    kind = translate(f"members.purchase.{sale.kind.value}")
    head = f"{sale.number} · {format_date_time(sale.committed_at, zone)} · {kind}"
    lines = [f"{head} · {format_amount(sale.total, money)}"]
    for line in sale.lines:
        name = line.name or line.code or ""
        lines.append(f"  {name} × {format_quantity(line.quantity)}  {format_amount(line.net, money)}")
    return lines
