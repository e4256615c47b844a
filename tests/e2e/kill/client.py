"""The outside client: hears what the till answers, remembers it when the till is dead, and holds the books to it.

Decides what must be true after a kill: nothing answered is missing, nothing is there twice, the cart comes back line
for line. Knows prices by heart; shares no code with the till.
"""

import json
from collections import Counter
from dataclasses import dataclass, field

from tests.e2e.kill.books import Books
from tests.support import shop_on_disk as goods
from tests.support.driven_till import basket_of
from tests.support.printer_witness import Paper

PRICES = {
    goods.CANDY: 999,
    goods.NECKLACE: 129_900,
    goods.FORMULA: 32_800,
    goods.FORMULA_CASE: 6 * 32_800,
    goods.RING: 588_800,
}
IN_WINDOW = ("writing", "journal", "rows", "commit", "syncing", "committed")
"""Between the first write of a commit and its answer."""
_ANSWERS = {
    "answered": "sale",
    "kept": "cart",
    "closed": "shift",
    "signed_up": "member",
    "backed_up": "backup",
}


@dataclass
class Client:
    """What one client has heard of all lives of a till so far."""

    seed: int
    answered: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By number: total and basket."""
    signed_up: list[str] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    backed_up: int | None = None
    findings: list[str] = field(default_factory=list)
    up: str | None = None
    """The cart with which this life began, None before it says so."""
    behind: int = 0
    """Carts that came back without the last line, whose save was still under way."""
    ended: bool = False
    """Whether this life came to its own end."""
    _carts: list[str] = field(default_factory=list)
    _painted: dict[str, object] = field(default_factory=dict)
    _kept: int = 0
    _books: Books | None = None
    _doing: str = ""
    _printing: str = ""

    def begin_life(self) -> None:
        """A till is started."""
        self.up, self.ended, self._doing, self._printing = None, False, "", ""

    def hear(self, line: bytes) -> None:
        """Take in one line that the till has told."""
        said = json.loads(line)
        if "at" in said:
            self._at(said["at"])
        elif "up" in said:
            self._came_up(said["up"], said["painted"])
        elif "cart" in said:
            self._carts.append(said["cart"])
            self._painted[said["cart"]] = said["painted"]
        elif "ended" in said:
            self.ended = True
        elif "broken" in said:
            self.findings.append(f"broken: {said['broken']}")
        self._remember(said)

    def _at(self, place: str) -> None:
        if place.startswith(("print", "recover")):
            self._printing = "" if place == "print:done" else place
        elif place != "sale:answered":
            self._doing = place

    def _remember(self, said: dict[str, object]) -> None:
        """Remember an answer: from now on the books must have it."""
        for answer, intent in _ANSWERS.items():
            if answer in said and self._doing.startswith(intent):
                self._doing = ""
        if "answered" in said:
            self.answered[str(said["answered"])] = (int(str(said["total"])), int(str(said["basket"])))
            self._carts, self._kept = [""], 0
        elif "keeping" in said and said["keeping"] not in self._carts:
            # The lane may be quicker than whoever tells what was painted.
            self._carts.append(str(said["keeping"]))
        elif "kept" in said:
            self._kept = max(self._kept, self._carts.index(str(said["kept"])))
        elif "signed_up" in said:
            self.signed_up.append(str(said["signed_up"]))
        elif "closed" in said:
            self.closed.append(int(str(said["closed"])))
        elif "backed_up" in said:
            self.backed_up = int(str(said["backed_up"]))

    @property
    def died_at(self) -> str:
        """Where the till was when it was last heard, for the histogram."""
        return self._doing or self._printing or ("starting" if self.up is None else "between")

    def _came_up(self, cart: str, painted: object) -> None:
        """Compare the cart that came back with what was painted before the kill."""
        if self._books is not None:
            sold = {sale.sale_id.lower() for sale in self._books.sales}
            before = _cart_id(self._carts[-1]) if self._carts else ""
            allowed = [""] if before and before in sold else self._carts[self._kept :] or [""]
            if cart not in allowed:
                self.findings.append(f"cart: came back as {cart!r}, was {allowed!r}")
            self.behind += cart in allowed and cart != allowed[-1]
            if cart and _cart_id(cart) in sold:
                self.findings.append(f"doubled: a cart that is sold came back open: {_cart_id(cart)}")
        if painted != self._painted.get(cart, painted):
            self.findings.append(f"cart: painted as {painted!r}, was {self._painted[cart]!r}")
        self.up = cart
        self._carts, self._kept = [cart], 0

    def check(self, books: Books) -> None:
        """Hold the books to all that was answered, after a kill."""
        self._books = books
        self.findings += books.wrong
        self._check_answers(books)
        self._check_sales(books)
        if books.sign_ups != len(books.phones) or len(set(books.phones)) != len(books.phones):
            self.findings.append(f"doubled: {books.sign_ups} sign-ups, members {books.phones}")
        if list(books.closed) != sorted(set(books.closed), reverse=True):
            self.findings.append(f"doubled: shifts closed as {books.closed}")
        if self.backed_up is not None and (books.backup_sales or 0) < self.backed_up:
            self.findings.append(f"lost: backup of {self.backed_up} sales holds {books.backup_sales}")

    def _check_answers(self, books: Books) -> None:
        there = {sale.number: (sale.total, sale.basket) for sale in books.sales}
        for number, told in self.answered.items():
            if there.get(number) != told:
                self.findings.append(f"lost: {number} answered as {told}, in the books {there.get(number)}")
        missing = [phone for phone in self.signed_up if "+86" + phone not in books.phones]
        self.findings += [f"lost: member {phone}" for phone in missing]
        self.findings += [f"lost: Z {number}" for number in self.closed if number not in books.closed]

    def _check_sales(self, books: Books) -> None:
        """One sale a basket, each at its price, numbers without a gap, and never more than were rung."""
        baskets = Counter(sale.basket for sale in books.sales)
        self.findings += [
            f"doubled: basket {n} sold {times} times" for n, times in baskets.items() if times > 1
        ]
        if sorted(baskets) != list(range(1, len(baskets) + 1)):
            self.findings.append(f"lost: baskets in the books {sorted(baskets)}")
        for sale in books.sales:
            price = sum(PRICES[code] * quantity for code, quantity in basket_of(self.seed, sale.basket))
            if sale.total != price:
                self.findings.append(
                    f"books: {sale.number} of basket {sale.basket} is {sale.total}, not {price}"
                )
        by_year: dict[str, list[int]] = {}
        for sale in books.sales:
            year, _, counter = sale.number.rpartition("-")
            by_year.setdefault(year, []).append(int(counter))
        for year, counters in by_year.items():
            if sorted(counters) != list(range(1, len(counters) + 1)):
                self.findings.append(f"numbers: {year} has {sorted(counters)}")

    def check_paper(self, papers: list[Paper], twice: list[str]) -> None:
        """Hold the paper to the books, once the queue has drained; `twice` are numbers printed twice unmarked."""
        assert self._books is not None
        numbers = {sale.number for sale in self._books.sales}
        printed = [paper.number for paper in papers if paper.number]
        known = numbers.union(self._books.seals)
        self.findings += [f"paper: {text} is not in the books" for text in printed if text not in known]
        self.findings += [f"paper: {number} was printed twice without 副本" for number in twice]
        self.findings += [f"paper: {number} was never printed" for number in sorted(known - set(printed))]


def _cart_id(cart: str) -> str:
    return json.loads(cart)[0].replace("-", "") if cart else ""
