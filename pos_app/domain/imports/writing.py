"""Drafts written back as cells, so that an export read again says the same.

Decides the spelling of every field; `goods` and `people` read it. Words such as yes and female are handed in, in the
shop's language, and must be ones that the readers know.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pos_app.domain.catalogue import PieceState
from pos_app.domain.imports.codes import as_cell, barcode, code, quoted
from pos_app.domain.imports.drafts import (
    BalanceDraft,
    BarcodeDraft,
    ChildDraft,
    Draft,
    GoodsDraft,
    MemberDraft,
    PieceDraft,
)
from pos_app.domain.sales.line import LineKind, Per
from pos_app.domain.settings import TaxClass
from pos_app.domain.values import lunar
from pos_app.domain.values.barcode import number_of
from pos_app.domain.values.phone import national
from pos_app.domain.values.quantity import ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """The words of cells in the language of the shop, its tax classes, and how many decimals its money has."""

    yes: str
    no: str
    female: str
    male: str
    lunar: str
    gram: str
    piece: str
    kinds: Mapping[LineKind, str] = field(default_factory=dict)
    states: Mapping[PieceState, str] = field(default_factory=dict)
    digits: int = 2
    tax_classes: tuple[TaxClass, ...] = ()


def cells_of(draft: Draft, fields: Sequence[str], spelling: Spelling) -> tuple[str | None, ...]:
    """Return the cells of a draft for some fields of its kind, None for a blank one.

    Numbers are plain decimals, dates ISO, phones as people of their country write them.
    """
    if isinstance(draft, GoodsDraft):
        values = _goods(draft, spelling)
    elif isinstance(draft, PieceDraft):
        values = _piece(draft, spelling)
    elif isinstance(draft, MemberDraft):
        values = _member(draft, spelling)
    else:
        values = _balance(draft, spelling)
    return tuple(values.get(field) or None for field in fields)


_MARKS = re.compile(r"[,，;；、|*×\"\n]")
"""What parts the barcodes of a cell, and a pack from its number."""
_UNIT = re.compile(r"[^\W\d_]*")
_Cells = dict[str, str | None]


def _decimal(value: int | None, places: int) -> str | None:
    return None if value is None else format(Decimal(value).scaleb(-places), "f")


def _shortest(value: int, places: int) -> str:
    text = format(Decimal(value).scaleb(-places), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(value: date | None) -> str | None:
    return value.isoformat() if value is not None else None


def _yes_no(spelling: Spelling) -> Callable[[bool | None], str | None]:
    words = {True: spelling.yes, False: spelling.no, None: None}
    return lambda value: words[value]


def _goods(draft: GoodsDraft, spelling: Spelling) -> _Cells:
    digits, marked = spelling.digits, _yes_no(spelling)
    rate = next((tax.rate for tax in spelling.tax_classes if tax.code == draft.tax_code), None)
    main = draft.barcodes[0] if draft.barcodes and _is_plain(draft.barcodes[0]) else None
    others = draft.barcodes[1:] if main is not None else draft.barcodes
    return {
        "code": _code(draft.code),
        "name": draft.name,
        "style_code": _code(draft.style_code),
        "style_name": draft.style_name,
        "barcode": _number(main, draft) if main is not None else None,
        "more_barcodes": "；".join(_barcode(code, draft, digits) for code in others),
        "category": draft.category,
        "unit": draft.unit,
        "retail": _decimal(draft.retail, digits),
        "member_price": _decimal(draft.member_price, digits),
        "cost": _decimal(draft.cost, digits),
        "lowest_price": _decimal(draft.lowest_price, digits),
        "tax_code": draft.tax_code,
        "tax_rate": None if rate is None else _shortest(int(rate.scaleb(6)), 4) + "%",
        "by_weight": marked(draft.by_weight),
        "scale_item": draft.scale_item,
        "open_price": marked(draft.open_price),
        "no_discount": marked(draft.no_discount),
        "no_points": marked(draft.no_points),
        "no_coupon": marked(draft.no_coupon),
        "batch_required": marked(draft.batch_required),
        "quarantined": marked(draft.quarantined),
        "minimum_level": None if draft.minimum_level is None else str(draft.minimum_level),
        "sold_from": _day(draft.sold_from),
        "kind": None if draft.kind is None else spelling.kinds.get(draft.kind, draft.kind.value),
        **dict(draft.attributes),
    }


def _is_plain(code: BarcodeDraft) -> bool:
    return code.pack_quantity == ONE and code.unit is None and code.price is None


def _code(text: str | None) -> str | None:
    """Write a code so that it is read as it is, whatever a table makes of 7.0 or of two blanks."""
    return None if text is None else as_cell(text, code)


def _number(told: BarcodeDraft, draft: GoodsDraft) -> str:
    """Write a barcode; exactly, where commas, a missing zero or another form of it would be read otherwise."""
    is_twice = sum(number_of(each.code) == number_of(told.code) for each in draft.barcodes) > 1
    return quoted(told.code) if is_twice or _MARKS.search(told.code) else as_cell(told.code, barcode)


def _barcode(told: BarcodeDraft, draft: GoodsDraft, digits: int) -> str:
    """Write 16901234567899*6箱=59.00, or the code alone for a single unit."""
    number = _number(told, draft)
    if _is_plain(told):
        return number
    price = f"={_decimal(told.price, digits)}" if told.price is not None else ""
    unit = told.unit or ""
    unit = unit if _UNIT.fullmatch(unit) else quoted(unit)
    return f"{number}*{_shortest(told.pack_quantity, 3)}{unit}{price}"


def _piece(draft: PieceDraft, spelling: Spelling) -> _Cells:
    digits = spelling.digits
    per_gram = draft.labour_per is Per.GRAM
    labour = _decimal(draft.labour, digits)
    return {
        "code": _code(draft.code),
        "variant_code": _code(draft.variant_code),
        "variant_name": draft.variant_name,
        "gross_weight": _decimal(draft.gross_weight_mg, 3),
        "net_weight": _decimal(draft.net_weight_mg, 3),
        "fineness": draft.fineness,
        "certificate": _code(draft.certificate),
        "stones": draft.stones,
        "stone_price": _decimal(draft.stone_price, digits),
        "fixed_price": _decimal(draft.fixed_price, digits),
        "labour": labour,
        "labour_per": None if labour is None else spelling.gram if per_gram else spelling.piece,
        "labour_per_gram": labour if per_gram else None,
        "labour_per_piece": None if per_gram else labour,
        "tag_price": _decimal(draft.tag_price, digits),
        "cost": _decimal(draft.cost, digits),
        "state": None if draft.state is None else spelling.states.get(draft.state, draft.state.value),
    }


def _member(draft: MemberDraft, spelling: Spelling) -> _Cells:
    birthday = _day(draft.birthday)
    if draft.birthday is not None and draft.birthday_lunar:
        birthday = spelling.lunar + lunar.written(lunar.from_solar(draft.birthday))
    elif draft.birthday_day is not None:
        # Written out: a spreadsheet would make a day of this year of 05-03.
        birthday = f"{draft.birthday_day.month}月{draft.birthday_day.day}日"
        birthday = spelling.lunar + birthday if draft.birthday_lunar else birthday
    numbers = [national(number) for number in draft.phones]
    return {
        "name": draft.name,
        "phone": numbers[0] if numbers else None,
        "phones": "；".join(numbers[1:]),
        "shared_phones": "；".join(national(number) for number in draft.shared_phones),
        "card": draft.card,
        "cards": "；".join(value for kind, value in draft.others if kind == "card"),
        "gender": {"female": spelling.female, "male": spelling.male}.get(draft.gender or ""),
        "birthday": birthday,
        "joined_on": _day(draft.joined_on),
        "level": dict(draft.not_taken).get("level"),
        "address": draft.address,
        "occupation": draft.occupation,
        "interests": "；".join(draft.interests),
        "notes": draft.notes,
        "origin": draft.origin,
        "wechat": _with_others("wechat", draft.wechat, draft),
        "email": _with_others("email", draft.email, draft),
        "marketing": _yes_no(spelling)(draft.marketing),
        **_children(draft.children),
    }


def _with_others(kind: str, first: str | None, draft: MemberDraft) -> str | None:
    """Write a key and the others of its kind behind it."""
    others = [value for name, value in draft.others if name == kind]
    return "；".join((first, *others)) if first is not None else None


def _children(children: tuple[ChildDraft, ...]) -> _Cells:
    """Write one child, or lists of equal length with a dash where a child lacks something."""
    columns = {
        "child_name": [child.name for child in children],
        "child_birthday": [_child_day(child.born_on, child.month_only) for child in children],
        "due_date": [_child_day(child.due_on, child.month_only) for child in children],
    }
    return {
        field: "；".join(value or "-" for value in values) if any(values) else None
        for field, values in columns.items()
    }


def _child_day(value: date | None, month_only: bool) -> str | None:
    text = _day(value)
    return text[:7] if text is not None and month_only else text


def _balance(draft: BalanceDraft, spelling: Spelling) -> _Cells:
    return {
        "phone": national(draft.phone) if draft.phone is not None else None,
        "card": draft.card,
        "name": draft.name,
        "points": str(draft.points),
        "principal": _decimal(draft.principal, spelling.digits),
        "bonus": _decimal(draft.bonus, spelling.digits),
        "as_of": _day(draft.as_of),
    }
