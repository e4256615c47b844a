"""A founded shop in a folder: goods, staff, an open shift; and the short words with which tests work its counter.

The store, the sealing and the services are the real ones; time, ids and PIN hashing are the test's own. Founding is
done once a test run: each shop is a copy of that file, with the same ids, so every run is the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from pos_app.domain.catalogue import Barcode, Piece, Variant
from pos_app.domain.members import Member
from pos_app.domain.sales.cart import Cart, MemberRef, add_line
from pos_app.domain.sales.line import LineKind, Per
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.staff import Approval, NeedsApprovalError, Role
from pos_app.domain.values.barcode import ean13
from pos_app.domain.values.ids import PieceId, ShopId, StyleId, TillId, VariantId, uuid7
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE, Milligrams, Quantity
from pos_app.persistence.database import open_store
from pos_app.persistence.store import SqlStore
from pos_app.services.acting import Actor
from pos_app.services.catalogue import GoodsToSave
from pos_app.services.checkout import Committed
from pos_app.services.founding import FoundingTools, found_shop, new_settings
from pos_app.services.members import SignUp
from pos_app.services.proof import Proof, verify
from pos_app.services.ringing import Goods
from pos_app.services.shop import Shop, make_shop
from tests.support.bootstrap import CountedKeys, HandClock, OneSigner, Outside, QuickPins
from tests.support.fixed_clock import SharedIds

DATABASE = "shop.db"
OWNER_PIN, MANAGER_PIN, CASHIER_PIN = "8888", "6666", "1234"
NECKLACE, FORMULA, CANDY, FORMULA_CASE = (ean13(n, "690") for n in (1, 2, 3, 4))
"""Barcodes: 1,299.00 at 13 %; 328.00 at 13 %; 9.99 at 9 %; a case of six cans, at six times the price."""
RING = "J0001"
"""The code of a piece at the fixed price of 5,888.00."""
FLOAT = Amount(50_000)


@dataclass
class SharedOutside(Outside):
    """An outside whose ids many threads may ask for."""

    ids: SharedIds = field(default_factory=SharedIds)  # type: ignore[assignment]


@dataclass
class DiskShop:
    """A shop in a folder, with the owner and a cashier signed in and a shift open."""

    folder: Path
    store: SqlStore
    shop: Shop
    owner: Actor
    cashier: Actor
    manager: Actor
    outside: Outside

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / DATABASE

    @property
    def clock(self) -> HandClock:
        """The clock that the test moves."""
        return self.outside.clock

    def cart(self, *codes: str, member: Member | None = None, note: str | None = None) -> Cart:
        """Scan codes into a new cart and keep it as the open one."""
        cart = self.shop.carts.new()
        for code in codes:
            meaning = self.shop.ringing.meaning(code)
            assert isinstance(meaning, Goods), code
            cart, _ = add_line(cart, meaning.line)
        if member is not None:
            cart = msgspec.structs.replace(cart, member=MemberRef(member=member.member_id, found_by="phone"))
        cart = msgspec.structs.replace(cart, note=note)
        self.shop.carts.keep(cart)
        return cart

    def paid(self, cart: Cart, kind: TenderKind = TenderKind.CASH, more: int = 0) -> Cart:
        """Add one tender for the whole bill, and `more` in cash above it."""
        due = self.shop.checkout.price(cart).total
        tender = self.shop.checkout.tender(kind, Amount(due + more))
        return msgspec.structs.replace(cart, tenders=(*cart.tenders, tender))

    def sell(self, *codes: str, who: Actor | None = None, member: Member | None = None) -> Committed:
        """Sell goods for cash, exact."""
        cart = self.paid(self.cart(*(codes or (NECKLACE,)), member=member))
        return self.shop.checkout.commit(who or self.cashier, cart)

    def take_back(self, sale: Sale, quantity: Quantity = ONE, who: Actor | None = None) -> Committed:
        """Take back so much of a sale's first line."""
        preview = self.shop.returns.preview(sale.sale_id, {sale.lines[0].line_id: quantity}, "damaged")
        return self.shop.returns.give_back(who or self.owner, preview)

    def sign_up(self, phone: str, name: str | None = None) -> Member:
        """Sign a member up, with a spoken yes."""
        return self.shop.members.register(self.cashier, SignUp(phone=phone, agreed=True, name=name))

    def close_shift(self, more: int = 0, reason: str | None = None) -> None:
        """Close the shift on a count that is `more` than the books say."""
        expected = self.shop.shifts.x_report()[1].expected_cash
        self.shop.shifts.close(self.owner, Amount(expected + more), reason)

    def approval(self, needed: NeedsApprovalError, who: Actor | None = None) -> Approval:
        """Let the manager approve what is asked."""
        return self.shop.staff.approve(who or self.cashier, needed, "2", MANAGER_PIN)

    def verify(self, paper_head: str | None = None) -> Proof:
        """Check the books."""
        return verify(self.store, self.outside.signer, paper_head=paper_head)

    def reopened(self) -> "DiskShop":
        """Close the store and open it again, as after a restart; time and ids go on."""
        self.store.close()
        store = open_store(self.database)
        return self._on(store)

    def _on(self, store: SqlStore) -> "DiskShop":
        shop = shop_of(store, self.outside.tools)
        self.store, self.shop = store, shop
        return self


def shop_of(store: SqlStore, tools: FoundingTools) -> Shop:
    """Return the use cases of a founded store."""
    with store.read() as tx:
        settings = tx.settings.load()
    assert settings is not None
    return make_shop(store, settings, tools)


def goods(ids: SharedIds) -> list[GoodsToSave]:
    """Return the goods of the shop: see the barcodes above."""
    necklace = _variant(ids, "A001", "18K金项链 45cm", 129_900, "13")
    formula = _variant(ids, "B001", "婴儿配方奶粉 1段 800g", 32_800, "13")
    candy = _variant(ids, "B002", "手工牛轧糖", 999, "9")
    ring = _variant(ids, "A002", "足金戒指", 588_800, "13")
    case = Barcode(
        code=FORMULA_CASE, variant_id=formula.variant_id, pack_quantity=Quantity(6 * ONE), unit="箱"
    )
    return [
        GoodsToSave(necklace, (Barcode(code=NECKLACE, variant_id=necklace.variant_id),)),
        GoodsToSave(formula, (Barcode(code=FORMULA, variant_id=formula.variant_id), case)),
        GoodsToSave(candy, (Barcode(code=CANDY, variant_id=candy.variant_id),)),
        GoodsToSave(ring, pieces=(_piece(ids, ring),)),
    ]


def _variant(ids: SharedIds, code: str, name: str, price: int, tax: str) -> Variant:
    return Variant(
        variant_id=VariantId(ids.new()),
        style_id=StyleId(ids.new()),
        code=code,
        name=name,
        unit="件",
        category="金饰" if code.startswith("A") else "母婴",
        kind=LineKind.GOODS,
        retail=Amount(price),
        tax_code=tax,
        tax_rate=Decimal(tax) / 100,
    )


def _piece(ids: SharedIds, ring: Variant) -> Piece:
    return Piece(
        piece_id=PieceId(ids.new()),
        variant_id=ring.variant_id,
        code=RING,
        gross_weight_mg=Milligrams(3260),
        net_weight_mg=Milligrams(3260),
        fineness="999",
        certificate="GZ20261122001",
        stones=None,
        stone_price=None,
        fixed_price=Amount(588_800),
        labour=None,
        labour_per=Per.GRAM,
        tag_price=Amount(588_800),
    )


@dataclass(frozen=True)
class _Founded:
    """A founded shop as bytes, and how far its ids and keys had counted."""

    database: bytes
    ids: int
    keys: int
    people: tuple[Actor, Actor, Actor]


@lru_cache(maxsize=8)
def _founded(which: int = 1) -> _Founded:
    """Found the shop once; the second, third … has the same goods and staff, and is a shop and a till of its own."""
    outside = SharedOutside()
    with TemporaryDirectory() as folder:
        path = Path(folder) / DATABASE
        store = open_store(path)
        settings = new_settings(outside.ids, "熟客测试店")
        if which > 1:
            settings = msgspec.structs.replace(
                settings,
                shop_id=ShopId(uuid7(0, which << 32)),
                till_id=TillId(uuid7(0, which << 32 | 1)),
                shop_code=f"N{which:02}",
                shop_name=f"熟客测试{which}店",
            )
        owner = found_shop(store, settings, ("1", "陈老板", OWNER_PIN), outside.tools)
        shop = shop_of(store, outside.tools)
        for code, name, role, pin in (
            ("2", "王店长", Role.MANAGER, MANAGER_PIN),
            ("3", "小李", Role.CASHIER, CASHIER_PIN),
        ):
            shop.staff.save(owner, shop.staff.new_staff(code, name, role), pin)
        shop.catalogue.take_in(owner, "test", goods(outside.ids))
        manager, cashier = shop.staff.sign_in("2", MANAGER_PIN), shop.staff.sign_in("3", CASHIER_PIN)
        shop.shifts.open(cashier, FLOAT)
        store.close()
        after = which << 20
        keys = outside.cipher.given + (which - 1 << 20)
        return _Founded(path.read_bytes(), after, keys, (owner, manager, cashier))


def place_shop(folder: Path, which: int = 1) -> Path:
    """Put the database of the first, second … founded shop into a folder; return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / DATABASE
    database.write_bytes(_founded(which).database)
    return database


def open_shop(folder: Path, first_id: int | None = None, which: int = 1) -> DiskShop:
    """Open the shop that stands in a folder; a second opening takes a `first_id` of its own."""
    made = _founded(which)
    outside = SharedOutside(
        clock=HandClock(),
        ids=SharedIds(first_id or made.ids),
        pins=QuickPins(),
        cipher=CountedKeys(made.keys + (first_id or 0)),
        signer=OneSigner(),
    )
    store = open_store(folder / DATABASE)
    owner, manager, cashier = made.people
    return DiskShop(
        folder=folder,
        store=store,
        shop=shop_of(store, outside.tools),
        owner=owner,
        cashier=cashier,
        manager=manager,
        outside=outside,
    )


@contextmanager
def shop_on_disk(folder: Path) -> Iterator[DiskShop]:
    """Found a shop in a folder and close its store afterwards."""
    place_shop(folder)
    shop = open_shop(folder)
    try:
        yield shop
    finally:
        shop.store.close()
