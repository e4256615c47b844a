"""What may be sold, to whom and when: quarantine, early purchase, levels, expired batches, sold pieces.

Decides yes or no with the reason; it binds when a line is rung, when a held cart is taken up and when it is paid.
"""

from collections.abc import Sequence
from datetime import date

from pos_app.domain.catalogue.goods import Batch, Piece, PieceState, Variant
from pos_app.domain.errors import ExpectedError


class QuarantinedError(ExpectedError):
    """The goods are held back and may not be sold."""

    code = "catalogue.error.quarantined"


class NotYetSoldError(ExpectedError):
    """The goods go on sale on a later day; `sold_from` says which."""

    code = "catalogue.error.not_yet_sold"


class LevelTooLowError(ExpectedError):
    """The goods are for members of a level and above."""

    code = "catalogue.error.level_too_low"


class PieceSoldError(ExpectedError):
    """The piece was sold already."""

    code = "catalogue.error.piece_sold"


class NoGoldPriceError(ExpectedError):
    """There is no price of the day for this fineness; `before` and `before_on` are the latest one, or None."""

    code = "catalogue.error.no_gold_price"


class BatchExpiredError(ExpectedError):
    """The batch is past its date and may not be sold."""

    code = "catalogue.error.batch_expired"


class NoPriceError(ExpectedError):
    """The goods have no price and are not open-priced."""

    code = "catalogue.error.no_price"


class PieceQuarantinedError(QuarantinedError):
    """The piece is held back and may not be sold."""

    code = "catalogue.error.piece_quarantined"


class BatchQuarantinedError(QuarantinedError):
    """The batch is held back and may not be sold."""

    code = "catalogue.error.batch_quarantined"


def check_sellable(variant: Variant, level: int, on: date) -> None:
    """Raise QuarantinedError, NotYetSoldError or LevelTooLowError when a variant may not be sold."""
    flags = variant.flags
    if flags.quarantined:
        raise QuarantinedError(name=variant.name)
    early = flags.sold_from is not None and on < flags.sold_from
    if early and (flags.minimum_level == 0 or level < flags.minimum_level):
        raise NotYetSoldError(name=variant.name, sold_from=flags.sold_from)
    if flags.sold_from is None and level < flags.minimum_level:
        raise LevelTooLowError(name=variant.name, level=flags.minimum_level)


def check_batch(batch: Batch, on: date) -> None:
    """Raise BatchQuarantinedError or BatchExpiredError when a batch is held back or past its last day."""
    if batch.quarantined:
        raise BatchQuarantinedError(batch=batch.code)
    if batch.expires_on is not None and batch.expires_on < on:
        raise BatchExpiredError(batch=batch.code, expires_on=batch.expires_on)


def check_piece(piece: Piece) -> None:
    """Raise PieceSoldError or PieceQuarantinedError when a piece is not to be sold."""
    if piece.state is PieceState.SOLD:
        raise PieceSoldError(piece=piece.code)
    if piece.state is PieceState.QUARANTINED:
        raise PieceQuarantinedError(piece=piece.code)


def batch_to_sell(variant: Variant, batches: Sequence[Batch], on: date) -> Batch | None:
    """Return the batch that expires first of those that may be sold; None when goods have no batches at all.

    Raises what `check_batch` says of the last batch when none may be sold.
    """
    if not variant.flags.batch_required:
        return None
    for batch in sorted(batches, key=lambda b: (b.expires_on is None, b.expires_on or on, b.code)):
        if not batch.quarantined and (batch.expires_on is None or batch.expires_on >= on):
            return batch
    for batch in reversed(batches):
        check_batch(batch, on)
    return None
