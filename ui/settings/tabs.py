"""The settings page as tabs: the shop and its staff first, then one tab for each matter that has settings of its own.

Decides which tab is in front, and that keys and scans reach that one only. A tab is a widget with a module of its own;
it binds its keys in its scope (`Tab.scope`) and may have `opened(args)` and `on_scan(scan)` as a page has.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import FilterChip
from ui.kit.flow import flow
from ui.shell.keys import Action
from ui.shell.scan_recogniser import Scan
from ui.shell.screens import CarriesOver, Opens, ScreenContext, ScreenId, TakesScans

SETTINGS = ScreenId("settings")
NEXT = Action("settings.next_tab", "Ctrl+PgDown", "settings.action.next_tab")
PREVIOUS = Action("settings.previous_tab", "Ctrl+PgUp", "settings.action.previous_tab")


FIELDS = (QLineEdit, QPlainTextEdit)
"""What is written into: the first that may be changed has the focus when a tab is turned to."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: `settings.tab.<name>` has its words; it is built when first turned to."""

    name: str
    build: Callable[[ScreenContext], QWidget]

    @property
    def scope(self) -> str:
        """Where the tab binds its keys; they act while it is in front."""
        return f"{SETTINGS}.{self.name}"


class SettingsTabs(QWidget):
    """The page of settings."""

    def __init__(self, context: ScreenContext, tabs: Sequence[Tab]) -> None:
        super().__init__()
        self._context = context
        self._tabs = tuple(tabs)
        self._built: dict[str, QWidget] = {}
        self._front = self._tabs[0]
        self._chips: dict[str, FilterChip] = {}
        self._stack = QStackedWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._row())
        outer.addWidget(self._stack, 1)
        # The window looks for where the focus goes before it says that the page was opened.
        self._page(self._front)
        keys = context.shell.keys
        keys.bind(SETTINGS, NEXT, lambda: self._step(1), lambda: len(self._tabs) > 1)
        keys.bind(SETTINGS, PREVIOUS, lambda: self._step(-1), lambda: len(self._tabs) > 1)

    def _row(self) -> QVBoxLayout:
        """Return the chips; they go on below where the words of a language take more room than the window has."""
        for tab in self._tabs:
            chip = FilterChip(translate(f"settings.tab.{tab.name}"))
            chip.setObjectName(f"settings_tab_{tab.name}")
            if len(self._tabs) == 1:
                chip.hide()
            chip.clicked.connect(lambda _checked=False, name=tab.name: self.turn_to(name))
            self._chips[tab.name] = chip
        row = QVBoxLayout()
        row.setContentsMargins(24, 12, 24, 0)
        row.addWidget(flow([*self._chips.values()]))
        return row

    def opened(self, args: object) -> None:
        """Show the tab that `args` names, else the one that was in front."""
        named = args if isinstance(args, str) and args in self._chips else self._front.name
        self.turn_to(named, args)

    def turn_to(self, name: str, args: object = None) -> None:
        """Bring a tab to the front."""
        tab = next(each for each in self._tabs if each.name == name)
        shell = self._context.shell
        shell.keys.leave(self._front.scope)
        self._front = tab
        page = self._page(tab)
        opens: object = page
        turned = page is not self._stack.currentWidget()
        self._stack.setCurrentWidget(page)
        shell.keys.enter(tab.scope)
        for each, chip in self._chips.items():
            chip.setChecked(each == name)
        if isinstance(opens, Opens):
            opens.opened(args)
        if turned:
            # A chip that was clicked keeps no focus: the keys are for what is in front.
            fields = (each for each in page.findChildren(QWidget) if isinstance(each, FIELDS))
            next(
                (each for each in fields if each.isEnabledTo(page) and each.isVisibleTo(page)), page
            ).setFocus()

    def _page(self, tab: Tab) -> QWidget:
        if tab.name not in self._built:
            made = tab.build(self._context)
            made.setObjectName(made.objectName() or f"settings_page_{tab.name}")
            self._built[tab.name] = made
            self._stack.addWidget(made)
        return self._built[tab.name]

    def _step(self, step: int) -> None:
        place = self._tabs.index(self._front)
        self.turn_to(self._tabs[(place + step) % len(self._tabs)].name)

    def carry(self) -> object:
        """Return which tab is in front and what the tabs carry, for the page that is built anew."""
        tabs: dict[str, object] = dict(self._built)
        carried = {name: tab.carry() for name, tab in tabs.items() if isinstance(tab, CarriesOver)}
        return self._front.name, carried

    def take_over(self, carried: object) -> None:
        """Bring the tab to the front that was there, and let each go on with what was being done in it."""
        front, tabs = cast(tuple[str, dict[str, object]], carried)
        self.turn_to(front)
        for name, held in tabs.items():
            page: object = self._page(next(tab for tab in self._tabs if tab.name == name))
            if held is not None and isinstance(page, CarriesOver):
                page.take_over(held)

    def names(self) -> list[str]:
        """Return the names of the tabs in their order."""
        return [tab.name for tab in self._tabs]

    def tab(self, name: str) -> QWidget | None:
        """Return a tab that has been built, for tests and the tour."""
        return self._built.get(name)

    def on_scan(self, scan: Scan) -> None:
        """Hand a scan to the tab in front; one that has no use for it refuses it with the tone."""
        front: object = self._built.get(self._front.name)
        if isinstance(front, TakesScans):
            front.on_scan(scan)
            return
        self._context.shell.tones.sound("refused")
        self._context.shell.notices.warning(translate("shell.notice.scan_not_here"), about="scan")
