"""What a manager does on the catalogue page, and what she sees there.

Keys and scans only; fields are filled as an input method fills them.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit

from pos_app.domain.catalogue import Variant
from tests.support.screen_till import ScreenTill
from ui.catalogue import SCREEN
from ui.catalogue.page import CataloguePage
from ui.catalogue.state import Side, State, Tab

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


class Hands:
    """Hands on the window, eyes on its state."""

    def __init__(self, till: ScreenTill) -> None:
        self.till = till
        self.keys = till.keys
        self.shop = till.at.counter.shop
        found = till.shell.page(SCREEN.id)
        assert isinstance(found, CataloguePage)
        self.page = found

    @property
    def state(self) -> State:
        return self.page._presenter.state

    def reads(self) -> bool:
        """Whether nothing is open beside the list but what is read."""
        return self.state.side is Side.DETAIL

    def asked(self) -> bool:
        """Whether a question stands over the page."""
        return self.till.shell.overlay.content is not None

    def names(self) -> list[str]:
        return [row.cells[0].text for row in self.page.list.rows()]

    def open(self, code: str) -> None:
        """Find goods by their code and show them."""
        self.keys.type(code)
        self.keys.press(Key.Key_Return)

    def turn_to(self, tab: Tab) -> None:
        """Turn on until a section is in front."""
        for _ in Tab:
            if self.state.tab is tab:
                return
            self.keys.press(Key.Key_F4)
        raise AssertionError(f"{tab} never came")

    def fill(self, **texts: str) -> None:
        """Write into fields of the form that is open; a choice by its value."""
        form = self.page.form if self.state.form is not None else self.page.bulk.form
        for name, text in texts.items():
            edit = form.edits[name]
            if isinstance(edit, QComboBox):
                edit.setCurrentIndex(edit.findData(text))
            else:
                assert isinstance(edit, QLineEdit)
                edit.setText(text)

    def save(self) -> None:
        self.keys.press(Key.Key_Return, CTRL)

    def errors(self) -> dict[str, str]:
        """Return what is said under the fields."""
        form = self.state.form or (self.state.bulk.form if self.state.bulk else None)
        assert form is not None
        return {entry.name: entry.error for entry in form.entries if entry.error}

    def goods(self, code: str) -> Variant:
        """Return goods as the shop has them now."""
        found = self.shop.catalogue.find(code)
        assert found is not None
        return found.variant
