"""A member's tabs in the real window: edited in place, taken back, consents, her own copy, purchases."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from pos_app.domain.anniversaries import MonthDay
from pos_app.domain.members import Purpose
from pos_app.domain.sales.cart import MemberRef
from pos_app.domain.staff import Role
from pos_app.domain.values.ids import ShopId
from tests.gui.members.conftest import (
    CTRL,
    MILK,
    PHONE,
    RETURNS,
    Key,
    Receipts,
    card_of,
    member_of,
    page,
    said,
    save,
    turn_to,
)
from tests.support.screen_till import ScreenTill
from ui.kit.buttons import KeyButton
from ui.members.cards import ConsentRow, Eyes, member_card
from ui.members.sections import Section
from ui.members.state import Stage
from ui.sales.views import member_view


def test_a_lunar_birthday_is_typed_by_the_moon_and_shown_by_both_calendars(till: ScreenTill) -> None:
    turn_to(till, Section.DATES)
    till.keys.press(Key.Key_E, CTRL)
    form = page(till).card.dates_form
    form.birthday.kind.setCurrentIndex(1)
    form.birthday.when.setText("1990-4-9")
    assert "1990年5月3日" in said(till)
    save(till)
    told = member_of(till).profile
    assert (told.birthday, told.birthday_lunar) == (date(1990, 5, 3), True)
    assert "农历四月初九" in card_of(till).near and "2027年5月14日" in card_of(till).near


def test_the_card_says_in_which_shop_she_joined(till: ScreenTill) -> None:
    shop = till.at.demo.shop
    name, member = shop.current.value.shop_name, member_of(till)
    assert f"在{name}入会" in card_of(till).told
    settings = shop.current.value
    eyes = Eyes(settings.shop_id, name, date(2026, 11, 22), settings.zone, settings.money, {})
    elsewhere = msgspec.structs.replace(member, joined_shop=ShopId(UUID(int=7)))
    told = member_card(elsewhere, (), eyes).told
    assert "在其他门店入会" in told and name not in told


def test_a_birthday_of_which_nobody_knows_the_year_is_typed_read_and_counted_down(till: ScreenTill) -> None:
    turn_to(till, Section.DATES)
    till.keys.press(Key.Key_E, CTRL)
    page(till).card.dates_form.birthday.when.setText("12-4")
    assert "12月4日" in said(till)
    save(till)
    told = member_of(till).profile
    assert (told.birthday, told.birthday_day) == (None, MonthDay(month=12, day=4))
    assert "12月4日" in card_of(till).near and "12 天" in card_of(till).near
    assert any("12月4日" in row.day for row in card_of(till).dates)
    strip = member_view(member_of(till), date(2026, 11, 22))
    assert any("12" in fact for fact in strip.facts)
    till.keys.press(Key.Key_E, CTRL)
    page(till).card.dates_form.birthday.when.setText("农历四月初九")
    save(till)
    told = member_of(till).profile
    assert (told.birthday_day, told.birthday_lunar) == (MonthDay(month=4, day=9), True)
    assert "农历四月初九" in card_of(till).near and "2027年5月14日" in card_of(till).near


@pytest.mark.parametrize("typed", ["2026-11-23", "1990-13-01", "abc", "５月", "1850-01-01"])
def test_what_is_no_birthday_is_said_under_the_field_and_nothing_typed_is_lost(
    till: ScreenTill, typed: str
) -> None:
    before = member_of(till)
    turn_to(till, Section.DATES)
    till.keys.press(Key.Key_E, CTRL)
    page(till).card.dates_form.birthday.when.setText(typed)
    save(till)
    assert page(till).presenter.state.stage is Stage.EDIT and "不能晚于今天" in said(till)
    assert page(till).card.dates_form.birthday.when.hasFocus()
    assert member_of(till) == before


def test_an_important_date_counts_the_days_to_it(till: ScreenTill) -> None:
    turn_to(till, Section.DATES)
    till.keys.press(Key.Key_E, CTRL)
    till.keys.press(Key.Key_F7)
    form = page(till).card.dates_form
    assert form.date_fields[0].label.hasFocus()
    form.date_fields[0].label.setText("结婚纪念日")
    form.date_fields[0].when.setText("12-4")
    save(till)
    row = card_of(till).dates[-1]
    assert (row.day, row.next) == ("12月4日", "还有 12 天")


def test_an_important_date_shows_its_year_where_it_is_known(till: ScreenTill) -> None:
    turn_to(till, Section.DATES)
    till.keys.press(Key.Key_E, CTRL)
    till.keys.press(Key.Key_F7)
    form = page(till).card.dates_form
    form.date_fields[0].label.setText("结婚纪念日")
    form.date_fields[0].when.setText("2016-12-4")
    save(till)
    assert card_of(till).dates[-1].day == "2016年12月4日"


def test_a_birthday_that_is_near_says_its_day_once(till: ScreenTill) -> None:
    assert card_of(till).near == "生日 11月25日 · 还有 3 天"


def test_an_edit_is_taken_back_within_ten_seconds_and_not_after(till: ScreenTill) -> None:
    turn_to(till, Section.PROFILE)
    for typed in ("店员朋友", "老师"):
        till.keys.press(Key.Key_E, CTRL)
        page(till).card.profile_form.occupation.setText(typed)
        save(till)
    assert page(till).card.undo.isVisible()
    till.keys.press(Key.Key_Z, CTRL)
    assert member_of(till).profile.occupation == "店员朋友"
    till.keys.press(Key.Key_E, CTRL)
    page(till).card.profile_form.occupation.setText("医生")
    save(till)
    page(till).timers[-1].timeout.emit()
    assert not page(till).card.undo.isVisible()
    till.keys.press(Key.Key_Z, CTRL)
    assert member_of(till).profile.occupation == "医生"


def test_an_address_stays_masked_in_the_form_and_is_kept_when_it_was_not_touched(till: ScreenTill) -> None:
    turn_to(till, Section.PROFILE)
    till.keys.press(Key.Key_E, CTRL)
    page(till).card.profile_form.address.setText("上海市静安区南京西路1200号36楼")
    save(till)
    assert "南京西路" not in said(till)
    till.keys.press(Key.Key_E, CTRL)
    form = page(till).card.profile_form
    assert form.address.text() == "上海市静安区****"
    form.occupation.setText("医生")
    save(till)
    assert member_of(till).profile.address == "上海市静安区南京西路1200号36楼"
    till.keys.press(Key.Key_E, CTRL)
    form.address.setText("上海市****2号")
    save(till)
    assert page(till).presenter.state.stage is Stage.EDIT and "Ctrl+R" in said(till)


def test_markup_in_a_name_is_shown_as_it_was_typed(till: ScreenTill) -> None:
    till.keys.press(Key.Key_E, CTRL)
    page(till).card.profile_form.name.setText("<b>王</b><script>")
    save(till)
    assert "<b>王</b><script>" in said(till)


def test_a_phone_typed_into_the_box_does_not_throw_an_open_form_away(till: ScreenTill) -> None:
    till.keys.press(Key.Key_E, CTRL)
    page(till).card.profile_form.occupation.setText("医生")
    page(till).box.setText("13911112222")
    assert page(till).presenter.state.stage is Stage.EDIT
    assert page(till).card.profile_form.occupation.text() == "医生" and page(till).box.text() == PHONE
    assert "请先保存或取消" in said(till)
    save(till)
    assert member_of(till).profile.occupation == "医生"


def test_a_click_on_another_tab_leaves_an_open_form_and_its_tab_as_they_are(till: ScreenTill) -> None:
    turn_to(till, Section.PROFILE)
    till.keys.press(Key.Key_E, CTRL)
    page(till).card.profile_form.occupation.setText("医生")
    page(till).card.group.button(0).click()
    assert page(till).card.group.checkedId() == list(Section).index(Section.PROFILE)
    assert page(till).card.profile_form.isVisible()


def test_a_scan_while_a_form_is_open_changes_nothing(till: ScreenTill) -> None:
    till.keys.press(Key.Key_E, CTRL)
    page(till).card.profile_form.occupation.setText("医生")
    till.keys.scan("886626000048")
    assert page(till).presenter.state.stage is Stage.EDIT
    assert page(till).card.profile_form.occupation.text() == "医生"


def test_a_consent_is_given_and_withdrawn_with_enter(till: ScreenTill) -> None:
    turn_to(till, Section.CONSENTS)
    till.keys.press(Key.Key_F3)
    consents = page(till).card.consents

    def row() -> ConsentRow:
        return next(r for r in card_of(till).consents if r.channel == "email")

    while not isinstance(consents.current_key(), ConsentRow) or consents.current_key().channel != "email":
        till.keys.press(Key.Key_Down)
    assert not row().given
    till.keys.press(Key.Key_Return)
    assert row().given and "已记录同意" in said(till)
    till.keys.press(Key.Key_Return)
    assert not row().given and "口头" in row().about


def test_withdrawing_membership_says_that_erasing_is_the_way(till: ScreenTill) -> None:
    row = next(r for r in card_of(till).consents if r.purpose is Purpose.MEMBERSHIP)
    page(till).presenter.keeping.turn_consent(row)
    assert "清除资料" in said(till) and member_of(till).consents[0].given


def test_withdrawing_the_consent_to_children_says_what_goes_first(till: ScreenTill) -> None:
    assert member_of(till).profile.children
    row = next(r for r in card_of(till).consents if r.purpose is Purpose.CHILDREN)
    page(till).presenter.keeping.turn_consent(row)
    assert "一并删除" in said(till) and member_of(till).profile.children
    till.keys.press(Key.Key_Return)
    till.keys.press(Key.Key_Return)
    assert member_of(till).profile.children
    till.keys.press(Key.Key_Return, CTRL)
    assert not member_of(till).profile.children


def test_erasing_names_in_counts_what_goes_and_what_stays(till: ScreenTill) -> None:
    till.at.sell(MILK, member=MemberRef(member=member_of(till).member_id))
    till.keys.press(Key.Key_Delete, CTRL)
    shown = said(till)
    assert "以前做的备份" in shown and "2 个电话" in shown and "1 张卡" in shown and "1 张销售单" in shown
    till.keys.press(Key.Key_Escape)
    assert till.at.counter.shop.members.find_phone(PHONE) is not None


@pytest.mark.parametrize("role", [Role.CASHIER, Role.MANAGER])
def test_erasing_speaks_of_a_manager_only_to_whoever_needs_one(till: ScreenTill, role: Role) -> None:
    till.at.sign_in(role)
    till.keys.press(Key.Key_Delete, CTRL)
    assert ("需要店长授权" in said(till)) == (role is Role.CASHIER)


def test_an_enter_struck_after_ctrl_del_erases_nobody(till: ScreenTill) -> None:
    till.at.sign_in(Role.MANAGER)
    till.keys.press(Key.Key_Delete, CTRL)
    for _ in range(3):
        till.keys.press(Key.Key_Return)
    assert till.at.counter.shop.members.find_phone(PHONE) is not None
    yes = till.shell.overlay.findChild(KeyButton, "overlay_yes")
    assert yes is not None and "Ctrl+Enter" in yes.accessibleName()


def test_a_copy_for_the_member_needs_a_manager_and_is_marked(
    till: ScreenTill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy.txt"
    names: list[str] = []

    def choose(name: str, then: Callable[[Path], None]) -> None:
        names.append(name)
        then(target)

    monkeypatch.setattr(page(till), "save_file", choose)
    till.at.sign_in(Role.CASHIER)
    till.keys.press(Key.Key_S, CTRL)
    assert len(till.at.around.asked) == 1
    text = target.read_text("utf-8")
    assert "138 0000 1234" in text and "导出" in text.splitlines()[0]
    assert target.with_suffix(".json").stat().st_size > 100
    assert "王小满" not in names[0]


def test_a_copy_replaces_no_file_but_the_one_that_was_chosen(
    till: ScreenTill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "copy.json"
    other.write_text("somebody else's", "utf-8")
    monkeypatch.setattr(page(till), "save_file", lambda _name, then: then(tmp_path / "copy.txt"))
    till.keys.press(Key.Key_S, CTRL)
    assert other.read_text("utf-8") == "somebody else's"
    assert (tmp_path / "copy-2.json").stat().st_size > 100


def test_a_place_that_cannot_be_written_is_said_in_words(
    till: ScreenTill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "no" / "such" / "card.pdf"
    monkeypatch.setattr(page(till), "save_file", lambda _name, then: then(missing))
    till.keys.press(Key.Key_P, CTRL)
    assert "没能写入文件：文件夹或磁盘不在了" in said(till)


def test_a_purchase_opens_its_receipt(till: ScreenTill) -> None:
    sale = till.at.sell(MILK, member=MemberRef(member=member_of(till).member_id))
    page(till).box.setText("")
    till.keys.type(PHONE)
    till.keys.press(Key.Key_F3)
    till.keys.press(Key.Key_Return)
    receipts = till.shell.page(RETURNS.id)
    assert isinstance(receipts, Receipts) and receipts.args == [{"number": sale.number}]


def test_the_list_brings_more_when_it_is_walked_to_its_end(till: ScreenTill) -> None:
    page(till).box.setText("")
    state = page(till).presenter.state
    assert len(state.rows) == 50 and state.count == "50 / 236 位"
    for _ in range(5):
        till.keys.press(Key.Key_PageDown)
    walked = len(page(till).presenter.state.rows)
    assert walked > 50
    bar = page(till).list.view.verticalScrollBar()
    for _ in range(5):
        bar.setValue(0)
        bar.setValue(bar.maximum())
    rows = page(till).presenter.state.rows
    assert len(rows) == len({row.member_id for row in rows}) == 236
    assert page(till).presenter.state.count == "236 / 236 位"


def test_each_key_that_acts_stands_in_the_help(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F1)
    shown = said(till)
    for words in (
        "修改资料",
        "添加号码",
        "发卡 / 补卡",
        "显示号码",
        "导出给本人",
        "清除资料",
        "印卡",
        "下一页签",
    ):
        assert words in shown


def test_everything_that_can_be_pressed_has_a_name_for_screen_readers(till: ScreenTill) -> None:
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit

    kinds = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)
    parts = [w for kind in kinds for w in page(till).findChildren(kind)]
    assert len(parts) > 40
    assert [w for w in parts if not (w.accessibleName() and w.objectName())] == []
