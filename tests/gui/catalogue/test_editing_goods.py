"""Goods made and changed at the till by keys and scans, over the real store."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue import PieceState
from pos_app.domain.staff import Role
from pos_app.domain.values.money import Amount
from pos_app.services.ringing import Goods
from tests.gui.catalogue.hands import ALT, CTRL, Hands, Key
from tests.support.screen_till import CounterTill, screen_till
from ui.catalogue import SCREEN
from ui.catalogue.state import Side, Tab

RING = "GD26110001"
MILK = "6931201000176"
NEW_CODE = "6900000000017"


def test_a_new_product_needs_a_name_and_a_price_and_sells_at_once(hands: Hands) -> None:
    hands.keys.press(Key.Key_F10)
    hands.fill(name="山楂片 200g", retail="12.5")
    hands.keys.scan(NEW_CODE)
    hands.save()
    assert hands.state.side is Side.DETAIL and hands.state.detail is not None
    assert hands.state.detail.name == "山楂片 200g"
    goods = hands.shop.ringing.meaning(NEW_CODE)
    assert isinstance(goods, Goods) and goods.line.unit_price == 1250


def test_a_barcode_nobody_knows_opens_the_form_of_a_new_product(hands: Hands) -> None:
    hands.keys.scan(NEW_CODE)
    assert hands.state.form is not None
    assert hands.state.form.everything()["barcode"] == NEW_CODE


def test_save_and_next_opens_an_empty_form_with_the_next_code(hands: Hands) -> None:
    hands.keys.press(Key.Key_F10)
    first = hands.page.form.values()["code"]
    hands.fill(name="山楂片 200g", retail="12.50")
    hands.keys.press(Key.Key_F11)
    values = hands.page.form.values()
    assert values["name"] == "" and values["code"] not in ("", first)
    assert hands.page.form.edits["name"].hasFocus()
    assert hands.goods(first).name == "山楂片 200g"


def test_what_is_missing_or_taken_is_said_under_its_field(hands: Hands) -> None:
    hands.keys.press(Key.Key_F10)
    hands.save()
    assert hands.errors() == {"name": "必填", "retail": "必填"}
    hands.fill(name="山楂片", retail="1,29x", barcode=MILK)
    hands.save()
    assert set(hands.errors()) == {"retail"}
    hands.fill(retail="12.5")
    hands.save()
    assert list(hands.errors()) == ["barcode"] and MILK in hands.errors()["barcode"]
    assert hands.page.form.edits["barcode"].hasFocus()


def test_facts_are_read_first_and_edited_in_place(hands: Hands) -> None:
    hands.keys.scan(MILK)
    hands.turn_to(Tab.FACTS)
    hands.keys.press(Key.Key_E, CTRL)
    hands.fill(is_colour="蓝罐", cost="61.50", style_code="KS-1", style_name="牧星 1 段")
    hands.save()
    kept = hands.goods(MILK)
    assert dict(kept.attributes)["colour"] == "蓝罐" and kept.cost == 6150
    style, _ = hands.shop.catalogue.style(kept.style_id)
    assert style is not None and style.name == "牧星 1 段"
    facts = {item.code: item.right for item in hands.state.detail.facts} if hands.state.detail else {}
    assert facts["进价"] == "¥61.50" and facts["颜色"] == "蓝罐"


def test_rules_bind_at_the_next_scan(hands: Hands) -> None:
    hands.keys.scan(MILK)
    hands.turn_to(Tab.FLAGS)
    hands.keys.press(Key.Key_E, CTRL)
    hands.page.form.edits["quarantined"].setChecked(True)  # type: ignore[attr-defined]
    hands.fill(lowest_price="1.00", sold_from="2026/5/1")
    hands.save()
    flags = hands.goods(MILK).flags
    assert flags.quarantined and flags.lowest_price == 100 and str(flags.sold_from) == "2026-05-01"


def test_a_lowest_price_above_the_price_is_refused_under_its_field(hands: Hands) -> None:
    hands.keys.scan(MILK)
    hands.turn_to(Tab.FLAGS)
    hands.keys.press(Key.Key_E, CTRL)
    hands.fill(lowest_price="99999")
    hands.save()
    assert hands.errors() == {"lowest_price": "最低价高于零售价"}


def test_barcodes_come_by_scan_into_the_empty_rows(hands: Hands) -> None:
    hands.keys.scan(MILK)
    before = len(hands.state.detail.barcodes) if hands.state.detail else 0
    hands.turn_to(Tab.BARCODES)
    hands.keys.press(Key.Key_E, CTRL)
    for number in range(5):
        hands.keys.scan(f"690000000{number:04d}")
    hands.fill(**{f"pack_{before}": "6", f"price_{before}": "1299"})
    hands.save()
    assert hands.state.detail is not None and len(hands.state.detail.barcodes) == before + 5
    case = hands.shop.catalogue.find("6900000000000")
    assert case is not None and case.barcode is not None
    assert (case.barcode.pack_quantity, case.barcode.price) == (6000, 129900)


def test_the_same_barcode_twice_is_said_under_the_second(hands: Hands) -> None:
    hands.keys.scan(MILK)
    hands.turn_to(Tab.BARCODES)
    hands.keys.press(Key.Key_E, CTRL)
    hands.fill(code_1=MILK)
    hands.save()
    assert list(hands.errors()) == ["code_1"]


def test_a_member_price_with_days_is_marked_as_the_one_that_holds(hands: Hands) -> None:
    today = hands.shop.ringing.today()
    hands.keys.scan(MILK)
    hands.turn_to(Tab.PRICES)
    hands.keys.press(Key.Key_F5)
    hands.fill(list="member", price="88", valid_from=today.isoformat())
    hands.save()
    hands.keys.press(Key.Key_F5)
    hands.fill(list="level:2", price="80", valid_from=(today + timedelta(days=9)).isoformat())
    hands.save()
    detail = hands.state.detail
    assert detail is not None
    told = {item.code: (item.right, item.state) for item in detail.prices}
    assert told["会员价"] == ("¥88.00", "现行") and told["2 级会员价"] == ("¥80.00", "未到")


def test_an_emptied_price_takes_its_row_away(hands: Hands) -> None:
    hands.keys.scan(MILK)
    hands.turn_to(Tab.PRICES)
    hands.keys.press(Key.Key_F5)
    hands.fill(list="member", price="88")
    hands.save()
    hands.keys.press(Key.Key_F3)
    hands.keys.press(Key.Key_Down)
    hands.keys.press(Key.Key_Return)
    assert hands.state.form is not None and hands.state.form.everything()["price"] == "88.00"
    hands.fill(price="")
    hands.save()
    assert hands.shop.catalogue.prices(hands.goods(MILK).variant_id) == ()


def test_a_price_moved_to_another_list_is_not_left_behind(hands: Hands) -> None:
    hands.keys.scan(MILK)
    hands.turn_to(Tab.PRICES)
    hands.keys.press(Key.Key_F5)
    hands.fill(list="member", price="88")
    hands.save()
    hands.keys.press(Key.Key_F3)
    hands.keys.press(Key.Key_Down)
    hands.keys.press(Key.Key_Return)
    hands.fill(list="level:3")
    hands.save()
    rows = hands.shop.catalogue.prices(hands.goods(MILK).variant_id)
    assert [(row.list, row.price) for row in rows] == [("level:3", 8800)]


def test_a_piece_is_added_from_the_one_before_and_costs_what_gold_costs_today(hands: Hands) -> None:
    hands.keys.scan(RING)
    hands.keys.press(Key.Key_F5)
    assert hands.page.form.values()["fineness"] == "足金999"
    hands.keys.scan("GD99000001")
    hands.keys.scan("NGTC-2026-77")
    hands.fill(net_weight="3.26", labour="28")
    hands.save()
    found = hands.shop.catalogue.find("GD99000001")
    assert found is not None and found.piece is not None
    assert found.piece.certificate == "NGTC-2026-77" and found.piece.gross_weight_mg == 3260
    detail = hands.state.detail
    assert detail is not None
    assert next(i for i in detail.pieces if i.code.startswith("GD99000001")).right == "¥3,390.40"


def test_a_piece_of_weight_zero_or_lighter_than_its_gold_is_refused(hands: Hands) -> None:
    hands.keys.scan(RING)
    hands.keys.press(Key.Key_F5)
    hands.fill(code="GD99000002", net_weight="0")
    hands.save()
    assert list(hands.errors()) == ["net_weight"]
    hands.fill(net_weight="3.26", gross_weight="3.2")
    hands.save()
    assert list(hands.errors()) == ["gross_weight"]


def test_a_piece_is_held_back_and_given_free_again(hands: Hands) -> None:
    for held in (True, False):
        hands.keys.scan(RING)
        hands.keys.press(Key.Key_F3)
        hands.keys.press(Key.Key_E, CTRL)
        code = hands.page.form.values()["code"]
        hands.page.form.edits["quarantined"].setChecked(held)  # type: ignore[attr-defined]
        hands.save()
        found = hands.shop.catalogue.find(code)
        assert found is not None and found.piece is not None
        assert (found.piece.state is PieceState.QUARANTINED) is held


def test_pieces_over_all_goods_are_found_by_code_and_certificate(hands: Hands) -> None:
    hands.keys.press(Key.Key_F7)
    for _ in range(10):
        hands.keys.press(Key.Key_PageDown)
    assert hands.state.pieces is not None and len(hands.state.pieces) == 60
    assert hands.state.count == "60 件"
    hands.keys.type("GTC262499232")
    assert [row.piece.code for row in hands.state.pieces or ()] == [RING]
    hands.keys.press(Key.Key_Down)
    assert hands.state.detail is not None and hands.state.tab is Tab.PIECES


def test_a_batch_with_its_last_day_is_added_and_an_impossible_day_refused(hands: Hands) -> None:
    hands.keys.scan(MILK)
    hands.turn_to(Tab.BATCHES)
    hands.keys.press(Key.Key_F5)
    hands.fill(code="L2026-01", expires_on="2026-02-30")
    hands.save()
    assert list(hands.errors()) == ["expires_on"]
    hands.fill(expires_on="20260301")
    hands.save()
    detail = hands.state.detail
    assert detail is not None
    assert next(item for item in detail.batches if item.code == "L2026-01").state == "已过期"


def test_esc_asks_only_when_something_was_typed(hands: Hands) -> None:
    hands.keys.press(Key.Key_F10)
    hands.keys.press(Key.Key_Escape)
    assert hands.reads() and not hands.asked()
    hands.keys.press(Key.Key_F10)
    hands.fill(name="山楂片")
    hands.keys.press(Key.Key_Escape)
    assert hands.asked()
    hands.keys.press(Key.Key_Escape)
    assert hands.state.form is not None and hands.page.form.values()["name"] == "山楂片"
    hands.keys.press(Key.Key_Escape)
    hands.keys.press(Key.Key_Return)
    assert hands.reads()


def test_a_picture_is_chosen_shown_and_taken_away(hands: Hands, tmp_path: Path) -> None:
    file = BytesIO()
    Image.new("RGB", (800, 600), "red").save(file, "PNG")
    (tmp_path / "罐.png").write_bytes(file.getvalue())
    hands.keys.scan(MILK)
    hands.page.pictures.read(tmp_path / "罐.png")
    assert hands.goods(MILK).picture is not None
    assert hands.state.detail is not None and hands.state.detail.picture is not None
    (tmp_path / "罐.png").write_bytes(b"no picture")
    hands.page.pictures.read(tmp_path / "罐.png")
    assert hands.till.tones.sounded == ["refused"]
    hands.keys.press(Key.Key_Delete, ALT)
    hands.keys.press(Key.Key_Return)
    assert hands.goods(MILK).picture is None


@pytest.mark.parametrize("role", [Role.CLERK, Role.CASHIER])
def test_a_clerk_reads_everything_and_is_offered_no_change(
    counter: CounterTill, qtbot: QtBot, role: Role
) -> None:
    counter.sign_in(role)
    with screen_till(counter, [SCREEN]) as till:
        hands = Hands(till)
        hands.keys.scan(MILK)
        hands.keys.press(Key.Key_F10)
        hands.keys.press(Key.Key_E, CTRL)
        hands.keys.press(Key.Key_B, CTRL)
        hands.keys.press(Key.Key_F9)
        assert hands.state.side is Side.DETAIL
        left = hands.page.left
        assert not any(left.button(name).isVisible() for name in ("new", "bulk", "labels", "undo", "import"))
        assert not any(hands.page.detail.buttons[name].isVisible() for name in ("edit", "add", "picture"))
        assert hands.state.detail is not None
        assert "进价" not in [item.code for item in hands.state.detail.facts]


def test_a_price_below_the_lowest_is_said_under_the_price(hands: Hands) -> None:
    hands.open(MILK)
    flags = replace(hands.goods(MILK).flags, lowest_price=hands.goods(MILK).retail)
    manager = hands.till.at.counter.session.who
    hands.shop.catalogue_edit.set_flags(manager, hands.goods(MILK).variant_id, flags)
    hands.turn_to(Tab.FACTS)
    hands.keys.press(Key.Key_E, CTRL)
    hands.fill(retail="1")
    hands.save()
    assert hands.errors() == {"retail": "最低价高于零售价"}


def test_a_price_of_nothing_is_set_only_with_a_reason(hands: Hands) -> None:
    hands.open(MILK)
    before = hands.goods(MILK).retail
    hands.turn_to(Tab.PRICES)
    hands.keys.press(Key.Key_F5)
    hands.fill(price="0")
    hands.save()
    assert hands.errors() == {"reason": "价格是 0，就是白送。确实如此，请写原因再保存。"}
    assert hands.goods(MILK).retail == before
    hands.fill(reason="试用装")
    hands.save()
    assert hands.state.form is None and hands.goods(MILK).retail == 0


def test_no_list_gets_a_price_below_the_lowest(hands: Hands) -> None:
    hands.open(MILK)
    variant, manager = hands.goods(MILK), hands.till.at.counter.session.who
    assert variant.retail is not None
    flags = replace(variant.flags, lowest_price=Amount(variant.retail - 100))
    hands.shop.catalogue_edit.set_flags(manager, variant.variant_id, flags)
    hands.turn_to(Tab.PRICES)
    for price_list in ("retail", "member"):
        hands.keys.press(Key.Key_F5)
        hands.fill(list=price_list, price="1")
        hands.save()
        (said,) = hands.errors().items()
        assert said[0] == "price" and said[1].startswith("低于这件商品的最低价 ¥")
        hands.fill(price=str(Decimal(variant.retail - 100) / 100))
        hands.save()
        assert hands.state.form is None
    assert hands.goods(MILK).retail == variant.retail - 100


def test_a_style_code_that_is_emptied_takes_the_goods_out_of_the_style(hands: Hands) -> None:
    hands.open(MILK)
    hands.turn_to(Tab.FACTS)
    for code, name in (("STYLE-1", "一段奶粉"), ("", "")):
        hands.keys.press(Key.Key_E, CTRL)
        hands.fill(style_code=code, style_name=name)
        hands.save()
        style, _ = hands.shop.catalogue.style(hands.goods(MILK).style_id)
        assert (style.code if style else "") == code
