"""The members page driven by keys and scans only, over the real store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.members import Member
from pos_app.domain.sales.cart import MemberRef
from pos_app.domain.staff import Role
from pos_app.words import translate
from tests.support.screen_till import CounterTill, ScreenTill, counter_till, screen_till
from ui.members import SCREEN
from ui.members.cards import MemberCard
from ui.members.page import MembersPage
from ui.members.sections import Section
from ui.members.state import Stage
from ui.shell.screens import Screen, ScreenId

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SALES = Screen(ScreenId("sales"), "common.word.total", "shopping-cart", lambda _context: SellStand())


class SellStand(QWidget):
    """Stands where Sell is and remembers what it was opened with."""

    def __init__(self) -> None:
        super().__init__()
        self.args: list[object] = []

    def opened(self, args: object) -> None:
        self.args.append(args)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[CounterTill]:
    with counter_till(tmp_path) as till:
        yield till


@pytest.fixture
def till(counter: CounterTill, qtbot: QtBot) -> Iterator[ScreenTill]:
    with screen_till(counter, [SALES, SCREEN]) as shown:
        shown.shell.navigation.open(SCREEN.id)
        yield shown


def page(till: ScreenTill) -> MembersPage:
    found = till.shell.page(SCREEN.id)
    assert isinstance(found, MembersPage)
    return found


def names(till: ScreenTill) -> list[str]:
    return [row.cells[0].text for row in page(till).list.rows()]


def card_of(till: ScreenTill) -> MemberCard:
    shown = page(till).presenter.state.card
    assert shown is not None
    return shown


def facts(till: ScreenTill, kind: str) -> int:
    with till.at.demo.store.read() as tx:
        return sum(entry.kind == kind for entry in tx.journal.entries())


def member_of(till: ScreenTill, phone: str) -> Member:
    found = till.at.counter.shop.members.find_phone(phone)
    assert found is not None
    return found


def test_a_member_is_found_by_the_phone_however_it_is_written(till: ScreenTill) -> None:
    for written in ("13800001234", "138 0000 1234", "+86 138-0000-1234"):
        page(till).box.setText("")
        till.keys.type(written)
        assert names(till) == ["王小满"]


def test_a_member_is_found_by_the_last_four_and_by_the_start_of_a_name(till: ScreenTill) -> None:
    till.keys.type("1234")
    assert "王小满" in names(till)
    page(till).box.setText("王小")
    assert names(till)[0].startswith("王小")


def test_phones_in_the_list_are_masked_for_everybody(till: ScreenTill) -> None:
    phones = [row.cells[1].text for row in page(till).list.rows()]
    assert phones and all("****" in phone for phone in phones)


@pytest.mark.parametrize("role", [Role.CLERK, Role.CASHIER, Role.MANAGER, Role.OWNER])
def test_everybody_sees_numbers_masked_and_each_look_at_them_is_recorded(
    till: ScreenTill, role: Role
) -> None:
    till.at.sign_in(role)
    till.keys.type("13800001234")
    assert card_of(till).phone == "138****1234"
    assert all("****" in row.shown for row in card_of(till).keys)
    till.keys.press(Key.Key_R, CTRL)
    assert card_of(till).phone == "138 0000 1234"
    assert facts(till, "member.revealed") == 1
    till.keys.press(Key.Key_R, CTRL)
    assert card_of(till).phone == "138****1234" and facts(till, "member.revealed") == 1
    till.keys.press(Key.Key_R, CTRL)
    assert facts(till, "member.revealed") == 2


def test_numbers_are_masked_again_after_half_a_minute_or_with_the_next_member(till: ScreenTill) -> None:
    till.keys.type("13800001234")
    till.keys.press(Key.Key_R, CTRL)
    assert card_of(till).revealed
    page(till).timers[-1].timeout.emit()
    assert not card_of(till).revealed and card_of(till).phone == "138****1234"
    till.keys.press(Key.Key_R, CTRL)
    page(till).box.setText("")
    till.keys.press(Key.Key_Down)
    assert not card_of(till).revealed


def test_a_member_is_signed_up_with_a_phone_and_a_spoken_yes(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F10)
    till.keys.type("13911112222")
    till.keys.press(Key.Key_Return)
    till.keys.press(Key.Key_Space)
    till.keys.press(Key.Key_Return, CTRL)
    member = member_of(till, "13911112222")
    assert [c.given for c in member.consents] == [True]
    assert page(till).presenter.state.stage is Stage.CARD
    assert names(till) == ["未留姓名"]


def test_what_is_read_out_to_a_new_member_is_what_sell_reads_out_and_of_one_version(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F10)
    asked = translate("members.consent.asked")
    assert any(asked in label.text() for label in page(till).form.findChildren(QLabel) if label.isVisible())
    # Whoever changes these words gives them another version, so that each consent says what was heard.
    assert till.at.counter.shop.current.value.consent_text_version == "2026-2"
    assert asked == (
        "我们用您的手机号为您记会员，保存消费记录，用来积分和售后；您可以随时要求查看或清除。同意吗？"
    )


def test_without_the_yes_nobody_is_signed_up(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F10)
    till.keys.type("13911112222")
    till.keys.press(Key.Key_Return, CTRL)
    assert till.at.counter.shop.members.find_phone("13911112222") is None
    assert "agreed" in page(till).presenter.state.faults.fields


def test_a_phone_that_is_known_shows_its_owner_while_it_is_typed(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F10)
    till.keys.type("13800001234")
    assert page(till).presenter.state.owner == "王小满"
    till.keys.press(Key.Key_Return, CTRL)
    assert names(till) == ["王小满"]


def chosen_from_sell(till: ScreenTill, args: dict[str, object]) -> list[object]:
    results: list[object] = []
    till.shell.navigation.open(SALES.id)
    till.shell.navigation.open(SCREEN.id, args, results.append)
    return results


def test_sell_gets_the_member_it_asked_for(till: ScreenTill) -> None:
    results = chosen_from_sell(till, {"choose": True, "text": "13800001234"})
    till.keys.press(Key.Key_Return)
    assert results == [member_of(till, "13800001234").member_id]
    assert till.shell.navigation.current == SALES.id


def test_a_part_of_a_name_never_hands_over_a_member_unseen(till: ScreenTill) -> None:
    results = chosen_from_sell(till, {"choose": True, "text": "王"})
    till.keys.press(Key.Key_Return)
    assert results == [] and page(till).presenter.state.card is not None
    till.keys.press(Key.Key_Return)
    assert len(results) == 1


def test_leaving_the_chooser_hands_nobody_over(till: ScreenTill) -> None:
    results = chosen_from_sell(till, {"choose": True})
    till.keys.press(Key.Key_Escape)
    assert results == [None] and till.shell.navigation.current == SALES.id


def test_sell_gets_the_member_that_was_just_signed_up(till: ScreenTill) -> None:
    results = chosen_from_sell(till, {"new": "13911112222"})
    till.keys.press(Key.Key_Return, pause_ms=300)
    assert results == [member_of(till, "13911112222").member_id]


def test_sell_to_this_member_leads_back_to_sell(till: ScreenTill) -> None:
    till.keys.type("13800001234")
    till.keys.press(Key.Key_F12)
    sell = till.shell.page(SALES.id)
    assert isinstance(sell, SellStand)
    assert sell.args[-1] == {"member": member_of(till, "13800001234").member_id}


def test_a_scanned_card_shows_its_member(till: ScreenTill) -> None:
    till.keys.scan("886626000011")
    assert names(till) == ["王小满"]
    till.keys.scan("6931201000176")
    assert names(till) == ["王小满"] and till.tones.sounded == ["refused"]


def test_a_name_is_edited_in_place_and_found_by_it(till: ScreenTill) -> None:
    till.keys.type("13800001234")
    till.keys.press(Key.Key_E, CTRL)
    page(till).card.profile_form.name.setText("王大满 🎁 <script>")
    till.keys.press(Key.Key_Return, CTRL)
    assert member_of(till, "13800001234").profile.name == "王大满 🎁 <script>"
    assert names(till) == ["王大满 🎁 <script>"]


def test_a_name_that_is_too_long_is_said_to_be_and_not_cut(till: ScreenTill) -> None:
    till.keys.type("13800001234")
    till.keys.press(Key.Key_E, CTRL)
    name = page(till).card.profile_form.name
    name.setText("长" * 41)
    till.keys.press(Key.Key_Return, CTRL)
    assert page(till).presenter.state.faults.fields == {"name": "members.fault.name_long"}
    assert name.hasFocus() and member_of(till, "13800001234").profile.name == "王小满"
    name.setText("长" * 40)
    till.keys.press(Key.Key_Return, CTRL)
    assert member_of(till, "13800001234").profile.name == "长" * 40


def test_escape_asks_only_when_something_was_changed(till: ScreenTill) -> None:
    till.keys.type("13800001234")
    till.keys.press(Key.Key_E, CTRL)
    till.keys.press(Key.Key_Escape)
    assert page(till).presenter.state.stage is Stage.CARD
    till.keys.press(Key.Key_E, CTRL)
    till.keys.type("x")
    till.keys.press(Key.Key_Escape)
    assert page(till).presenter.state.stage is Stage.EDIT and till.shell.overlay.content is not None
    till.keys.press(Key.Key_Return)
    assert page(till).presenter.state.stage is Stage.CARD
    assert member_of(till, "13800001234").profile.name == "王小满"


def test_a_child_needs_a_yes_of_its_own(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F10)
    till.keys.type("13911112222")
    page(till).form.agreed.setChecked(True)
    till.keys.press(Key.Key_F8)
    till.keys.type("bao")
    page(till).form.children_fields[0].when.setText("2026-03")
    till.keys.press(Key.Key_Return, CTRL)
    assert "children_agreed" in page(till).presenter.state.faults.fields
    page(till).form.children_agreed.setChecked(True)
    till.keys.press(Key.Key_Return, CTRL)
    child = member_of(till, "13911112222").profile.children[0]
    assert (child.name, child.month_only) == ("bao", True)
    card = page(till).presenter.state.card
    assert card is not None and card.stages == ("0–12 个月",)


@pytest.mark.parametrize("typed", ["abc", "1", "1" * 24, "<script>", "138000012345"])
def test_what_is_no_phone_signs_nobody_up(till: ScreenTill, typed: str) -> None:
    before = till.at.counter.shop.members.count()
    till.keys.press(Key.Key_F10)
    page(till).form.phone.setText(typed)
    page(till).form.agreed.setChecked(True)
    till.keys.press(Key.Key_Return, CTRL)
    assert till.at.counter.shop.members.count() == before
    assert page(till).presenter.state.faults.fields == {"phone": "members.error.phone"}


def test_a_member_is_erased_once_it_was_explained_and_a_manager_said_yes(till: ScreenTill) -> None:
    till.at.sign_in(Role.CASHIER)
    till.keys.type("13800001234")
    till.keys.press(Key.Key_Delete, CTRL)
    assert till.shell.overlay.content is not None
    till.keys.press(Key.Key_Return, CTRL)
    assert len(till.at.around.asked) == 1
    assert till.at.counter.shop.members.find_phone("13800001234") is None


@pytest.mark.parametrize("large", [False, True])
def test_an_erasure_says_when_the_last_traces_go(
    till: ScreenTill, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    if large:
        monkeypatch.setattr("pos_app.services.member_traces.AT_ONCE_BYTES", 0)
    till.keys.type("13800001234")
    till.keys.press(Key.Key_Delete, CTRL)
    till.keys.press(Key.Key_Return, CTRL)
    told = translate("members.notice.erased_but_traces" if large else "members.notice.erased")
    assert told in till.shell.notices.texts()


def test_a_return_is_no_visit_more(till: ScreenTill) -> None:
    member = member_of(till, "13800001234")
    shop, who = till.at.demo.shop, till.at.demo.owner
    sale = till.at.sell("6931201000176", member=MemberRef(member=member.member_id))
    found = shop.returns.open(sale.sale_id)
    shop.returns.give_back(
        who, shop.returns.preview(sale.sale_id, {found.lines[0].line.line_id: found.lines[0].left}, "other")
    )
    assert member_of(till, "13800001234").visits == member.visits + 1


def test_what_is_missing_gets_the_cursor_and_tab_walks_as_the_eye_does(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F10)
    form = page(till).form
    till.keys.press(Key.Key_Return, CTRL)
    assert form.phone.hasFocus()
    till.keys.type("13911112222")
    till.keys.press(Key.Key_Return, CTRL)
    assert form.agreed.hasFocus()
    till.keys.press(Key.Key_Space)
    till.keys.press(Key.Key_F8)
    till.keys.type("bao")
    till.keys.press(Key.Key_Tab)
    till.keys.press(Key.Key_Tab)
    till.keys.type("2026-05")
    till.keys.press(Key.Key_Tab)
    assert form.children_agreed.hasFocus()
    form.name.setFocus()
    till.keys.press(Key.Key_Return, CTRL)
    assert form.children_agreed.hasFocus()


def test_a_phone_typed_after_a_form_was_left_replaces_the_one_before(till: ScreenTill) -> None:
    till.keys.type("13911112222")
    till.keys.press(Key.Key_Return)
    till.keys.press(Key.Key_Escape)
    if till.shell.overlay.content is not None:
        till.keys.press(Key.Key_Return)
    till.keys.type("13933334444")
    assert page(till).box.text() == "13933334444"


def test_f4_turns_the_tabs_round(till: ScreenTill) -> None:
    till.keys.press(Key.Key_Down)
    seen = []
    for _ in Section:
        seen.append(page(till).presenter.state.section)
        till.keys.press(Key.Key_F4)
    assert seen == list(Section) and page(till).presenter.state.section is Section.PURCHASES
