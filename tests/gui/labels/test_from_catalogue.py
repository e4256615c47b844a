"""What changed its price on the catalogue page goes to the labels page by keys, and is done with when it is out."""

from pathlib import Path

from PySide6.QtCore import Qt

from pos_app.domain.values.money import Amount
from pos_app.services.catalogue_prices import PriceChange, PricesAsked
from tests.support.label_roll import RollChannel, roll_printer
from tests.support.lanes import InlineLane
from tests.support.screen_till import counter_till, screen_till
from ui.catalogue import SCREEN as CATALOGUE
from ui.labels import LABELS, labels_screen
from ui.labels.doors import LabelDoors
from ui.labels.page import LabelsPage


def test_changed_prices_go_from_the_catalogue_to_the_labels_and_are_noted(tmp_path: Path) -> None:
    with counter_till(tmp_path) as at:
        shop = at.counter.shop
        goods = [v for v in shop.catalogue.browse("", 200)[0] if v.retail][:2]
        changes = [PriceChange(variant=v.variant_id, price=Amount(99)) for v in goods]
        shop.catalogue_prices.set_prices(at.demo.owner, PricesAsked(list="retail", changes=changes))
        doors = LabelDoors(InlineLane(), lambda: roll_printer(RollChannel(roll=9)))
        with screen_till(at, [CATALOGUE, labels_screen(doors)]) as till:
            till.keys.press(Qt.Key.Key_F9)
            till.keys.press(Qt.Key.Key_F12)
            assert till.shell.navigation.current == LABELS
            page = till.shell.page(LABELS)
            assert isinstance(page, LabelsPage)
            presenter = page._presenter
            assert {row.name for row in presenter.state.rows} == {v.name for v in goods}
            presenter.running.save(tmp_path / "x.pdf")
            assert presenter.state.rows == () and (tmp_path / "x.pdf").exists()
        assert shop.catalogue_prices.price_changes() == ()
