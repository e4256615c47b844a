"""Returns and voids: goods taken back against a receipt of this till, or of another shop once it was found online.

Decides what can still come back and how the money goes back; a return is a negative sale with its own number, made
by `checkout` from a cart that holds returned lines. A void (撤单) is the return of everything within the shift.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from pos_app.domain.deposits import DepositElsewhereError
from pos_app.domain.errors import ExpectedError, NotFoundError
from pos_app.domain.sales.cart import Cart, CartLine
from pos_app.domain.sales.line import Line, LineKind
from pos_app.domain.sales.returns import (
    NotReturnableError,
    TakenBack,
    refund_sources,
    refund_tender,
    refunds,
    returned_line,
)
from pos_app.domain.sales.sale import CartEmptyError, Sale, SaleKind
from pos_app.domain.sales.tenders import Tender, TenderKind
from pos_app.domain.shifts import NoShiftError
from pos_app.domain.staff import Action, Approval, NeedsApprovalError
from pos_app.domain.values.ids import CartId, LineId, SaleId, TenderId
from pos_app.domain.values.money import Amount, round_half_up_to
from pos_app.domain.values.quantity import Quantity
from pos_app.services.acting import Actor, CurrentSettings, must_spend
from pos_app.services.checkout import Checkout, Committed
from pos_app.services.ports.clock import Clock, Ids
from pos_app.services.ports.selling import ElsewhereSale, SaleSummary
from pos_app.services.ports.store import Store, Tx
from pos_app.services.ports.syncing import OnlineSale
from pos_app.services.staff import spend_approval


@dataclass(frozen=True, slots=True)
class ReturnableLine:
    """A bought line and how much of it can still come back (thousandths)."""

    line: Line
    left: Quantity


@dataclass(frozen=True, slots=True)
class Returnable:
    """A sale with what can still come back of it."""

    sale: Sale
    lines: tuple[ReturnableLine, ...]


@dataclass(frozen=True, slots=True)
class ReturnPreview:
    """What a return would do: its cart, the money (negative), and to which tenders it goes."""

    cart: Cart
    total: Amount
    tenders: tuple[Tender, ...]


class VoidTooLateError(NotReturnableError):
    """A sale is voided only within its shift, and only whole; later it is returned."""

    code = "sales.error.void_too_late"


class ReturnChangedError(ExpectedError):
    """Something of the sale came back after the preview was made: it must be looked at again."""

    code = "sales.error.return_changed"


class Returns:
    """Use cases of taking back."""

    def __init__(
        self, store: Store, checkout: Checkout, settings: CurrentSettings, clock: Clock, ids: Ids
    ) -> None:
        self._store = store
        self._checkout = checkout
        self._settings = settings
        self._clock = clock
        self._ids = ids

    def history(self, text: str = "", limit: int = 50) -> tuple[SaleSummary, ...]:
        """Return the latest sales whose number holds the text, newest first."""
        with self._store.read() as tx:
            return tuple(tx.sales.history(limit, text))

    def find(self, number: str) -> Returnable:
        """Return a sale by its receipt number with what can still come back; raise NotFoundError."""
        with self._store.read() as tx:
            text = number.strip().upper()
            sale_id = tx.sales.find_number(text) or tx.sales.find_elsewhere(text)
        if sale_id is None:
            raise NotFoundError(what=number)
        return self.open(sale_id)

    def open(self, sale_id: SaleId) -> Returnable:
        """Return a sale with what can still come back of it; raise NotFoundError."""
        with self._store.read() as tx:
            sale = _sale(tx, sale_id)
            back = _came_back(tx, sale_id)
        lines = tuple(
            ReturnableLine(line, Quantity(line.quantity - back.get(line.line_id, 0)))
            for line in sale.lines
            if line.kind is not LineKind.RETURN
        )
        return Returnable(sale, lines)

    def take_elsewhere(self, found: OnlineSale) -> Returnable:
        """Keep a sale of another shop that was found online, and return it with what can still come back of it.

        What the platform knows to have come back includes what this till gave back itself and has sent; a return of
        its own that is not sent yet counts once more there, and comes to the sync desk if that was too much.
        """
        sale_id = found.sale.sale_id
        with self._store.write() as tx:
            if tx.sales.get(sale_id) is None:
                here = tx.sales.returned(sale_id)
                others = {line: Quantity(max(0, n - here.get(line, 0))) for line, n in found.returned}
                kept = ElsewhereSale(sale=found.sale, shop_name=found.shop_name, returned=others)
                tx.sales.keep_elsewhere(kept)
        return self.open(sale_id)

    def preview(self, sale_id: SaleId, wanted: Mapping[LineId, Quantity], reason: str) -> ReturnPreview:
        """Return what taking back `wanted` would do, without doing it.

        Raises CartEmptyError when nothing is wanted, ReturnBeyondBoughtError, NotReturnableError, NotFoundError,
        DepositElsewhereError for a deposit of another till: what is left of it only that one knows.
        """
        found = self.open(sale_id)
        self._check_deposit(found.sale)
        lines = []
        for item in found.lines:
            quantity = wanted.get(item.line.line_id, Quantity(0))
            if quantity:
                before = Quantity(item.line.quantity - item.left)
                new_id = LineId(self._ids.new())
                back = TakenBack(
                    sale=sale_id, before=before, quantity=quantity, line_id=new_id, reason=reason
                )
                lines.append(returned_line(item.line, back))
        if not lines:
            raise CartEmptyError()
        cart = self._cart(found.sale, tuple(lines))
        total = self._checkout.price(cart).total
        tenders = self._refunds(found.sale, total)
        return ReturnPreview(msgspec.structs.replace(cart, tenders=tenders), total, tenders)

    def _check_deposit(self, sale: Sale) -> None:
        if any(line.kind is LineKind.DEPOSIT for line in sale.lines):
            with self._store.read() as tx:
                if tx.deposits.get(sale.sale_id) is None:
                    raise DepositElsewhereError(number=sale.number)

    def _refunds(self, sale: Sale, total: Amount) -> tuple[Tender, ...]:
        """Return the refund tenders; what goes back in cash is rounded to the smallest coin."""
        with self._store.read() as tx:
            shares = self._shares(tx, sale, total)
        return tuple(refund_tender(TenderId(self._ids.new()), amount, source) for amount, source in shares)

    def _shares(self, tx: Tx, sale: Sale, total: Amount) -> list[tuple[Amount, Tender | None]]:
        """Return how much of a negative total goes back to which tender, None for cash."""
        if total >= 0:
            return []
        gone = self._gone(tx, sale)
        return [
            (self._in_coins(tx, sale, amount) if source is None else amount, source)
            for amount, source in refund_sources(total, sale, gone)
        ]

    def _in_coins(self, tx: Tx, sale: Sale, amount: Amount) -> Amount:
        """Return what goes back in cash (negative) of an unrounded amount, together with what went back before.

        All cash of a sale is rounded as one sum, as it was when it was taken: parts that were rounded each alone
        would give back more, or less, than was paid.
        """
        gone = self._gone(tx, sale)
        not_cash = sum(paid for kind, paid in gone.items() if kind is not TenderKind.CASH)
        owed = Amount(self._worth_back(sale, _came_back(tx, sale.sale_id)) - not_cash - amount)
        taken = sum(t.amount for t in sale.tenders if t.kind is TenderKind.CASH)
        whole = min(round_half_up_to(owed, self._settings.value.cash_step), taken)
        return Amount(-max(0, whole - gone.get(TenderKind.CASH, 0)))

    def _gone(self, tx: Tx, sale: Sale) -> Mapping[TenderKind, Amount]:
        """Return what was given back of a sale, per kind, as positive amounts.

        What other shops gave back is not known by tender; it went as this rule sends it, which is theirs too.
        """
        gone = dict(tx.sales.refunded(sale.sale_id))
        kept = tx.sales.elsewhere(sale.sale_id)
        if kept is not None and any(kept.returned.values()):
            worth = self._worth_back(sale, kept.returned)
            for kind, amount, _ in refunds(Amount(-worth), sale, {}):
                gone[kind] = Amount(gone.get(kind, 0) - amount)
        return gone

    def _worth_back(self, sale: Sale, back: Mapping[LineId, Quantity]) -> Amount:
        """Return what came back of a sale is worth, before any rounding of cash."""
        lines = tuple(
            returned_line(
                line,
                TakenBack(
                    sale=sale.sale_id, quantity=back[line.line_id], line_id=LineId(self._ids.new()), reason=""
                ),
            )
            for line in sale.lines
            if back.get(line.line_id)
        )
        return Amount(-self._checkout.price(self._cart(sale, lines)).total)

    def _cart(self, sale: Sale, lines: tuple[Line, ...]) -> Cart:
        """Return the cart of a return: its lines cost what the sale says."""
        return Cart(
            cart_id=CartId(self._ids.new()),
            opened_at=self._clock.now(),
            lines=tuple(
                CartLine(line_id=x.line_id, quantity=x.quantity, kind=x.kind, fixed=x) for x in lines
            ),
            member=sale.member,
            returns_number=sale.number,
        )

    def give_back(self, who: Actor, preview: ReturnPreview, approval: Approval | None = None) -> Committed:
        """Commit a previewed return.

        Raises NeedsApprovalError when the role may not, ReturnBeyondBoughtError when something came back in between.
        """
        needed = NeedsApprovalError(
            action=Action.RETURN, amount=Amount(-preview.total), cart=preview.cart.cart_id
        )
        return self._commit(who, preview, needed, approval, SaleKind.RETURN)

    def void(self, who: Actor, sale_id: SaleId, reason: str, approval: Approval | None = None) -> Committed:
        """Take back a whole sale of the open shift.

        Raises VoidTooLateError for another shift's or a partly returned sale, NeedsApprovalError, NoShiftError.
        """
        found = self.open(sale_id)
        with self._store.read() as tx:
            shift = tx.shifts.current()
        if shift is None:
            raise NoShiftError()
        whole = all(item.left == item.line.quantity for item in found.lines)
        if found.sale.shift != shift.shift_id or not whole or found.sale.kind is not SaleKind.SALE:
            raise VoidTooLateError()
        wanted = {item.line.line_id: item.left for item in found.lines}
        preview = self.preview(sale_id, wanted, reason)
        needed = NeedsApprovalError(
            action=Action.VOID, amount=Amount(-preview.total), cart=CartId(found.sale.sale_id)
        )
        return self._commit(who, preview, needed, approval, SaleKind.VOID)

    def _commit(
        self,
        who: Actor,
        preview: ReturnPreview,
        needed: NeedsApprovalError,
        approval: Approval | None,
        kind: SaleKind,
    ) -> Committed:
        asks = must_spend(who, self._settings.value.limits, needed, approval)

        def before_it(tx: Tx) -> None:
            if asks and approval is not None:
                spend_approval(tx, self._clock, who, needed, approval)
            self._check_still_so(tx, preview)

        return self._checkout.commit(who, preview.cart, kind, before_it)

    def _check_still_so(self, tx: Tx, preview: ReturnPreview) -> None:
        """Raise ReturnBeyondBoughtError or ReturnChangedError when part of it came back after the preview was made.

        What the rest is worth, and to which tenders it goes, depends on what came back before it.
        """
        for line in (each.fixed for each in preview.cart.lines):
            if line is None or line.cause is None or line.cause.sale is None or line.cause.line is None:
                continue
            sale = _sale(tx, line.cause.sale)
            bought = next(each for each in sale.lines if each.line_id == line.cause.line)
            now = TakenBack(
                sale=sale.sale_id,
                before=_came_back(tx, sale.sale_id).get(bought.line_id, Quantity(0)),
                quantity=Quantity(-line.quantity),
                line_id=line.line_id,
                reason=line.cause.reason or "",
            )
            now_back = [_way_back(*share) for share in self._shares(tx, sale, preview.total)]
            told_back = [_way_back(t.amount, t) for t in preview.tenders]
            if returned_line(bought, now) != line or now_back != told_back:
                raise ReturnChangedError()


def _way_back(amount: Amount, to: Tender | None) -> tuple[object, ...]:
    """Return how much goes back to what, apart from the id of the refund."""
    if to is None:
        return amount, TenderKind.CASH, None, None, None
    return amount, to.kind, to.reference, to.deposit, to.attempt


def _sale(tx: Tx, sale_id: SaleId) -> Sale:
    """Return a sale of this till or a kept one of another shop; raise NotFoundError."""
    sale = tx.sales.get(sale_id)
    if sale is not None:
        return sale
    kept = tx.sales.elsewhere(sale_id)
    if kept is None:
        raise NotFoundError(what=str(sale_id))
    return kept.sale


def _came_back(tx: Tx, sale_id: SaleId) -> Mapping[LineId, Quantity]:
    """Return how much of each line came back, here and as far as is known elsewhere (thousandths)."""
    here, kept = dict(tx.sales.returned(sale_id)), tx.sales.elsewhere(sale_id)
    for line, quantity in (kept.returned if kept is not None else {}).items():
        here[line] = Quantity(here.get(line, 0) + quantity)
    return here
