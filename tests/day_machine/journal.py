"""The same sums from the journal alone: each fact is read once, as its bytes stand."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from pos_app.domain.facts import codec
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.sales import SaleCommitted
from pos_app.domain.facts.shop import CashMoved, DrawerOpened, ShiftClosed, ShiftOpened
from pos_app.domain.sales.sale import SaleKind
from pos_app.domain.shifts import CashDirection, ShiftTotals
from pos_app.persistence.store import SqlStore
from tests.day_machine.model import same


@dataclass
class _Shift:
    float_amount: int = 0
    cash_in: int = 0
    cash_out: int = 0
    total: int = 0
    rounding: int = 0
    drawer: int = 0
    tenders: Counter[str] = field(default_factory=Counter)
    taxes: Counter[tuple[str, str]] = field(default_factory=Counter)
    bases: Counter[tuple[str, str]] = field(default_factory=Counter)


class JournalBooks:
    """Sums by shift."""

    def __init__(self) -> None:
        self._after = (0, 0)
        self._shifts: dict[UUID, _Shift] = defaultdict(_Shift)
        self._open: UUID | None = None
        self._z = 0

    def read(self, store: SqlStore) -> None:
        """Read the facts that are new."""
        with store.read() as tx:
            for entry in tx.journal.entries(self._after):
                envelope = decode(entry.body)
                self._take(codec.decode_content(envelope.kind, envelope.version, bytes(envelope.content)))
                self._after = (envelope.epoch, envelope.seq)

    def _take(self, fact: object) -> None:
        if isinstance(fact, SaleCommitted):
            self._sale(fact)
        elif isinstance(fact, CashMoved):
            shift = self._shifts[fact.shift]
            if fact.direction is CashDirection.IN:
                shift.cash_in += fact.amount
            else:
                shift.cash_out += fact.amount
        elif isinstance(fact, DrawerOpened) and fact.shift is not None:
            self._shifts[fact.shift].drawer += 1
        elif isinstance(fact, ShiftOpened):
            same("a shift is open already", self._open, None)
            self._open = fact.shift
            self._shifts[fact.shift].float_amount = fact.float_amount
        elif isinstance(fact, ShiftClosed):
            same("the shift that is closed", fact.shift, self._open)
            self._z += 1
            same("number of the Z in the journal", fact.z_number, self._z)
            self._open = None

    def _sale(self, fact: SaleCommitted) -> None:
        sale = fact.sale
        same("the shift of a sale", sale.shift, self._open)
        shift = self._shifts[sale.shift]
        shift.total += sale.total
        shift.rounding += sale.cash_rounding
        same("tenders of a sale", sum(t.amount for t in sale.tenders), sale.total + sale.cash_rounding)
        same("lines of a sale", sum(line.net for line in sale.lines), sale.total)
        for tender in sale.tenders:
            shift.tenders[tender.kind.value] += tender.amount
        taxed: Counter[Decimal] = Counter()
        taxes: Counter[Decimal] = Counter()
        for line in sale.lines:
            if line.tax_code is None or line.tax_rate is None:
                continue
            key = (line.tax_code, str(line.tax_rate))
            shift.taxes[key] += line.tax
            shift.bases[key] += line.net - line.tax
            taxed[line.tax_rate] += line.net
            taxes[line.tax_rate] += line.tax
        for rate, net in taxed.items():
            _check_tax(rate, net, taxes[rate], cents=1 if sale.kind is SaleKind.SALE else 2 * len(sale.lines))

    def check(self, name: str, shift_id: UUID, totals: ShiftTotals) -> None:
        """Hold the sums of a shift against those of the journal."""
        shift = self._shifts[shift_id]
        same(f"{name} and journal: float", totals.float_amount, shift.float_amount)
        same(f"{name} and journal: cash in", totals.cash_in, shift.cash_in)
        same(f"{name} and journal: cash out", totals.cash_out, shift.cash_out)
        same(f"{name} and journal: total", totals.sales + totals.returns, shift.total)
        same(f"{name} and journal: rounding", totals.cash_rounding, shift.rounding)
        same(f"{name} and journal: drawer", totals.drawer_openings, shift.drawer)
        told = {each.kind.value: each.amount for each in totals.tenders}
        same(f"{name} and journal: tenders", told, dict(shift.tenders))
        taxes = {(each.code, each.rate): (each.base, each.tax) for each in totals.taxes}
        same(f"{name} and journal: taxes", taxes, {k: (shift.bases[k], v) for k, v in shift.taxes.items()})


def _check_tax(rate: Decimal, net: int, tax: int, *, cents: int) -> None:
    """Hold the tax inside what was paid at one rate against net × rate ÷ (1 + rate), to so many half cents.

    What came back of a sale in parts gives back its tax in parts, each line within a cent.
    """
    percent = int(rate * 100)
    if abs(2 * (tax * (100 + percent) - net * percent)) > (100 + percent) * cents:
        same("tax of a sale", tax, f"{net} × {percent} ÷ {100 + percent}")
