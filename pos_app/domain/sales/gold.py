"""Pieces that were rung by weight, when the gold price of the day is another one by the time they are paid.

Decides what such a line costs at another price per gram, and when nobody has settled which price holds; who may let
the old one hold is decided in `staff`. A line that keeps its price has today's for its list price, so that what was
allowed can be reckoned from the sale itself. However often the price moves, the one that may be kept is the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.cart import CartLine
from pos_app.domain.sales.line import Component, ComponentKind, Per, PriceBasis
from pos_app.domain.sales.pricing import component, gross_of
from pos_app.domain.staff import Action, Approval, NeedsApprovalError
from pos_app.domain.values.ids import CartId, LineId
from pos_app.domain.values.money import ZERO, Amount


class GoldPriceMovedError(ExpectedError):
    """A piece stands at `amount` per gram, and `price` is today's; nobody has settled which of them holds."""

    code = "sales.error.gold_price_moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldMove:
    """A line whose gold price is another one today: `was` and `now` per gram, `before` and `after` for the line.

    `was` is the price the line was rung at first, however often it has moved since; `stood` is the latest before now.
    """

    line: LineId
    fineness: str
    was: Amount
    stood: Amount
    now: Amount
    before: Amount
    after: Amount

    @property
    def can_be_kept(self) -> bool:
        """Whether there is something to keep: the price may have come back to what it was."""
        return self.before != self.after


class OldGoldPriceError(NeedsApprovalError):
    """Pieces are to be sold at the gold price they were rung at; `moves` says which prices these are."""

    code = "sales.error.old_gold_price"

    def __init__(self, cart: CartId, moves: Sequence[GoldMove]) -> None:
        worth = Amount(sum(abs(move.after - move.before) for move in moves))
        super().__init__(action=Action.SET_GOLD_PRICE, amount=worth, cart=cart)
        self.moves = tuple(moves)


def metal_of(line: CartLine) -> Component | None:
    """Return the metal of a piece that was rung by its weight; None for any other line, also one that comes back."""
    if line.basis is not PriceBasis.GOLD or line.piece is None or line.fixed is not None:
        return None
    return next((part for part in line.components if part.kind is ComponentKind.METAL), None)


def at_gold_price(line: CartLine, price: Amount) -> CartLine:
    """Return a line of gold at another price per gram; labour and stones, and what was taken off by hand, stay.

    The line remembers what it was rung at first.
    """
    rung = _rung_rate(line)
    parts = tuple(
        component(ComponentKind.METAL, part.weight_mg, price, Per.GRAM, part.fineness)
        if part.kind is ComponentKind.METAL
        else part
        for part in line.components
    )
    amount = Amount(sum(part.amount for part in parts))
    product = msgspec.structs.replace(line.product, list_price=amount) if line.product else None
    return msgspec.structs.replace(
        line,
        components=parts,
        amount=amount,
        product=product,
        rung_rate=None if rung == price else rung,
        price_approver=None,
        price_approval=None,
    )


def _rung_rate(line: CartLine) -> Amount:
    """Return what a gram cost when a line was rung."""
    metal = metal_of(line)
    return line.rung_rate or (metal.rate if metal is not None else None) or ZERO


def kept_at(line: CartLine, move: GoldMove, approval: Approval | None) -> CartLine:
    """Return a line at the gold price it was rung at; its list price says what it costs at today's."""
    kept = at_gold_price(line, move.was)
    return msgspec.structs.replace(
        kept,
        product=msgspec.structs.replace(kept.product, list_price=move.after) if kept.product else None,
        price_approver=approval.approver if approval else None,
        price_approval=approval.approval_id if approval else None,
    )


def move_of(line: CartLine, today: Amount) -> GoldMove | None:
    """Return how a line's gold price differs from today's; None when it does not, or when the old one was kept."""
    if metal_of(line) is None:
        return None
    after = gross_of(at_gold_price(line, today))
    kept = line.product is not None and line.product.list_price == after
    return None if gross_of(line) == after or kept else _move(line, today)


def offer_of(line: CartLine) -> GoldMove | None:
    """Return the price that a line was rung at, as long as it may be kept and stands at another one."""
    metal = metal_of(line)
    return None if metal is None or line.rung_rate is None else _move(line, metal.rate or ZERO)


def _move(line: CartLine, now: Amount) -> GoldMove:
    was, metal = _rung_rate(line), metal_of(line)
    return GoldMove(
        line=line.line_id,
        fineness=(line.piece.fineness if line.piece else None) or "",
        was=was,
        stood=(metal.rate if metal else None) or ZERO,
        now=now,
        before=gross_of(at_gold_price(line, was)),
        after=gross_of(at_gold_price(line, now)),
    )
