"""Whose a code of goods is: no code stands for two things, whatever kind of code it is.

Decides which writings of a barcode are one number; what is then told of it is the caller's.
"""

from typing import Any

from pos_app.domain.catalogue.drafts import DuplicateCodeError
from pos_app.domain.values.barcode import candidates, writings
from pos_app.domain.values.ids import PieceId, StyleId, VariantId
from pos_app.services.ports.store import Tx

UPC_E_DIGITS = 8
_SCANNED = ("barcode", "variant", "piece")


def require_free(tx: Tx, kind: str, code: str, mine: Any) -> None:
    """Raise DuplicateCodeError when a code stands for something else, also in another form of its number.

    A scanner sends the twelve digits of UPC-A or the thirteen of EAN-13 for the same bars, as it was set up; whatever
    it sends is looked up among barcodes, codes of goods and codes of pieces.
    """
    for form in forms_of(code) if kind in _SCANNED else (code,):
        owner = tx.catalogue.owner_of(kind, form)
        if owner is not None and owner != mine:
            raise DuplicateCodeError(code_text=code, name=_name(tx, kind, owner))


def forms_of(code: str) -> tuple[str, ...]:
    """Return every form in which a scanner or a file may give a code, as it is first.

    Eight digits are taken as they are: of the numbers that shops give themselves one in fifty reads as UPC-E, and two
    of those may even read as one UPC-A.
    """
    return (
        (code,) if len(code) == UPC_E_DIGITS else tuple(dict.fromkeys((*candidates(code), *writings(code))))
    )


def _name(tx: Tx, kind: str, owner: Any) -> str:
    """Return the name of what a code stands for."""
    if kind == "style":
        style = tx.catalogue.style(StyleId(owner))
        return style.name if style else ""
    if kind in ("piece", "certificate"):
        piece = tx.catalogue.piece(PieceId(owner))
        return piece.code if piece else ""
    variant = tx.catalogue.variant(VariantId(owner))
    return variant.name if variant else ""
