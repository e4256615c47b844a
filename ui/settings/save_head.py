"""The head of what is set and saved as a whole: its title, how it stands, discard and save; under it, what went wrong.

Decides how a form says that it was changed, and that Ctrl+Enter saves it and Esc discards what was changed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import ButtonKind, KeyButton
from ui.kit.cards import PageHead
from ui.kit.labels import Words
from ui.shell.keys import Action, Keys


class Standing(Protocol):
    """What every such form's state says."""

    @property
    def changed(self) -> bool:
        """Whether something is typed that is not in force."""

    @property
    def busy(self) -> bool:
        """Whether it is being saved."""

    @property
    def note(self) -> str:
        """What was done last, in words."""

    @property
    def problem(self) -> str:
        """Why it could not be done, in words."""


@dataclass(frozen=True, slots=True)
class SaveActs:
    """What save and discard do, and when they may be done by key."""

    save: Callable[[], None]
    revert: Callable[[], None]
    can_revert: Callable[[], bool]
    may_save: Callable[[], bool] = lambda: True


def save_and_leave(name: str) -> tuple[Action, Action]:
    """Return the two actions of the form of a name, as `settings.mail`."""
    return (
        Action(f"{name}_save", "Ctrl+Return", "settings.action.save"),
        Action(f"{name}_leave", "Esc", "settings.action.revert"),
    )


class SaveHead(QWidget):
    """Shows how a form stands. `others` are buttons of its own, between discard and save."""

    def __init__(
        self,
        title: str,
        scope: str,
        keys: Keys,
        actions: tuple[Action, Action],
        acts: SaveActs,
        *others: QWidget,
    ) -> None:
        super().__init__()
        save, leave = actions
        name = leave.id.replace(".", "_").removesuffix("_leave")
        self._note = Words("", "muted")
        self._note.setObjectName(f"{name}_note")
        self._problem = Words("", "body", "danger", wrap=True)
        self._problem.setObjectName(f"{name}_problem")
        self._problem.setContentsMargins(24, 0, 24, 0)
        self._problem.hide()
        self.save = _button(save, keys, acts.save, "primary")
        self._revert = _button(leave, keys, acts.revert, "quiet")
        keys.bind(scope, save, acts.save, acts.may_save)
        keys.bind(scope, leave, acts.revert, acts.can_revert)
        head = PageHead(title)
        for widget in (self._note, self._revert, *others, self.save):
            head.add(widget)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(head)
        box.addWidget(self._problem)

    def show_standing(self, state: Standing) -> None:
        """Say how the form stands."""
        self._problem.setText(state.problem)
        self._problem.setVisible(bool(state.problem))
        self._note.setText(translate("settings.note.unsaved") if state.changed else state.note)
        self._note.set_tone("warning" if state.changed else "success")
        self.save.setEnabled(not state.busy)
        self._revert.setVisible(state.changed)


def _button(action: Action, keys: Keys, run: Callable[[], None], kind: ButtonKind) -> KeyButton:
    button = KeyButton(translate(action.label), keys.key_of(action), kind=kind)
    button.setObjectName(action.id.replace(".", "_"))
    button.clicked.connect(lambda _checked=False: run())
    return button
