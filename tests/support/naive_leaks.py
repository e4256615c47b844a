"""The leak report reckoned the slow way: every fact of the journal read whole, nothing asked of a table."""

from pos_app.domain.facts import codec
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.payments import PaymentAnswered
from pos_app.domain.facts.sales import (
    CartCancelled,
    CartLineRemoved,
    CartLineRestored,
    PriceChanged,
    ReceiptReprinted,
    SaleCommitted,
)
from pos_app.domain.facts.shop import CashMoved, DrawerOpened, ShiftClosed, SignInRefused
from pos_app.domain.leaks import Key, Sum
from pos_app.domain.sales.line import LineKind
from pos_app.domain.sales.sale import Sale, SaleKind
from pos_app.domain.values.ids import StaffId
from pos_app.domain.values.money import Amount
from tests.support.shop_on_disk import DiskShop

Entry = tuple[StaffId | None, str, int]


def naive_sums(shop: DiskShop) -> dict[Key, Sum]:
    """Return the sums by person and kind over the whole journal."""
    found: list[Entry] = []
    removals: dict[tuple[object, object], list[Entry]] = {}
    with shop.store.read() as tx:
        envelopes = [decode(entry.body) for entry in tx.journal.entries()]
    for each in envelopes:
        fact = codec.decode_content(each.kind, each.version, bytes(each.content))
        if isinstance(fact, SaleCommitted):
            found += _sale(fact.sale)
        elif isinstance(fact, CartLineRemoved):
            entry = (each.staff, "line_removed", fact.removed.amount)
            removals.setdefault((fact.cart, fact.removed.line), []).append(entry)
        elif isinstance(fact, CartLineRestored):
            removals[fact.cart, fact.line].pop()
        elif (told := _of(fact)) is not None:
            found.append((told[0] or each.staff, *told[1:]))
    found += [entry for entries in removals.values() for entry in entries]
    sums: dict[Key, Sum] = {}
    for person, kind, amount in found:
        before = sums.get((person, kind), Sum())
        sums[person, kind] = Sum(before.count + 1, Amount(before.amount + amount))
    return sums


def _sale(sale: Sale) -> list[Entry]:
    if sale.kind is not SaleKind.SALE:
        return [(sale.cashier, sale.kind.value, -sale.total)]
    off: dict[str, int] = {}
    for line in sale.lines:
        for reduction in line.reductions if line.kind is not LineKind.RETURN else ():
            kind = {"line": "discount", "bill": "discount", "round_off": "round_off"}.get(
                reduction.kind.value
            )
            if kind is not None:
                off[kind] = off.get(kind, 0) - reduction.amount
    seen = [t.amount for t in sale.tenders if t.kind.value == "static_code" and t.role.value == "given"]
    return [(sale.cashier, kind, amount) for kind, amount in off.items()] + [
        (sale.cashier, "seen_payment", amount) for amount in seen
    ]


def _of(fact: object) -> Entry | None:
    if isinstance(fact, PriceChanged) and fact.override:
        return None, "override", fact.before - fact.after
    if isinstance(fact, CartCancelled):
        return None, "cart_cancelled", fact.total
    if isinstance(fact, DrawerOpened):
        return None, "drawer", 0
    if isinstance(fact, ReceiptReprinted) and not fact.recovered:
        return None, "reprint", 0
    if isinstance(fact, SignInRefused):
        return fact.staff, "refused", 0
    if isinstance(fact, CashMoved) and fact.direction.value == "out":
        return None, "cash_out", fact.amount
    if isinstance(fact, ShiftClosed) and fact.variance < 0:
        return None, "short", -fact.variance
    if isinstance(fact, PaymentAnswered) and fact.by_hand:
        return None, "hand_settled", fact.amount or 0
    return None
