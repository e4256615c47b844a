"""An entry of the journal in words: when, where, who, and what its fact says.

Decides what is told of each kind of fact that the report counts. Qt-free; personal text stays sealed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from pos_app.domain.facts.payments import PaymentAnswered
from pos_app.domain.facts.sales import (
    CartCancelled,
    CartLineRemoved,
    PriceChanged,
    ReceiptReprinted,
    SaleCommitted,
)
from pos_app.domain.facts.shop import CashMoved, DrawerOpened, ShiftClosed, SignInRefused
from pos_app.domain.sales.sale import Sale
from pos_app.domain.settings import Settings
from pos_app.domain.values.ids import StaffId
from pos_app.domain.values.money import Amount
from pos_app.services.leaks import EntryDetail
from pos_app.words import format_amount, format_date_time, format_quantity, translate

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Teller:
    """Says an entry in words."""

    settings: Settings
    names: Mapping[StaffId, str]

    def pairs(self, detail: EntryDetail) -> tuple[Pair, ...]:
        """Return what and how, in the order to be read; without what is empty."""
        envelope = detail.envelope
        head = [
            ("at", format_date_time(envelope.at, self.settings.zone, seconds=True)),
            ("till", f"{self.settings.shop_name} · {self.settings.till_code}"),
            ("person", self._name(envelope.staff) or translate("leaks.table.till")),
        ]
        told = self._fact(detail.fact) if detail.fact is not None else [("kind", envelope.kind)]
        entry = ("entry", f"{envelope.epoch} / {envelope.seq}")
        return tuple(
            (translate(f"leaks.field.{name}"), value) for name, value in [*head, *told, entry] if value
        )

    def _fact(self, fact: msgspec.Struct) -> list[Pair]:
        for kind, tell in _TELLERS.items():
            if isinstance(fact, kind):
                return tell(self, fact)
        return []

    def _name(self, person: StaffId | None) -> str:
        return "" if person is None else self.names.get(person, translate("leaks.table.unknown"))

    def _money(self, amount: Amount | None) -> str:
        return "" if amount is None else format_amount(amount, self.settings.money)

    def sale(self, fact: SaleCommitted) -> list[Pair]:
        """Tell a sale, a return or a void."""
        sale: Sale = fact.sale
        lines = "\n".join(
            f"{line.name or line.code or ''} × {format_quantity(line.quantity)}   {self._money(line.net)}"
            for line in sale.lines
        )
        tenders = "\n".join(
            f"{translate(f'documents.tender.{tender.kind.value}')}   {self._money(tender.amount)}"
            for tender in sale.tenders
        )
        reasons = {line.cause.reason for line in sale.lines if line.cause and line.cause.reason}
        by_hand = {r.reason for line in sale.lines for r in line.reductions if r.reason}
        asked = {r.asked for line in sale.lines for r in line.reductions if r.asked}
        approvers = {r.approver for line in sale.lines for r in line.reductions if r.approver}
        return [
            ("number", sale.number),
            ("returns", sale.returns_number or ""),
            ("lines", lines),
            ("total", self._money(sale.total)),
            ("reductions", self._money(sale.reductions) if sale.reductions else ""),
            ("tenders", tenders),
            ("asked", ", ".join(sorted(asked))),
            ("reason", ", ".join(sorted(reasons | by_hand))),
            ("approver", ", ".join(sorted(map(self._name, approvers)))),
        ]

    def price(self, fact: PriceChanged) -> list[Pair]:
        """Tell another price."""
        return [
            ("before", self._money(fact.before)),
            ("after", self._money(fact.after)),
            ("reason", fact.reason or ""),
            ("approver", self._name(fact.approver)),
        ]

    def line_removed(self, fact: CartLineRemoved) -> list[Pair]:
        """Tell a line that was taken off."""
        line = fact.removed
        return [
            ("goods", " ".join(part for part in (line.code, line.name) if part)),
            ("quantity", format_quantity(line.quantity)),
            ("amount", self._money(line.amount)),
        ]

    def cancelled(self, fact: CartCancelled) -> list[Pair]:
        """Tell a cart that was given up."""
        lines = "\n".join(
            f"{line.name or line.code or ''} × {format_quantity(line.quantity)}   {self._money(line.amount)}"
            for line in fact.lines
        )
        return [
            ("lines", lines),
            ("total", self._money(fact.total)),
            ("reason", fact.reason),
            ("approver", self._name(fact.approver)),
        ]

    def drawer(self, fact: DrawerOpened) -> list[Pair]:
        """Tell an opening of the drawer."""
        return [("reason", fact.reason), ("approver", self._name(fact.approver))]

    def cash(self, fact: CashMoved) -> list[Pair]:
        """Tell cash that went out."""
        return [
            ("amount", self._money(fact.amount)),
            ("reason", fact.reason),
            ("approver", self._name(fact.approver)),
        ]

    def reprint(self, fact: ReceiptReprinted) -> list[Pair]:
        """Tell a copy."""
        return [("copy", str(fact.copy_number))]

    def refused(self, fact: SignInRefused) -> list[Pair]:
        """Tell a wrong PIN."""
        return [("whose", self._name(fact.staff)), ("tries", str(fact.tries))]

    def closed(self, fact: ShiftClosed) -> list[Pair]:
        """Tell a close that was short."""
        return [
            ("z", str(fact.z_number)),
            ("expected", self._money(fact.totals.expected_cash)),
            ("counted", self._money(fact.counted)),
            ("variance", self._money(fact.variance)),
            ("reason", fact.reason or ""),
        ]

    def payment(self, fact: PaymentAnswered) -> list[Pair]:
        """Tell a payment that a person settled."""
        return [
            ("amount", self._money(fact.amount)),
            ("provider_number", fact.provider_number or ""),
            ("reason", fact.reason or ""),
            ("approver", self._name(fact.approver)),
        ]


_TELLERS: dict[type[msgspec.Struct], Callable[[Teller, object], list[Pair]]] = {
    SaleCommitted: Teller.sale,  # type: ignore[dict-item]
    PriceChanged: Teller.price,  # type: ignore[dict-item]
    CartLineRemoved: Teller.line_removed,  # type: ignore[dict-item]
    CartCancelled: Teller.cancelled,  # type: ignore[dict-item]
    DrawerOpened: Teller.drawer,  # type: ignore[dict-item]
    CashMoved: Teller.cash,  # type: ignore[dict-item]
    ReceiptReprinted: Teller.reprint,  # type: ignore[dict-item]
    SignInRefused: Teller.refused,  # type: ignore[dict-item]
    ShiftClosed: Teller.closed,  # type: ignore[dict-item]
    PaymentAnswered: Teller.payment,  # type: ignore[dict-item]
}
