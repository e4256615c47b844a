"""Read the demo shop from `resources/demo` into values: goods, staff, members, gold prices, settings.

Decides how the columns told in `resources/demo/README.md` become values of the domain, and nothing about storing
them. Dates stand as days from the day the demo is made, so that birthdays, expiry and early sales stay true on any day.
"""

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pos_app.domain.catalogue import Barcode, Batch, Flags, Piece, PieceState, Variant
from pos_app.domain.members import Child, Consent, KeyKind, Member, MemberKey, Profile, Purpose
from pos_app.domain.sales.cart import TaxMode
from pos_app.domain.sales.line import LineKind, Per
from pos_app.domain.settings import Settings
from pos_app.domain.staff import Role, Staff
from pos_app.domain.values.business_date import business_date
from pos_app.domain.values.ids import (
    BatchId,
    ConsentId,
    MemberId,
    PieceId,
    ShopId,
    StaffId,
    StyleId,
    TillId,
    VariantId,
)
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Milligrams, Quantity

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo's staff with the PIN and badge that its login page shows."""

    staff: Staff
    pin: str
    badge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoShop:
    """Everything a till needs to open on the demo shop.

    `scale_items` are (item number in a scale code, variant); `gold_prices` (fineness, day from which it holds,
    minor units per gram), the newest not in the future being today's.
    """

    settings: Settings
    staff: tuple[DemoPerson, ...]
    variants: tuple[Variant, ...]
    barcodes: tuple[Barcode, ...]
    pieces: tuple[Piece, ...]
    batches: tuple[Batch, ...]
    scale_items: tuple[tuple[str, VariantId], ...]
    gold_prices: tuple[tuple[str, date, Amount], ...]
    members: tuple[Member, ...]


def read_demo_shop(now: datetime, new_id: Callable[[], UUID]) -> DemoShop:
    """Read the demo shop as it stands at `now` (aware); `new_id` gives a UUIDv7 for each thing."""
    return _Reader(now, new_id).read()


def demo_staff() -> tuple[tuple[str, str, Role, str, str], ...]:
    """Return (code, name, role, PIN, badge) of the demo's staff, for its login page and for nothing else."""
    return tuple(
        (row["staff"], row["name"], Role(row["role"]), row["pin"], row["badge"]) for row in _table("staff")
    )


def _table(name: str) -> list[dict[str, str]]:
    text = (files("resources") / "demo" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))


def _money(text: str) -> Amount | None:
    """Read yuan with two decimals as fen; None when there is nothing."""
    return Amount(int(Decimal(text) * 100)) if text else None


def _flags(style: Row, on: Callable[[str], date]) -> Flags:
    sold_from = style["sold_from_in_days"]
    return Flags(
        by_weight=style["by_weight"] == "yes",
        open_price=style["open_price"] == "yes",
        quarantined=style["quarantined"] == "yes",
        no_discount=style["no_discount"] == "yes",
        no_points=style["no_points"] == "yes",
        no_coupon=style["no_coupon"] == "yes",
        batch_required=style["batch_required"] == "yes",
        minimum_level=int(style["minimum_level"] or 0),
        sold_from=on(sold_from) if sold_from else None,
        lowest_price=_money(style["lowest_price"]),
    )


def _piece(row: Row, variant: VariantId, piece: PieceId) -> Piece:
    per_gram = _money(row["labour_per_gram"])
    return Piece(
        piece_id=piece,
        variant_id=variant,
        code=row["piece"],
        gross_weight_mg=Milligrams(int(row["gross_mg"])),
        net_weight_mg=Milligrams(int(row["net_mg"])),
        fineness=row["fineness"],
        certificate=row["certificate"] or None,
        stones=row["stones"] or None,
        stone_price=_money(row["stone_price"]),
        fixed_price=_money(row["fixed_price"]),
        labour=per_gram if per_gram is not None else _money(row["labour_per_piece"]),
        labour_per=Per.GRAM if per_gram is not None else Per.PIECE,
        tag_price=_money(row["tag_price"]),
        state=PieceState(row["state"]),
    )


class _Reader:
    """Reads the tables in the order in which they point at each other."""

    def __init__(self, now: datetime, new_id: Callable[[], UUID]) -> None:
        self._new_id = new_id
        self._now = now
        shop = json.loads((files("resources") / "demo" / "shop.json").read_text(encoding="utf-8"))
        self._shop: dict[str, Any] = shop
        zone, starts = ZoneInfo(shop["shop"]["time_zone"]), time.fromisoformat(shop["shop"]["day_starts_at"])
        # The day that the counter goes by: after midnight today's gold price is still that of the day before.
        self._today = business_date(now, zone, starts)
        self._settings = self._read_settings()
        self._variants: dict[str, VariantId] = {}

    def read(self) -> DemoShop:
        """Read every table; variants first, since the rest points at them."""
        staff = tuple(self._person(row) for row in _table("staff"))
        variants = self._all_variants()
        by_member: dict[str, list[Row]] = {}
        for row in _table("children"):
            by_member.setdefault(row["member"], []).append(row)
        seller = staff[-1].staff.staff_id
        return DemoShop(
            settings=self._settings,
            staff=staff,
            variants=variants,
            barcodes=tuple(self._barcode(row) for row in _table("barcodes")),
            pieces=tuple(
                _piece(row, self._variants[row["variant"]], PieceId(self._new_id()))
                for row in _table("pieces")
            ),
            batches=tuple(self._batch(row) for row in _table("batches")),
            scale_items=tuple(
                (row["plu"], self._variants[row["variant"]]) for row in _table("variants") if row["plu"]
            ),
            gold_prices=tuple(self._gold_price(row) for row in _table("gold_prices")),
            members=tuple(
                self._member(row, by_member.get(row["member"], []), seller) for row in _table("members")
            ),
        )

    def _on(self, days: str) -> date:
        return self._today + timedelta(days=int(days))

    def _read_settings(self) -> Settings:
        shop = self._shop["shop"]
        return Settings(
            shop_id=ShopId(self._new_id()),
            till_id=TillId(self._new_id()),
            shop_name=shop["name"],
            shop_code=shop["code"],
            till_code=self._shop["till"]["code"],
            address=shop["address"],
            phone=shop["phone"],
            receipt_footer="\n".join(self._shop["receipt"]["footer"]),
            currency=self._shop["merchant"]["currency"],
            time_zone=shop["time_zone"],
            day_starts_at=time.fromisoformat(shop["day_starts_at"]),
            tax_mode=TaxMode.INCLUDED,
            demo=True,
        )

    def _person(self, row: Row) -> DemoPerson:
        staff = Staff(StaffId(self._new_id()), row["staff"], row["name"], Role(row["role"]))
        return DemoPerson(staff, row["pin"], row["badge"])

    def _all_variants(self) -> tuple[Variant, ...]:
        styles = {row["style"]: row for row in _table("styles")}
        style_ids = {code: StyleId(self._new_id()) for code in styles}
        rates = {row["tax"]: Decimal(row["percent"]) / 100 for row in _table("taxes")}
        grams = {row["unit"]: int(row["grams"]) for row in _table("units") if row["grams"]}
        categories = {row["category"]: row["name_zh"] for row in _table("categories")}
        variants: list[Variant] = []
        for row in _table("variants"):
            style = styles[row["style"]]
            attributes = tuple(
                (name, row[name]) for name in ("colour", "size", "length", "stage") if row[name]
            )
            told = [value for name, value in attributes if name != "stage"]
            variant = Variant(
                variant_id=VariantId(self._new_id()),
                style_id=style_ids[row["style"]],
                code=row["variant"],
                name=" ".join([style["name"], *told]),
                unit="kg" if style["by_weight"] else style["unit"],
                category=categories[style["category"]],
                kind=LineKind(style["kind"]),
                retail=_per_kilogram(_money(row["price"]), grams.get(style["unit"])),
                tax_code=style["tax"],
                tax_rate=rates[style["tax"]],
                flags=_flags(style, self._on),
                attributes=attributes,
            )
            self._variants[variant.code] = variant.variant_id
            variants.append(variant)
        return tuple(variants)

    def _barcode(self, row: Row) -> Barcode:
        return Barcode(
            code=row["barcode"],
            variant_id=self._variants[row["variant"]],
            pack_quantity=Quantity(int(row["pack_quantity"]) * 1000),
            unit=row["unit"],
            price=_money(row["price"]),
        )

    def _batch(self, row: Row) -> Batch:
        return Batch(
            batch_id=BatchId(self._new_id()),
            variant_id=self._variants[row["variant"]],
            code=row["batch"],
            expires_on=self._on(row["expires_in_days"]),
        )

    def _gold_price(self, row: Row) -> tuple[str, date, Amount]:
        price = _money(row["price_per_gram"])
        assert price is not None, "a gold price is never empty"
        return row["fineness"], self._on(row["from_in_days"]), price

    def _member(self, row: Row, children: list[Row], seller: StaffId) -> Member:
        joined = self._now + timedelta(days=int(row["joined_in_days"]))
        keys = [MemberKey(kind=KeyKind.PHONE, value=row["phone"])]
        if row["other_phone"]:
            keys.append(MemberKey(kind=KeyKind.PHONE, value=row["other_phone"]))
        if row["card"]:
            keys.append(MemberKey(kind=KeyKind.CARD, value=row["card"]))
        return Member(
            member_id=MemberId(self._new_id()),
            joined_at=joined,
            joined_shop=self._settings.shop_id,
            profile=Profile(
                name=row["name"],
                gender=row["gender"] or None,
                birthday=self._on(row["born_in_days"]) if row["born_in_days"] else None,
                birthday_lunar=row["birthday_is_lunar"] == "yes",
                occupation=row["occupation"] or None,
                interests=tuple(word for word in row["interests"].split("|") if word),
                origin=row["channel"] or None,
                notes=row["note"] or None,
                keys=tuple(keys),
                children=tuple(self._child(child) for child in children),
            ),
            consents=tuple(self._consent(text, seller, joined) for text in row["consents"].split("|")),
        )

    def _child(self, row: Row) -> Child:
        day = self._on(row["born_in_days"])
        if row["known_to"] == "due_date":
            return Child(name=row["nickname"] or None, due_on=day)
        is_month = row["known_to"] == "month"
        return Child(
            name=row["nickname"] or None,
            born_on=day.replace(day=1) if is_month else day,
            month_only=is_month,
        )

    def _consent(self, text: str, by: StaffId, at: datetime) -> Consent:
        what, _, how = text.partition("/")
        purpose, _, channel = what.partition(":")
        return Consent(
            consent_id=ConsentId(self._new_id()),
            purpose=Purpose(purpose),
            given=True,
            text_version=self._settings.consent_text_version,
            how=how,
            by=by,
            at=at,
            channel=channel or None,
        )


def _per_kilogram(price: Amount | None, grams: int | None) -> Amount | None:
    """Turn a price per 500 g into one per kg, the unit in which scales and carts count."""
    return Amount(price * 1000 // grams) if price is not None and grams else price
