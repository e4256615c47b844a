"""Cards of four or five characters, as old programs gave them: typed they are offered, scanned they count."""

import pytest
from PySide6.QtCore import Qt

from pos_app.domain.catalogue.drafts import BarcodeDraft, VariantDraft
from pos_app.domain.members import Member, Replaced
from pos_app.domain.values.money import Amount
from pos_app.services.members import SignUp
from tests.gui.sales.conftest import Till, words

OWNER = "13900000007"


def has_card(till: Till, number: str, name: str = "钱多多") -> Member:
    """Sign somebody up who has a card of an old program."""
    shop, owner = till.behind.till.shop, till.behind.till.owner
    member = shop.members.register(owner, SignUp(phone=OWNER, agreed=True, name=name))
    return shop.member_keys.issue(owner, member.member_id, number)


@pytest.mark.parametrize("number", ["4321", "54321", "A123"])
def test_a_short_card_that_is_typed_is_offered_and_enter_alone_attaches_nobody(
    till: Till, number: str
) -> None:
    has_card(till, number)
    till.say(number.lower())
    assert till.state.member is None
    listing = till.state.listing
    assert listing is not None and listing.current == -1
    assert listing.rows[0].title == "钱多多" and number in listing.rows[0].under
    till.enter()
    assert till.state.member is None
    till.press(Qt.Key.Key_Down)
    till.enter()
    assert till.state.member is not None and till.state.member.name == "钱多多"


@pytest.mark.parametrize("number", ["4321", "54321"])
def test_a_short_card_that_is_scanned_attaches_its_member(till: Till, number: str) -> None:
    has_card(till, number)
    till.keys.scan(number)
    assert till.state.member is not None and till.state.member.name == "钱多多"


def test_goods_with_the_number_of_a_card_are_rung_up_first(till: Till) -> None:
    shop, owner = till.behind.till.shop, till.behind.till.owner
    member = has_card(till, "4321")
    shop.member_keys.issue(owner, member.member_id, "54321")
    for code in ("4321", "54321"):
        draft = VariantDraft(
            code=code, name="散装糖", retail=Amount(500), barcodes=(BarcodeDraft(code=code),)
        )
        shop.catalogue_edit.save_variant(owner, draft)
    for place, code in enumerate(("4321", "54321")):
        till.say(code)
        till.keys.scan(code)
        assert till.state.member is None and till.state.rows[place].quantity == "2"


def test_the_owner_of_a_short_card_stands_before_all_whose_phone_ends_alike(till: Till) -> None:
    shop, owner = till.behind.till.shop, till.behind.till.owner
    has_card(till, "4321")
    for number in range(60):
        shop.members.register(owner, SignUp(phone=f"139{number:04d}4321", agreed=True, name="许多人"))
    till.say("4321")
    assert till.state.listing is not None and till.state.listing.rows[0].title == "钱多多"
    assert len(till.state.listing.rows) == 50


def test_a_lost_short_card_hides_nobody_whose_phone_ends_alike(till: Till) -> None:
    shop, owner = till.behind.till.shop, till.behind.till.owner
    member = has_card(till, "1234")
    shop.member_keys.replace(owner, member.member_id, "1234", Replaced.REFUSED)
    till.say("1234")
    assert till.state.listing is not None
    titles = [row.title for row in till.state.listing.rows]
    assert "王小满" in titles and "钱多多" not in titles
    till.press(Qt.Key.Key_Escape)
    till.keys.scan("1234")
    assert till.state.member is None and till.state.hint is not None
    assert till.state.hint.text == words("members.error.card_refused")
