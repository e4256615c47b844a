"""The label printer in the settings: what is typed, what is refused in words, and one label to try it."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from pos_app.domain.errors import InvalidValueError
from pos_app.services.ports.devices import LabelPrinter
from tests.support.label_roll import RollChannel, roll_printer
from tests.support.lanes import InlineLane
from tests.support.screen_till import CounterTill, counter_till
from tests.unit.ui.devices.test_runner import Paperish
from ui.settings.forms import MANUAL
from ui.settings.label_printer import gap_of, gap_words
from ui.settings.presenter import PrinterDoors, SettingsPresenter


@pytest.mark.parametrize(
    ("text", "gap_um"), [("", 0), ("2", 2000), (" 2.5 ", 2500), ("３", 3000), ("30", 30_000)]
)
def test_a_gap_is_typed_in_millimetres(text: str, gap_um: int) -> None:
    assert gap_of(text) == gap_um
    assert gap_of(gap_words(gap_um)) == gap_um


@pytest.mark.parametrize("text", ["0", "-1", "31", "two", "nan", "Infinity"])
def test_a_gap_that_no_roll_has_is_refused(text: str) -> None:
    with pytest.raises(InvalidValueError):
        gap_of(text)


def page_of(at: CounterTill, channel: RollChannel) -> SettingsPresenter:
    def open_labels(_settings: object) -> LabelPrinter:
        return roll_printer(channel)

    doors = PrinterDoors(
        device=InlineLane(),
        open=lambda _s: Paperish(),
        find=lambda: (),
        labels=InlineLane(),
        open_labels=open_labels,
    )
    page = SettingsPresenter(at.counter, doors, lambda _settings: None, lambda _state: None)
    page.open()
    return page


def test_a_label_printer_is_set_and_tried_with_the_gap_of_its_roll(tmp_path: Path) -> None:
    channel = RollChannel(roll=9)
    with counter_till(tmp_path) as at:
        page = page_of(at, channel)
        page.edit(
            replace(page.state.form, label_printer=MANUAL, label_address="tcp://10.0.0.9", label_gap="2.5")
        )
        page.test_labels()
        assert page.state.label_test == "已送出一张试印标签"
        assert [(label.width_mm, label.gap_mm, label.copies) for label in channel.labels] == [(40.0, 2.5, 1)]
        page.save()
        now = at.counter.shop.current.value
        assert (now.label_printer, now.label_kind, now.label_gap_um) == ("tcp://10.0.0.9", "tspl", 2500)


def test_what_is_wrong_stands_under_its_field_and_an_empty_roll_is_told(tmp_path: Path) -> None:
    with counter_till(tmp_path) as at:
        page = page_of(at, RollChannel(roll=0))
        page.test_labels()
        assert page.state.label_test_failed and "先选一台" in page.state.label_test
        page.edit(replace(page.state.form, label_printer=MANUAL, label_address=" ", label_gap="wide"))
        page.save()
        assert {field for field, _ in page.state.errors} == {"label_address", "label_gap"}
        page.edit(replace(page.state.form, label_address="tcp://10.0.0.9", label_gap=""))
        page.test_labels()
        assert page.state.label_test_failed and "缺纸" in page.state.label_test


def test_choices_of_labels_are_kept_in_the_settings_and_told_to_the_journal(tmp_path: Path) -> None:
    with counter_till(tmp_path) as at:
        shop = at.counter.shop
        chosen = msgspec.structs.replace(shop.current.value.labels, goods="a4_65", starts={"a4_65": 12})
        shop.settings.set_labels(at.demo.owner, chosen)
        with shop.store.read() as tx:
            kept = tx.settings.load()
        assert kept is not None and kept.labels == chosen
