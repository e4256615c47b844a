"""The shortest way through a day: scan, pay, change."""

from PySide6.QtCore import Qt

from tests.gui.sales.conftest import Till

WIPES = "6931201000176"


def test_a_scan_is_painted_and_paid_in_cash_and_the_change_stays_until_the_next_input(till: Till) -> None:
    till.keys.scan(WIPES)
    assert [row.name for row in till.page.cart.model.rows] == ["牧星 婴幼儿配方奶粉 1段 400g"]
    assert till.page.box.text() == ""
    till.press(Qt.Key.Key_F12)
    assert till.words("pay_due") == "¥128.00"
    till.say("200")
    assert till.words("change") == "¥72.00"
    assert till.behind.kicked == 1 and till.behind.woken == 1
    assert till.tones.sounded == ["accepted", "paid"]
    with till.behind.till.store.read() as tx:
        sales = tx.sales.history(10)
    assert [sale.total for sale in sales] == [12800]
    till.keys.scan(WIPES)
    assert till.state.done is None and len(till.state.rows) == 1
