"""Which tenders are counted at a close is set with a tick each, and kept at once."""

from pathlib import Path

from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from pos_app.domain.sales.tenders import TenderKind
from tests.support.screen_till import counter_till
from ui.settings.counts_card import CountsCard


def test_a_tick_more_or_less_changes_what_is_counted(tmp_path: Path, qtbot: QtBot) -> None:
    with counter_till(tmp_path) as at:
        card = CountsCard(at.counter)
        qtbot.addWidget(card)
        ticks = {tick.objectName(): tick for tick in card.findChildren(QCheckBox)}
        assert [name for name, tick in ticks.items() if tick.isChecked()] == [
            "settings_count_card",
            "settings_count_voucher",
            "settings_count_static_code",
        ]
        ticks["settings_count_card"].click()
        ticks["settings_count_other"].click()
        assert at.demo.shop.settings.value.counts.tenders == (
            TenderKind.VOUCHER,
            TenderKind.STATIC_CODE,
            TenderKind.OTHER,
        )
