"""The form of a piece: code, certificate, weights, fineness, how it is priced, where it stands.

Decides the fields and what is written when they are saved. Qt-free.
"""

from collections.abc import Mapping
from dataclasses import replace

from pos_app.domain.catalogue import Piece, PieceState
from pos_app.domain.catalogue.drafts import PieceDraft, piece_draft_of
from pos_app.domain.sales.line import Per
from pos_app.services.shop import Shop
from pos_app.words import translate
from ui.catalogue.forms import Entry, Form, Kind, Reading, Task, Work, amount_text, tick_text, weight_text
from ui.catalogue.goods_forms import label
from ui.catalogue.whole import Whole

_AMOUNTS = ("stone_price", "tag_price", "cost")


class PieceForms:
    """Makes the form of a piece."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def piece(self, whole: Whole, piece: Piece | None) -> Task:
        """Return the form of a piece; a new one takes fineness and labour from the piece before."""
        like = piece or (whole.pieces[-1] if whole.pieces else None)
        title = translate("catalogue.form.piece" if piece else "catalogue.form.new_piece")
        form = Form(title, self._entries(piece, like), again=piece is None)
        return Task(form, lambda values: self._plan(whole, piece, values))

    def _entries(self, piece: Piece | None, like: Piece | None) -> tuple[Entry, ...]:
        weights = tuple(
            Entry(name, label(name), "amount", weight_text(getattr(piece, f"{name}_mg")) if piece else "")
            for name in ("gross_weight", "net_weight")
        )
        held = piece is not None and piece.state is PieceState.QUARANTINED
        return (
            Entry("code", label("piece"), "code", piece.code if piece else "", longest=48),
            _text("certificate", piece),
            *weights,
            Entry("fineness", label("fineness"), value=like.fineness if like else "", longest=40),
            *self._prices(piece, like),
            Entry("quarantined", translate("catalogue.page.flag_quarantined"), "tick", tick_text(held), 4),
        )

    def _prices(self, piece: Piece | None, like: Piece | None) -> tuple[Entry, ...]:
        per = (like.labour_per if like else Per.GRAM).value
        pers = ((label("per_gram"), Per.GRAM.value), (label("per_piece"), Per.PIECE.value))
        fixed = replace(self._amount("fixed_price", piece), hint=translate("catalogue.form.fixed_hint"))
        return (
            fixed,
            self._amount("labour", like),
            Entry("labour_per", label("labour_per"), "choice", per, choices=pers),
            _text("stones", piece),
            *(self._amount(name, piece) for name in _AMOUNTS),
        )

    def _amount(self, name: str, of: Piece | None) -> Entry:
        text = amount_text(getattr(of, name), self._shop.current.value.money) if of else ""
        return Entry(name, label(name), "amount", text, optional=True)

    def _plan(self, whole: Whole, piece: Piece | None, values: Mapping[str, str]) -> Work:
        read = Reading(values, self._shop.current.value.money)
        fixed = read.amount("fixed_price")
        net = read.weight("net_weight")
        gross = read.weight("gross_weight") or net
        if fixed is None and not net and "net_weight" not in read.faults:
            read.faults["net_weight"] = translate("catalogue.fault.net_weight")
        if gross < net and "gross_weight" not in read.faults:
            read.faults["gross_weight"] = translate("catalogue.fault.gross_weight")
        draft = PieceDraft(
            variant=whole.variant.variant_id,
            piece_id=piece.piece_id if piece else None,
            code=read.code("code", required=True),
            certificate=read.code("certificate") or None,
            gross_weight_mg=gross,
            net_weight_mg=net,
            fineness=read.text("fineness", required=fixed is None),
            fixed_price=fixed,
            labour=read.amount("labour"),
            labour_per=Per(values.get("labour_per") or Per.GRAM.value),
            stones=read.optional("stones"),
            stone_price=read.amount("stone_price"),
            tag_price=read.amount("tag_price"),
            cost=read.amount("cost"),
            quarantined=read.tick("quarantined"),
            seen=piece_draft_of(piece) if piece else None,
        )
        read.check()
        return lambda who: self._shop.catalogue_edit.save_piece(who, draft).variant_id


def _text(name: str, of: Piece | None) -> Entry:
    kind: Kind = "code" if name == "certificate" else "words"
    return Entry(name, label(name), kind, (getattr(of, name) or "") if of else "", optional=True, longest=48)
