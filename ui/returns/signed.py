"""The signed code of a receipt that was scanned: believed or refused at once, with no network.

Decides what follows: a sale that is known here is opened; a genuine one of another till is told, and its lines are
asked for where there is a network; any other is refused with the reason. Qt-free.
"""

from collections.abc import Callable
from functools import partial

from pos_app.domain.errors import ExpectedError
from pos_app.domain.receipt_codes import Genuine
from pos_app.domain.values.ids import SaleId
from pos_app.domain.values.money import currency
from pos_app.services.receipt_codes import CheckedReceipt
from pos_app.words import format_amount, format_date, translate
from ui.returns.online import OnlineReceipts
from ui.returns.state import GenuineCard, Say
from ui.shell.counter import Counter
from ui.shell.wording import words_of


class SignedCodes:
    """Signed codes on the returns page. GUI thread."""

    def __init__(
        self,
        counter: Counter,
        say: Say,
        online: OnlineReceipts,
        open_sale: Callable[[SaleId], None],
        show_card: Callable[[GenuineCard | None], None],
    ) -> None:
        self._counter = counter
        self._say = say
        self._online = online
        self._open_sale = open_sale
        self._show_card = show_card
        self._asked = 0

    def forget(self) -> None:
        """Drop the answer that is awaited: something else was begun."""
        self._asked += 1

    def check(self, code: str) -> None:
        """Find out whose a code is."""
        self._asked += 1
        asked = self._asked
        work = partial(self._counter.shop.receipt_codes.check, code)
        self._counter.db.run(work, partial(self._checked, asked, code), partial(self._refused, asked))

    def _checked(self, asked: int, code: str, checked: CheckedReceipt) -> None:
        if asked != self._asked:
            return
        genuine = checked.genuine
        if checked.is_here:
            self._open_sale(genuine.code.sale_id)
            self._say("success", translate("returns.genuine.here", number=genuine.code.number))
            return
        asking = self._online.ask(genuine.code.number, code)
        self._show_card(self._card(genuine, asking=asking))

    def _card(self, genuine: Genuine, *, asking: bool) -> GenuineCard:
        code, till = genuine.code, genuine.till
        what = translate(
            "returns.genuine.what",
            shop=till.shop_name or till.shop_code,
            till=till.code,
            day=format_date(code.business_date),
            amount=format_amount(code.total, currency(code.currency)),
        )
        then = translate("returns.genuine.asking" if asking else "returns.genuine.offline")
        return GenuineCard(translate("returns.genuine.title", number=code.number), what, then)

    def _refused(self, asked: int, problem: Exception) -> None:
        if asked != self._asked:
            return
        self._show_card(None)
        words = words_of(problem, self._counter.shop.current.value.money)
        self._say("error" if isinstance(problem, ExpectedError) else "warning", words)
