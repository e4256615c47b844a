"""A receipt on another way than the roll: by e-mail, or on A4; for the pages that show sales.

Decides what is said of it. Qt-free; the books are touched on the db lane, pages are drawn on the slow one.
"""

from collections.abc import Callable
from typing import Literal

from pos_app.domain.errors import ExpectedError, InvalidValueError
from pos_app.domain.mail import address, masked
from pos_app.domain.staff import Approval, NeedsApprovalError
from pos_app.domain.values.ids import SaleId
from pos_app.words import translate
from ui.shell.counter import Counter
from ui.shell.wording import words_of

Say = Callable[[Literal["success", "warning", "error"], str], None]


class ReceiptPapers:
    """Intents of one page. GUI thread."""

    def __init__(self, counter: Counter, say: Say) -> None:
        self._counter = counter
        self._say = say

    @staticmethod
    def objection(text: str) -> str:
        """Return why a text is no address; "" for one that is."""
        try:
            address(text)
        except InvalidValueError:
            return translate("devices.mail.bad_address")
        return ""

    def offer(self, sale_id: SaleId, ask: Callable[[str], None]) -> None:
        """Call `ask` with the address of the sale's member, "" without one; say why nothing can be sent at all."""
        mailing = self._counter.shop.mailing

        def look() -> str:
            mailing.check()
            return mailing.offered(sale_id) or ""

        self._counter.db.run(look, ask, self._failed)

    def email(self, sale_id: SaleId, to: str) -> None:
        """Queue a receipt to an address."""
        counter = self._counter
        who = counter.session.who

        def queued(_job: object) -> None:
            counter.wake_mail()
            self._say("success", translate("devices.mail.queued", to=masked(address(to))))

        counter.db.run(lambda: counter.shop.mailing.queue(who, sale_id, to), queued, self._failed)

    def reprint(self, sale_id: SaleId, approval: Approval | None = None) -> None:
        """Queue a copy on the roll."""
        counter = self._counter
        printing = counter.shop.printing

        def printed(copy: int) -> None:
            counter.wake_printer()
            self._say("success", translate("returns.notice.reprinted", copy=copy))

        def failed(error: Exception) -> None:
            if isinstance(error, NeedsApprovalError) and approval is None:
                counter.ask_approval(error, lambda given: self.reprint(sale_id, given))
            else:
                self._failed(error)

        try:
            who = counter.session.who
        except ExpectedError as error:
            self._failed(error)
            return
        counter.db.run(lambda: printing.reprint(who, sale_id, approval), printed, failed)

    def a4(self, sale_id: SaleId, way: str, approval: Approval | None = None) -> None:
        """Make an A4 receipt, which counts as a copy, and do with it what `way` says: "open", "print" or "save"."""
        counter = self._counter
        who, printing = counter.session.who, counter.shop.printing

        def failed(error: Exception) -> None:
            if isinstance(error, NeedsApprovalError) and approval is None:
                counter.ask_approval(error, lambda given: self.a4(sale_id, way, given))
            else:
                self._failed(error)

        def counted(made: tuple[int, str]) -> None:
            copy, number = made
            lane = counter.slow or counter.db
            lane.run(
                lambda: printing.a4(sale_id, copy),
                lambda content: self._show(f"{number}-{copy}.pdf", content, way),
                self._failed,
            )

        counter.db.run(lambda: printing.copy_for_a4(who, sale_id, approval), counted, failed)

    def _show(self, name: str, content: bytes, way: str) -> None:
        if self._counter.papers is not None:
            self._counter.papers.show(name, content, way)

    def _failed(self, error: Exception) -> None:
        self._say("error", words_of(error, self._counter.shop.current.value.money))
