"""The tab of invoices: whether receipts say how to get one, and at which address.

Decides what is said of an address that cannot be taken. Qt-free.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.invoices.settings import CODE, RECEIPT, InvoiceSettings, check_invoice_settings
from pos_app.domain.values.barcode import fold
from pos_app.words import translate
from ui.shell.counter import Counter
from ui.shell.wording import words_of

EXAMPLE = "https://example.com/fapiao?r={receipt}"


@dataclass(frozen=True, slots=True)
class State:
    """What the tab shows."""

    on_receipt: bool
    page: str
    changed: bool = False
    busy: bool = False
    note: str = ""
    error: str = ""
    problem: str = ""


class InvoicesPresenter:
    """Everything that the tab does."""

    def __init__(self, counter: Counter, on_change: Callable[[State], None]) -> None:
        self._counter = counter
        self._on_change = on_change
        self.state = self._standing()

    def _standing(self) -> State:
        now = self._counter.shop.current.value.invoices
        return State(now.on_receipt, now.page)

    def _show(self, state: State) -> None:
        self.state = state
        self._on_change(state)

    def open(self) -> None:
        """Show what is set, unless something is being changed."""
        if not self.state.changed:
            self._show(self._standing())

    def take_over(self, carried: State) -> None:
        """Go on with what was being changed."""
        self._show(replace(carried, busy=False, error="", problem=""))

    def turn(self, on: bool) -> None:
        """Say on receipts how to get an invoice, or not."""
        self._edit(replace(self.state, on_receipt=on))

    def type_page(self, text: str) -> None:
        """Follow the address."""
        if text != self.state.page:
            self._edit(replace(self.state, page=text))

    def _edit(self, state: State) -> None:
        self._show(replace(state, changed=True, note="", error="", problem=""))

    def revert(self) -> None:
        """Show again what is set."""
        self._show(self._standing())

    def save(self) -> None:
        """Put it in force; an address that cannot be taken is told under it."""
        state, counter = self.state, self._counter
        if not state.changed or state.busy:
            return
        wanted = InvoiceSettings(on_receipt=state.on_receipt, page=fold(state.page))
        try:
            check_invoice_settings(wanted)
        except InvalidValueError:
            wrong = translate("invoices.settings.wrong", receipt=RECEIPT, code=CODE)
            self._show(replace(state, error=wrong))
            return
        self._show(replace(state, busy=True))
        counter.db.run(lambda: self._write(wanted), self._saved, self._failed)

    def _write(self, wanted: InvoiceSettings) -> None:
        counter = self._counter
        # Read on the lane: another tab may have changed something meanwhile.
        changed = msgspec.structs.replace(counter.shop.current.value, invoices=wanted)
        counter.shop.settings.change(counter.session.who, changed)

    def _saved(self, _none: None) -> None:
        self._show(replace(self._standing(), note=translate("settings.note.saved")))

    def _failed(self, error: Exception) -> None:
        money = self._counter.shop.current.value.money
        self._show(replace(self.state, busy=False, problem=words_of(error, money)))
