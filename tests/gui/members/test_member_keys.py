"""Phones and cards of a member in the real window: added, shared, lost and replaced, printed."""

from pathlib import Path

import pytest

from pos_app.domain import member_keys
from pos_app.domain.members import KeyKind
from pos_app.services.members import SignUp
from pos_app.words import translate
from tests.gui.members.conftest import (
    CTRL,
    MILK,
    PHONE,
    Key,
    card_of,
    member_of,
    page,
    said,
    save,
    turn_to,
)
from tests.support.screen_till import ScreenTill
from ui.members.sections import Section
from ui.members.state import Stage


def test_father_s_phone_is_added_and_finds_her(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F5)
    till.keys.type("139 1111 2222")
    till.keys.press(Key.Key_Return)
    page(till).card.key_form.owner.setText("爸爸")
    save(till)
    assert member_of(till, "13911112222").member_id == member_of(till).member_id
    assert "爸爸" in [row.about for row in card_of(till).keys]


def test_a_phone_of_somebody_else_is_named_and_may_be_shared(till: ScreenTill) -> None:
    members = till.at.demo.shop.members
    other = members.register(till.at.demo.owner, SignUp(phone="13911112222", agreed=True, name="李爸爸"))
    till.keys.press(Key.Key_F5)
    till.keys.type("13911112222")
    assert "李爸爸" in said(till)
    save(till)
    assert page(till).presenter.state.stage is Stage.KEY and "共用" in said(till)
    page(till).card.key_form.shared.setChecked(True)
    save(till)
    assert [m.member_id for m in members.on_phone("13911112222")] == [
        other.member_id,
        member_of(till).member_id,
    ]


def test_what_is_no_phone_is_said_under_the_field(till: ScreenTill) -> None:
    before = member_of(till)
    till.keys.press(Key.Key_F5)
    till.keys.type("12a")
    save(till)
    assert "有效的电话号码" in said(till) and page(till).card.key_form.text.text() == "12a"
    assert member_of(till) == before


@pytest.mark.parametrize(
    ("kind", "typed"), [(KeyKind.CARD, "123"), (KeyKind.WECHAT, "1abc"), (KeyKind.EMAIL, "a@")]
)
def test_what_is_wrong_with_a_key_is_said_of_its_own_kind(
    till: ScreenTill, kind: KeyKind, typed: str
) -> None:
    page(till).presenter.keeping.begin_key(kind)
    page(till).card.key_form.text.setText(typed)
    save(till)
    words = {KeyKind.CARD: "4–32 位", KeyKind.WECHAT: "6–20 位", KeyKind.EMAIL: "name@example.com"}
    assert [each for each, told in words.items() if told in said(till)] == [kind]


def test_a_lost_card_is_replaced_by_keys_alone_and_its_scan_is_refused_in_words(till: ScreenTill) -> None:
    turn_to(till, Section.KEYS)
    till.keys.press(Key.Key_F3)
    rows = page(till).card.keys
    while page(till).card.marked_key is None or page(till).card.marked_key.key.kind is not KeyKind.CARD:  # type: ignore[union-attr]
        till.keys.press(Key.Key_Down)
    assert rows.view.hasFocus()
    till.keys.press(Key.Key_F6)
    assert "补办" in said(till)
    save(till)
    keys = [k for k in member_of(till).profile.keys if k.kind is KeyKind.CARD]
    assert [k.replaced for k in keys] == ["refused", None]
    page(till).box.setFocus()
    till.keys.scan("886626000011")
    assert "已挂失" in said(till)


def test_a_printed_card_is_bound_by_scanning_it(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F6)
    till.keys.scan("8866260099990")
    assert page(till).card.key_form.text.text() == "8866260099990"
    save(till)
    assert "8866260099990" in [k.value for k in member_of(till).profile.keys]


def test_a_tin_that_is_scanned_is_no_member_card(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F6)
    till.keys.scan(MILK)
    assert page(till).card.key_form.text.text() == "" and "不是会员卡" in said(till)


def test_the_typed_code_of_a_tin_is_no_member_card(till: ScreenTill) -> None:
    for typed in (MILK, "NF0001-1"):
        till.keys.press(Key.Key_F6)
        page(till).card.key_form.text.setText(typed)
        save(till)
        assert translate("members.error.card_is_goods") in said(till)
        page(till).presenter.cancel()
    assert len(member_keys.valid_cards(member_of(till))) == 1


def test_the_typed_phone_of_another_member_is_no_card_but_her_own_may_be(till: ScreenTill) -> None:
    shop, who = till.at.counter.shop, till.at.demo.owner
    shop.members.register(who, SignUp(phone="13987651111", agreed=True))
    till.keys.press(Key.Key_F6)
    page(till).card.key_form.text.setText("139 8765 1111")
    save(till)
    assert translate("members.error.card_is_phone") in said(till)
    page(till).card.key_form.text.setText(PHONE)
    save(till)
    assert [key.value for key in member_keys.valid_cards(member_of(till))][-1] == PHONE


def test_a_card_is_set_as_a_pdf_of_both_sides(
    till: ScreenTill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "card.pdf"
    monkeypatch.setattr(page(till), "save_file", lambda _name, then: then(target))
    till.keys.press(Key.Key_P, CTRL)
    assert target.read_bytes().startswith(b"%PDF")
    with till.at.demo.store.read() as tx:
        assert tx.journal.count_kinds((0, 0))["card.printed"] == 1


def test_a_card_that_could_not_be_written_was_not_printed(
    till: ScreenTill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page(till), "save_file", lambda _name, then: then(tmp_path / "nowhere" / "card.pdf"))
    till.keys.press(Key.Key_P, CTRL)
    with till.at.demo.store.read() as tx:
        assert "card.printed" not in tx.journal.count_kinds((0, 0))


def test_the_same_name_is_a_hint_and_no_obstacle(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F10)
    page(till).form.phone.setText("13911112222")
    page(till).form.name.setText("王小满")
    assert "同名会员：王小满 138****1234" in said(till)
    page(till).form.agreed.setChecked(True)
    save(till)
    assert member_of(till, "13911112222").profile.name == "王小满"


def test_another_person_on_the_same_phone_is_signed_up_when_it_is_said(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F10)
    page(till).form.phone.setText(PHONE)
    page(till).form.agreed.setChecked(True)
    page(till).form.shared.setChecked(True)
    page(till).form.name.setText("李爸爸")
    save(till)
    on_phone = till.at.counter.shop.members.on_phone(PHONE)
    assert [m.profile.name for m in on_phone] == ["王小满", "李爸爸"]


def test_a_phone_of_two_asks_which_of_them_is_meant(till: ScreenTill) -> None:
    members = till.at.demo.shop.members
    members.register(till.at.demo.owner, SignUp(phone=PHONE, agreed=True, name="李爸爸", shared=True))
    till.keys.press(Key.Key_F10)
    page(till).form.phone.setText(PHONE)
    save(till)
    state = page(till).presenter.state
    assert state.stage is Stage.CARD and state.card is None
    assert {row.name for row in state.rows} == {"李爸爸", "王小满"}


def test_the_same_name_is_a_hint_again_for_the_next_who_has_it(till: ScreenTill) -> None:
    for phone in ("13911112222", "13911113333"):
        till.keys.press(Key.Key_F10)
        page(till).form.phone.setText(phone)
        page(till).form.name.setText("王小满")
        assert "同名会员：" in said(till)
        page(till).form.agreed.setChecked(True)
        save(till)
