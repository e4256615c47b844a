"""The receipt of the sale just paid on another way than the roll: by e-mail, or on A4.

Decides what is asked; what is done stands in `ui.receipt_papers`. Nothing of the cart is touched.
"""

from collections.abc import Callable
from functools import partial

from pos_app.domain.values.ids import SaleId
from pos_app.words import translate
from ui.receipt_papers import ReceiptPapers
from ui.sales.asks import Question
from ui.sales.desk import Desk
from ui.shell.counter import Counter


class PaperIntents:
    """Intents about the latest receipt of this till."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        self._desk = desk
        self._counter = counter
        self._papers = ReceiptPapers(counter, self._say)

    def email(self) -> None:
        """Ctrl+E: send the latest receipt; the member's address is offered."""
        self._with_last(lambda sale: self._papers.offer(sale, partial(self._ask, sale)))

    def a4(self) -> None:
        """Ctrl+F11: show the latest receipt on A4, from where it is printed or saved."""
        self._with_last(lambda sale: self._papers.a4(sale, "open"))

    def _with_last(self, then: Callable[[SaleId], None]) -> None:
        desk = self._desk

        def found(sale: SaleId | None) -> None:
            if sale is None:
                desk.refuse(translate("sales.refuse.no_receipt"))
                desk.show()
            else:
                then(sale)

        self._counter.db.run(desk.shop.printing.last, found, desk.fail)

    def _ask(self, sale: SaleId, offered: str) -> None:
        def submit(text: str, _chosen: int) -> str:
            wrong = self._papers.objection(text)
            if not wrong:
                self._papers.email(sale, text)
            return wrong

        self._desk.asks.ask(
            Question(
                title=translate("devices.mail.ask_title"),
                label=translate("devices.mail.ask_address"),
                kind="words",
                text=offered,
                submit=submit,
            )
        )
        self._desk.show()

    def _say(self, tone: str, words: str) -> None:
        if tone == "success":
            self._desk.tell(words, "success")
        else:
            self._desk.refuse(words)
        self._desk.show()
