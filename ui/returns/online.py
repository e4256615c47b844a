"""A receipt that this till does not know, asked for online while the page goes on.

Decides which texts are asked about, what is said meanwhile, and which answers come too late. Qt-free.
"""

import re
from collections.abc import Callable
from functools import partial

from pos_app.domain.receipt_codes import compare, read
from pos_app.services.ports.syncing import OnlineSale
from pos_app.services.returns import Returnable
from pos_app.words import translate
from ui.returns.state import Say
from ui.shell.counter import Counter
from ui.shell.wording import words_of

_NUMBER = re.compile(r"[A-Z0-9]+-[A-Z0-9]+-\d{4}-[A-Z0-9-]+")
"""Shop, till, year and counter: a part of a number finds receipts of this till only."""


class OnlineReceipts:
    """Questions about receipts to the platform. GUI thread."""

    def __init__(self, counter: Counter, say: Say, show: Callable[[Returnable], None]) -> None:
        self._counter = counter
        self._say = say
        self._show = show
        self._asked = ""

    def forget(self) -> None:
        """Drop the answer that is awaited: something else was begun."""
        self._asked = ""

    def ask(self, text: str, code: str = "") -> bool:
        """Ask for a receipt; say whether the text is the number of one and there is somebody to ask.

        `code` is the genuine code that was scanned: a sale that differs from it is not taken.
        """
        number, lane = text.strip().upper(), self._counter.net
        if lane is None or not self._counter.is_online() or not _NUMBER.fullmatch(number):
            return False
        if number != self._asked:
            self._asked = number
            self._say("info", translate("returns.online.asking", number=number[:40]))
            ask = partial(self._counter.online.receipt, number)
            lane.run(ask, partial(self._answered, number, code), partial(self._failed, number))
        return True

    def unknown(self, text: str) -> str:
        """Return what is said of a text that nobody was asked about; another shop's receipt needs the platform."""
        number = text.strip().upper()
        is_elsewhere = number.partition("-")[0] != self._counter.shop.current.value.shop_code.upper()
        if _NUMBER.fullmatch(number) and is_elsewhere:
            return translate("returns.online.unasked", number=number[:40])
        return translate("returns.notice.unknown", text=text[:40])

    def _answered(self, number: str, code: str, found: OnlineSale | None) -> None:
        if number != self._asked:
            return
        if found is None:
            self._asked = ""
            self._say("warning", translate("returns.online.none", number=number[:40]))
            return
        work = partial(self._take, found, code)
        kept = partial(self._kept, number, found.shop_name)
        self._counter.db.run(work, kept, partial(self._failed, number))

    def _take(self, found: OnlineSale, code: str) -> Returnable:
        if code:
            compare(read(code)[0], found.sale)
        return self._counter.shop.returns.take_elsewhere(found)

    def _kept(self, number: str, shop_name: str, found: Returnable) -> None:
        if number == self._asked:
            self._asked = ""
            self._show(found)
            self._say("success", translate("returns.online.found", shop=shop_name))

    def _failed(self, number: str, problem: Exception) -> None:
        if number == self._asked:
            self._asked = ""
            self._say("warning", words_of(problem, self._counter.shop.current.value.money))
