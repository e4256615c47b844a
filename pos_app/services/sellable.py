"""Whether what stands in a cart may still be sold: asked when a held cart is taken up, and again when it is paid.

Goods may be held back, a batch expire or a piece be sold between the scan and the payment, and the member who may buy
early may leave the cart. Decides nothing itself: `domain.catalogue.selling` does.
"""

from datetime import date

from pos_app.domain.catalogue import NoGoldPriceError, check_batch, check_piece, check_sellable
from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.cart import Cart, CartLine, SoldPiece
from pos_app.domain.sales.gold import GoldPriceMovedError, move_of
from pos_app.domain.sales.line import PriceBasis
from pos_app.domain.values.ids import PieceId
from pos_app.services.ports.store import Tx


def check_line(tx: Tx, line: CartLine, level: int, on: date) -> None:
    """Raise what stands against selling a line on a day to a member of a level (0: to anybody).

    What is taken back, what the catalogue does not know and what it no longer holds is passed over.
    """
    if line.product is None or line.fixed is not None:
        return
    variant = tx.catalogue.variant(line.product.variant)
    if variant is not None:
        check_sellable(variant, level, on)
    if line.batch is not None:
        batch = tx.catalogue.batch(line.batch)
        if batch is not None:
            check_batch(batch, on)
    if line.piece is not None:
        piece = tx.catalogue.piece(piece_now(tx, line.piece.piece, line.piece.code))
        if piece is not None:
            check_piece(piece)
    if line.basis is PriceBasis.GOLD and line.piece is not None:
        _check_gold(tx, line, line.piece, on)


def _check_gold(tx: Tx, line: CartLine, piece: SoldPiece, on: date) -> None:
    """Raise NoGoldPriceError when today has no price for a piece, GoldPriceMovedError when it has another one."""
    fineness = piece.fineness or ""
    today = tx.catalogue.gold_price(fineness, on)
    if today is None:
        before, day = tx.catalogue.gold_before(fineness, on) or (None, None)
        raise NoGoldPriceError(fineness=fineness, before=before, before_on=day)
    move = move_of(line, today)
    if move is not None:
        raise GoldPriceMovedError(piece=piece.code, amount=move.stood, price=move.now)


def piece_now(tx: Tx, piece: PieceId, code: str | None) -> PieceId:
    """Return the id that a piece has now: the merchant's took the place of one that was rung before the till joined."""
    if code is None or tx.catalogue.piece(piece) is not None:
        return piece
    found = tx.catalogue.find_piece(code)
    return found.piece.piece_id if found is not None and found.piece is not None else piece


def check_cart(tx: Tx, cart: Cart, on: date) -> None:
    """Raise what stands against selling the first line that may not be sold."""
    level = cart.member.level if cart.member else 0
    for line in cart.lines:
        check_line(tx, line, level, on)


def objections(tx: Tx, cart: Cart, on: date) -> tuple[ExpectedError, ...]:
    """Return what stands against selling each line that may not be sold, in their order."""
    level = cart.member.level if cart.member else 0
    found: list[ExpectedError] = []
    for line in cart.lines:
        try:
            check_line(tx, line, level, on)
        except ExpectedError as error:
            found.append(error)
    return tuple(found)
