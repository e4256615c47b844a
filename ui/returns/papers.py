"""The buttons and keys that take a sale's receipt out by e-mail or on A4.

Decides what is asked before; what is done stands in `ui.receipt_papers`.
"""

from collections.abc import Callable
from functools import partial

from pos_app.domain.values.ids import SaleId
from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.receipt_papers import ReceiptPapers
from ui.shell.dialogs import Prompt
from ui.shell.keys import Action
from ui.shell.window import Shell

EMAIL = Action("returns.email", "Ctrl+E", "devices.mail.action")
A4 = Action("returns.a4", "Ctrl+F11", "devices.paper.action_open")
A4_PRINT = Action("returns.a4_print", "Ctrl+Shift+P", "devices.paper.action_print")
A4_SAVE = Action("returns.a4_save", "Ctrl+S", "devices.paper.action_save")


class PaperActs:
    """What can be done with the receipt of the sale that the page shows, or has marked in its list."""

    def __init__(self, shell: Shell, papers: ReceiptPapers, shown: Callable[[], SaleId | None]) -> None:
        self._shell, self._papers, self._shown = shell, papers, shown
        self._acts = (
            (EMAIL, "upload", self._email),
            (A4, "file-text", partial(self._a4, "open")),
            (A4_PRINT, "printer", partial(self._a4, "print")),
            (A4_SAVE, "download", partial(self._a4, "save")),
        )
        self.buttons = {
            action.id.replace(".", "_"): self._button(action, icon, run) for action, icon, run in self._acts
        }

    def bind(self, scope: str) -> None:
        """Bind the keys."""
        for action, _, run in self._acts:
            self._shell.keys.bind(scope, action, run, lambda: self._shown() is not None)

    def _button(self, action: Action, icon: str, run: Callable[[], None]) -> KeyButton:
        key = self._shell.keys.key_of(action)
        button = KeyButton(translate(action.label), key, icon=icon, kind="quiet")
        button.clicked.connect(lambda _checked=False: run())
        return button

    def _email(self) -> None:
        sale = self._shown()
        if sale is not None:
            self._papers.offer(sale, partial(self._ask, sale, ""))

    def _ask(self, sale: SaleId, problem: str, offered: str) -> None:
        """Ask for the address; one that is none is asked for again, with what is wrong."""
        prompt = Prompt(
            translate("devices.mail.ask_title"),
            problem or translate("devices.mail.ask_address"),
            translate("devices.mail.action"),
            text=offered,
        )

        def answer(text: str | None) -> None:
            if text is None:
                return
            wrong = self._papers.objection(text)
            if wrong:
                self._ask(sale, wrong, text)
            else:
                self._papers.email(sale, text)

        self._shell.dialogs.prompt(prompt, answer)

    def _a4(self, way: str) -> None:
        sale = self._shown()
        if sale is not None:
            self._papers.a4(sale, way)
