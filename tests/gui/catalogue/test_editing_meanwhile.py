"""Forms at the till that are saved after somebody else changed the same goods: hers stays where nothing was typed."""

from dataclasses import replace

import pytest

from pos_app.domain.catalogue.drafts import BarcodeDraft, StyleDraft, piece_draft_of
from pos_app.domain.values.money import Amount
from pos_app.services.catalogue_prices import PriceChange, PricesAsked
from tests.gui.catalogue.hands import CTRL, Hands, Key
from ui.catalogue.state import Tab

RING = "GD26110001"
MILK = "6931201000176"
CASE = "6900000000017"


def writes(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Note each transaction that is begun."""
    begun: list[None] = []
    store = hands.shop.store
    write = store.write

    def counted() -> object:
        begun.append(None)
        return write()

    monkeypatch.setattr(store, "write", counted)
    return begun


def test_moving_a_price_is_one_transaction(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    hands.keys.scan(MILK)
    hands.turn_to(Tab.PRICES)
    hands.keys.press(Key.Key_F5)
    hands.fill(list="member", price="88")
    hands.save()
    hands.keys.press(Key.Key_F3)
    hands.keys.press(Key.Key_Down)
    hands.keys.press(Key.Key_Return)
    hands.fill(list="level:3")
    begun = writes(hands, monkeypatch)
    hands.save()
    assert len(begun) == 1
    rows = hands.shop.catalogue.prices(hands.goods(MILK).variant_id)
    assert [(row.list, row.price) for row in rows] == [("level:3", 8800)]


def test_goods_and_their_new_style_are_one_transaction(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    hands.keys.scan(MILK)
    hands.turn_to(Tab.FACTS)
    hands.keys.press(Key.Key_E, CTRL)
    hands.fill(style_code="KS-1", style_name="牧星 1 段", cost="61.50")
    begun = writes(hands, monkeypatch)
    hands.save()
    assert len(begun) == 1
    style, _ = hands.shop.catalogue.style(hands.goods(MILK).style_id)
    assert style is not None and style.name == "牧星 1 段"


def test_a_style_renamed_meanwhile_keeps_its_name(hands: Hands) -> None:
    hands.keys.scan(MILK)
    hands.turn_to(Tab.FACTS)
    hands.keys.press(Key.Key_E, CTRL)
    hands.fill(style_code="KS-1", style_name="牧星 1 段")
    hands.save()
    hands.keys.press(Key.Key_E, CTRL)
    style, _ = hands.shop.catalogue.style(hands.goods(MILK).style_id)
    assert style is not None
    renamed = StyleDraft(code=style.code, name="牧星一段 新包装", style_id=style.style_id)
    hands.shop.catalogue_edit.save_style(hands.till.at.counter.session.who, renamed)
    hands.fill(cost="62.00")
    hands.save()
    style, _ = hands.shop.catalogue.style(hands.goods(MILK).style_id)
    assert style is not None and style.name == "牧星一段 新包装"


def test_a_piece_keeps_the_cost_that_somebody_wrote_while_its_form_was_open(hands: Hands) -> None:
    hands.keys.scan(RING)
    hands.keys.press(Key.Key_F3)
    hands.keys.press(Key.Key_E, CTRL)
    code = hands.page.form.values()["code"]
    found = hands.shop.catalogue.find(code)
    assert found is not None and found.piece is not None
    dearer = replace(piece_draft_of(found.piece), cost=Amount(123_400))
    hands.shop.catalogue_edit.save_piece(hands.till.at.counter.session.who, dearer)
    hands.fill(stones="主石 0.30ct")
    hands.save()
    found = hands.shop.catalogue.find(code)
    assert found is not None and found.piece is not None
    assert (found.piece.cost, found.piece.stones) == (123_400, "主石 0.30ct")


def test_a_barcode_added_while_the_form_was_open_is_not_lost(hands: Hands) -> None:
    hands.keys.scan(MILK)
    hands.turn_to(Tab.BARCODES)
    hands.keys.press(Key.Key_E, CTRL)
    variant = hands.goods(MILK).variant_id
    there, _, _ = hands.shop.catalogue.details(variant)
    drafts = (*(BarcodeDraft(code=each.code) for each in there), BarcodeDraft(code=CASE))
    hands.shop.catalogue_edit.set_barcodes(hands.till.at.counter.session.who, variant, drafts)
    hands.fill(price_0="108")
    hands.save()
    now, _, _ = hands.shop.catalogue.details(variant)
    assert {each.code: each.price for each in now} == {CASE: None, there[0].code: 10_800} | {
        each.code: None for each in there[1:]
    }


def test_a_price_changed_while_its_form_was_open_keeps_its_new_days(hands: Hands) -> None:
    hands.keys.scan(MILK)
    hands.turn_to(Tab.PRICES)
    hands.keys.press(Key.Key_F5)
    hands.fill(list="member", price="88")
    hands.save()
    hands.keys.press(Key.Key_F3)
    hands.keys.press(Key.Key_Down)
    hands.keys.press(Key.Key_Return)
    change = PriceChange(variant=hands.goods(MILK).variant_id, price=Amount(8_000))
    asked = PricesAsked(list="member", changes=[change])
    hands.shop.catalogue_prices.set_prices(hands.till.at.counter.session.who, asked)
    hands.fill(valid_from="2026-12-01")
    hands.save()
    (row,) = hands.shop.catalogue.prices(hands.goods(MILK).variant_id)
    assert (row.price, str(row.valid_from)) == (8_000, "2026-12-01")
