"""Members in the list under the box of Sell: how many there are, and when each came last."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt

from pos_app.services.members import SignUp
from tests.gui.sales.conftest import Till

MEMBER = "13800001234"


def test_a_name_that_many_have_says_how_many_there_are(till: Till) -> None:
    found = till.behind.till.shop.members.look_up("王", 1)
    members = till.behind.till.shop.members
    for number in range(60):
        asked = SignUp(phone=f"1370000{number:04d}", agreed=True, name="王多多")
        members.register(till.behind.till.owner, asked)
    till.press(Qt.Key.Key_F9)
    till.page.box.setText("王")
    assert till.state.listing is not None and len(till.state.listing.rows) == 50
    assert till.state.listing.count == f"50 / {found.total + 60} 条"


def test_a_visit_before_eight_in_the_morning_is_told_by_the_day_of_the_shop(till: Till) -> None:
    shop = till.behind.till.shop
    member = shop.members.find_phone(MEMBER)
    assert member is not None
    with till.behind.till.store.write() as tx:
        tx.members.visited(member.member_id, datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    till.say("1234")
    assert till.state.listing is not None
    row = next(row for row in till.state.listing.rows if row.title == "王小满")
    assert row.right == "2026年11月21日"
