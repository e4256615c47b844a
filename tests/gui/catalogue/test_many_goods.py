"""Filters, marks, a change to many goods, labels to print again, gold prices: by keys, over the real store."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue.drafts import VariantDraft
from pos_app.domain.values.money import Amount
from pos_app.services.catalogue_walk import Mark
from pos_app.words import format_date
from tests.gui.catalogue.hands import CTRL, SHIFT, Hands, Key
from tests.support.screen_till import CounterTill, screen_till
from ui.catalogue import SCREEN
from ui.catalogue.state import Side
from ui.shell.screens import Screen, ScreenContext, ScreenId


class _Opened(QWidget):
    """A page that keeps what it was opened with."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.asked: object = None

    def opened(self, args: object) -> None:
        self.asked = args


LABELS = Screen(ScreenId("labels"), "catalogue.action.labels", "tag", _Opened)
IMPORTS = Screen(ScreenId("imports"), "catalogue.action.import", "upload", _Opened)


@pytest.fixture
def office(counter: CounterTill, qtbot: QtBot) -> Iterator[Hands]:
    with screen_till(counter, [SCREEN, LABELS, IMPORTS]) as shown:
        yield Hands(shown)


def retail(hands: Hands) -> list[Amount | None]:
    rows = hands.shop.catalogue.browse("", 3)[0]
    return [variant.retail for variant in rows]


def mark_three(hands: Hands) -> None:
    hands.keys.press(Key.Key_Down)
    hands.keys.press(Key.Key_Space)
    hands.keys.press(Key.Key_Down, SHIFT)
    hands.keys.press(Key.Key_Down, SHIFT)


def price(hands: Hands, code: str, amount: int) -> None:
    who = hands.till.at.demo.owner
    hands.shop.catalogue_edit.save_variant(
        who, VariantDraft(code=code, name=f"货 {code}", retail=Amount(amount))
    )


def test_f6_goes_through_the_filters_and_counts_what_they_pick(hands: Hands) -> None:
    every = hands.shop.catalogue.browse("", 1000)[0]
    weighed = [v.name for v in every if v.flags.by_weight]
    hands.keys.press(Key.Key_F6)
    assert hands.state.mark is Mark.WEIGHED and hands.names() == weighed
    assert hands.state.count == f"{len(weighed)} / {len(weighed)} 种"
    hands.keys.press(Key.Key_F6)
    assert hands.names() == [v.name for v in every if v.flags.quarantined]


def test_goods_priced_by_their_pieces_do_not_count_as_without_price(hands: Hands) -> None:
    who = hands.till.at.demo.owner
    hands.shop.catalogue_edit.save_variant(who, VariantDraft(code="0000", name="忘了定价"))
    for _ in range(3):
        hands.keys.press(Key.Key_F6)
    assert hands.state.mark is Mark.NO_PRICE and hands.names() == ["忘了定价"]


def test_a_category_narrows_a_search(hands: Hands) -> None:
    hands.keys.type("muxing")
    found = len(hands.names())
    hands.page.left.category.setCurrentIndex(hands.page.left.category.findData("婴儿奶粉"))
    category = hands.state.categories[0]
    hands.page.left.category_chosen.emit(category)
    assert all(row.category == category for row in hands.state.rows)
    assert len(hands.state.rows) < found


def test_what_was_found_is_sorted_by_a_click_on_a_head(hands: Hands) -> None:
    hands.keys.type("muxing")
    hands.page._presenter.sort("price")
    cheap = [row.price for row in hands.state.rows]
    hands.page._presenter.sort("price")
    assert [row.price for row in hands.state.rows] == cheap[::-1] and len(set(cheap)) > 1


def test_all_goods_cannot_be_sorted_by_name_and_the_page_says_so(hands: Hands) -> None:
    hands.page._presenter.sort("name")
    assert hands.till.tones.sounded == ["refused"] and hands.state.sort == "code"


def test_many_prices_are_shown_first_then_changed_then_taken_back(hands: Hands) -> None:
    for code, amount in (("0001", 1000), ("0002", 2000), ("0003", 3000)):
        price(hands, code, amount)
    hands.page._presenter.refresh()
    mark_three(hands)
    hands.keys.press(Key.Key_B, CTRL)
    hands.fill(move="percent", by="-10")
    hands.save()
    bulk = hands.state.bulk
    assert bulk is not None and bulk.told == "3 种中有 3 种会变"
    assert bulk.rows[0] == ("货 0001", "¥10.00", "¥9.00")
    assert retail(hands) == [1000, 2000, 3000]
    hands.save()
    assert retail(hands) == [900, 1800, 2700] and hands.state.side is Side.DETAIL
    hands.keys.press(Key.Key_Z, CTRL)
    hands.keys.press(Key.Key_Return)
    assert retail(hands) == [1000, 2000, 3000]


def test_a_changed_wish_is_shown_again_before_it_is_done(hands: Hands) -> None:
    price(hands, "0001", 1000)
    hands.page._presenter.refresh()
    mark_three(hands)
    hands.keys.press(Key.Key_B, CTRL)
    hands.fill(move="percent", by="5")
    hands.save()
    hands.fill(by="50")
    hands.save()
    assert hands.state.bulk is not None and retail(hands)[0] == 1000


def test_prices_below_cost_are_warned_of(hands: Hands) -> None:
    who = hands.till.at.demo.owner
    draft = VariantDraft(code="0001", name="薄利", retail=Amount(1000), cost=Amount(950))
    hands.shop.catalogue_edit.save_variant(who, draft)
    hands.page._presenter.refresh()
    hands.keys.press(Key.Key_Down)
    hands.keys.press(Key.Key_Space)
    hands.keys.press(Key.Key_B, CTRL)
    hands.fill(move="percent", by="-10")
    hands.save()
    assert hands.state.bulk is not None and hands.state.bulk.warning == "1 种商品会低于进价"


@pytest.mark.parametrize("wrong", ["", "abc", "-101", "nan", "1e99"])
def test_a_change_that_is_none_is_refused_under_its_field(hands: Hands, wrong: str) -> None:
    mark_three(hands)
    hands.keys.press(Key.Key_B, CTRL)
    hands.fill(move="percent", by=wrong)
    hands.save()
    assert list(hands.errors()) == ["by"]


def test_nothing_chosen_is_nothing_changed(hands: Hands) -> None:
    mark_three(hands)
    hands.keys.press(Key.Key_B, CTRL)
    hands.save()
    assert list(hands.errors()) == ["move"]


def test_ctrl_a_means_everything_found_also_what_is_not_shown(hands: Hands) -> None:
    total = hands.shop.catalogue.browse("", 1)[1]
    hands.keys.press(Key.Key_A, CTRL)
    hands.keys.press(Key.Key_B, CTRL)
    hands.fill(no_points="yes")
    hands.save()
    assert hands.state.bulk is not None and hands.state.bulk.told.startswith(f"{total} 种中有")
    hands.save()
    assert all(variant.flags.no_points for variant in hands.shop.catalogue.browse("", 1000)[0])


def test_the_blank_is_a_blank_while_a_name_is_typed(hands: Hands) -> None:
    hands.keys.type("18K jin")
    assert hands.page.box.text() == "18K jin" and not hands.state.selected


def test_changed_prices_wait_for_their_labels_until_they_hang(hands: Hands) -> None:
    price(hands, "0001", 1000)
    price_id = hands.goods("0001").variant_id
    who = hands.till.at.demo.owner
    draft = VariantDraft(code="0001", name="货 0001", retail=Amount(1200), variant_id=price_id)
    hands.shop.catalogue_edit.save_variant(who, draft)
    hands.keys.press(Key.Key_F9)
    assert [(r.name, r.before, r.after) for r in hands.state.labels or ()] == [
        ("货 0001", "¥10.00", "¥12.00")
    ]
    hands.save()
    hands.keys.press(Key.Key_Return)
    assert hands.shop.catalogue_prices.price_changes() == ()
    assert hands.state.labels is None and hands.state.labels_open == 0


def test_esc_closes_the_labels_before_it_takes_away_what_was_typed(hands: Hands) -> None:
    hands.keys.type("muxing")
    hands.keys.press(Key.Key_F9)
    hands.keys.press(Key.Key_Escape)
    assert hands.state.labels is None and hands.page.box.text() == "muxing"
    hands.keys.press(Key.Key_Escape)
    assert hands.page.box.text() == ""


def test_no_page_for_labels_or_imports_no_button(hands: Hands) -> None:
    hands.keys.press(Key.Key_Down)
    assert not hands.page.detail.buttons["print"].isVisible()
    assert not hands.page.left.button("import").isVisible()


def test_labels_of_marked_goods_and_imports_open_their_pages(office: Hands) -> None:
    mark_three(office)
    wanted = tuple(row.variant_id for row in office.state.rows[:3])
    office.keys.press(Key.Key_F12)
    labels = office.till.shell.page(LABELS.id)
    assert isinstance(labels, _Opened) and labels.asked == {"variants": wanted}
    office.till.shell.navigation.open(SCREEN.id)
    office.keys.press(Key.Key_I, CTRL)
    imports = office.till.shell.page(IMPORTS.id)
    assert isinstance(imports, _Opened) and imports.asked == {"kind": "catalogue"}


def test_the_earlier_gold_prices_begin_today_and_days_to_come_stand_last_and_marked(hands: Hands) -> None:
    today = hands.shop.ringing.today()
    fineness = hands.shop.catalogue.gold_prices(today)[0].fineness
    for days in (40, 41):
        owner = hands.till.at.demo.owner
        hands.shop.catalogue.set_gold_price(owner, fineness, today + timedelta(days=days), Amount(123_400))
    hands.keys.press(Key.Key_F8)
    told = [day for day, _, _ in hands.state.gold_history]
    assert told[0] == format_date(today)
    assert told[-2:] == [f"{format_date(today + timedelta(days=days))} · 未到" for days in (40, 41)]
    past = told[: next(place for place, day in enumerate(told) if "未到" in day)]
    assert past == sorted(past, reverse=True)


def test_yesterdays_gold_prices_hold_today_by_one_key_and_the_history_says_who(hands: Hands) -> None:
    today = hands.shop.ringing.today()
    before = {p.fineness: p.price for p in hands.shop.catalogue.gold_prices(today)}
    hands.till.at.demo.outside.clock.forward(timedelta(days=400))
    hands.keys.press(Key.Key_F8)
    assert hands.state.gold_missing and hands.page.gold.yesterday.isVisible()
    hands.keys.press(Key.Key_F6)
    now = {p.fineness: p.price for p in hands.shop.catalogue.gold_prices(hands.shop.ringing.today())}
    assert now.keys() == before.keys() and None not in now.values()
    hands.keys.press(Key.Key_F8)
    name = next(
        s.name for s in hands.shop.staff.everybody() if s.staff_id == hands.till.at.demo.owner.staff_id
    )
    assert name in hands.state.gold_history[0][2]
