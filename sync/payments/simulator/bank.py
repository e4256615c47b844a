"""The money of the played wallets: customers, payment codes, trades, refunds, and the statement of all that moved.

Decides what becomes of a charge, a reversal and a refund, at a time that is handed in. One SQLite file; each call is
one transaction, on the disk when it returns. Amounts in fen.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

CODE_LIVES_MS = 60_000
WAITS_MS = {"wechat_pay": 60_000, "alipay": 120_000}
"""How long a trade waits for its customer's password."""
MOST = 5_000_000
"""Fen: what no customer may pay at once."""
_TABLES = """
CREATE TABLE IF NOT EXISTS customer (
    id INTEGER PRIMARY KEY, wallet TEXT NOT NULL, balance INTEGER NOT NULL, password_over INTEGER NOT NULL,
    enters_after_ms INTEGER
);
CREATE TABLE IF NOT EXISTS code (
    code TEXT PRIMARY KEY, wallet TEXT NOT NULL, customer INTEGER NOT NULL, made_ms INTEGER NOT NULL, used_by TEXT
);
CREATE TABLE IF NOT EXISTS trade (
    wallet TEXT NOT NULL, number TEXT NOT NULL, state TEXT NOT NULL, customer INTEGER NOT NULL,
    amount INTEGER NOT NULL, given_back INTEGER NOT NULL DEFAULT 0, provider_number TEXT NOT NULL,
    made_ms INTEGER NOT NULL, enters_ms INTEGER, PRIMARY KEY (wallet, number)
);
CREATE TABLE IF NOT EXISTS refund (
    wallet TEXT NOT NULL, number TEXT NOT NULL, trade TEXT NOT NULL, amount INTEGER NOT NULL,
    provider_number TEXT NOT NULL, PRIMARY KEY (wallet, number)
);
CREATE TABLE IF NOT EXISTS move (
    id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, wallet TEXT NOT NULL, number TEXT NOT NULL, kind TEXT NOT NULL,
    refund TEXT, amount INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS move_number ON move (wallet, number);
CREATE TABLE IF NOT EXISTS asked (what TEXT PRIMARY KEY, times INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS late (
    id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, wallet TEXT NOT NULL, number TEXT NOT NULL, code TEXT NOT NULL,
    amount INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """A trade as it stands: "entering", "paid", "failed", "closed" or "reversed"."""

    number: str
    state: str
    amount: int
    given_back: int
    provider_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """A refund; `is_new` says whether money moved by this very call."""

    number: str
    trade: Trade
    amount: int
    provider_number: str
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A charge as a shop asks for it; `off_by` fen are taken beside what was asked, by a fault of the wallet's."""

    wallet: str
    number: str
    code: str
    amount: int
    off_by: int = 0


class Refusal(Exception):  # noqa: N818 - what a wallet says, no fault of its own
    """Nothing moved; `reason` is the simulator's own word for it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Bank:
    """The wallets' books; one caller at a time."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # -- Customers ---------------------------------------------------------------------------------------

    def add_customer(self, wallet: str, balance: int, password_over: int, enters_after_ms: int | None) -> int:
        """Add a customer; over `password_over` she is asked for her password, which takes her so long, or for ever."""
        return self._one(
            "INSERT INTO customer (wallet, balance, password_over, enters_after_ms) VALUES (?, ?, ?, ?)"
            " RETURNING id",
            (wallet, balance, password_over, enters_after_ms),
        )

    def customer_of(self, wallet: str) -> int | None:
        """Return the first customer of a wallet."""
        row = self._db.execute("SELECT min(id) FROM customer WHERE wallet = ?", (wallet,)).fetchone()
        return int(row[0]) if row[0] is not None else None

    def balance(self, customer: int) -> int:
        """Return what a customer has."""
        return self._one("SELECT balance FROM customer WHERE id = ?", (customer,))

    def show_code(self, code: str, wallet: str, customer: int, now_ms: int) -> None:
        """A customer shows a new code."""
        self._db.execute("INSERT INTO code VALUES (?, ?, ?, ?, NULL)", (code, wallet, customer, now_ms))

    def decide(self, wallet: str, number: str, now_ms: int, *, enters: bool) -> None:
        """The customer enters her password now, or closes the window that asks for it."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            trade = self._trade(wallet, number, now_ms)
            if trade is not None and trade.state == "entering":
                if enters:
                    self._take(wallet, number, now_ms)
                else:
                    self._set(wallet, number, "failed")

    # -- What a shop asks --------------------------------------------------------------------------------

    def charge(self, wish: Wish, now_ms: int) -> Trade:
        """Charge; return the trade, paid or waiting for the password; raise Refusal."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            known = self._trade(wish.wallet, wish.number, now_ms)
            if known is not None:
                raise Refusal({"paid": "order_paid", "reversed": "reversed"}.get(known.state, "order_used"))
            customer = self._use_code(wish, now_ms)
            balance, over, after = self._db.execute(
                "SELECT balance, password_over, enters_after_ms FROM customer WHERE id = ?", (customer,)
            ).fetchone()
            amount = wish.amount + wish.off_by
            if amount > MOST:
                raise Refusal("limit")
            waits = amount > over
            state = "entering" if waits else "paid" if balance >= amount else "failed"
            enters_ms = now_ms + after if waits and after is not None else None
            self._add(wish, state, amount, (customer, now_ms, enters_ms))
            if state == "paid":
                self._move((wish.wallet, wish.number), "charge", None, amount, now_ms)
            trade = self._get(wish.wallet, wish.number)
        if state == "failed":
            raise Refusal("not_enough")
        assert trade is not None
        return trade

    def query(self, wallet: str, number: str, now_ms: int) -> Trade | None:
        """Return a trade as it stands now; None for a number that never came."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            return self._trade(wallet, number, now_ms)

    def reverse(self, wallet: str, number: str, now_ms: int) -> Trade | None:
        """Make a trade void; return it. None when there was none: one that comes later is taken."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            trade = self._trade(wallet, number, now_ms)
            if trade is None:
                return None
            if trade.state == "paid":
                left = trade.amount - trade.given_back
                if left:
                    self._move((wallet, number), "reversal", None, -left, now_ms)
                self._set(wallet, number, "reversed")
            elif trade.state in ("entering", "failed"):
                self._set(wallet, number, "reversed" if trade.state == "entering" else "closed")
            return self._get(wallet, number)

    def refund(self, wallet: str, number: str, refund_number: str, amount: int, now_ms: int) -> GivenBack:
        """Give back part of a paid trade, once for one refund number; raise Refusal."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            trade = self._trade(wallet, number, now_ms)
            if trade is None or trade.state not in ("paid", "reversed"):
                raise Refusal("no_trade")
            known = self._refund(wallet, refund_number, trade)
            if known is not None:
                if known.amount != amount:
                    raise Refusal("refund_used")
                return known
            if trade.state == "reversed" or amount > trade.amount - trade.given_back or amount <= 0:
                raise Refusal("refund_too_much")
            row = (wallet, refund_number, number, amount, self._next_number("50"))
            self._db.execute("INSERT INTO refund VALUES (?, ?, ?, ?, ?)", row)
            self._move((wallet, number), "refund", refund_number, -amount, now_ms)
            self._db.execute(
                "UPDATE trade SET given_back = given_back + ? WHERE wallet = ? AND number = ?",
                (amount, wallet, number),
            )
            after = self._get(wallet, number)
            assert after is not None
            made = self._refund(wallet, refund_number, after, is_new=True)
            assert made is not None
            return made

    def query_refund(self, wallet: str, refund_number: str) -> GivenBack | None:
        """Return a refund, None for a number that never came."""
        row = self._db.execute(
            "SELECT trade FROM refund WHERE wallet = ? AND number = ?", (wallet, refund_number)
        ).fetchone()
        trade = self._get(wallet, row[0]) if row else None
        return self._refund(wallet, refund_number, trade) if trade is not None else None

    # -- Requests that come late, and how often something was asked --------------------------------------

    def set_aside(self, wish: Wish, at_ms: int) -> None:
        """Keep a charge that is still on its way; it arrives at `at_ms`."""
        row = (at_ms, wish.wallet, wish.number, wish.code, wish.amount)
        self._db.execute("INSERT INTO late (at_ms, wallet, number, code, amount) VALUES (?, ?, ?, ?, ?)", row)

    def let_arrive(self, now_ms: int) -> None:
        """Let every charge arrive that is due; nobody hears what becomes of it."""
        while True:
            row = self._db.execute(
                "SELECT id, at_ms, wallet, number, code, amount FROM late WHERE at_ms <= ? ORDER BY at_ms, id",
                (now_ms,),
            ).fetchone()
            if row is None:
                return
            self._db.execute("DELETE FROM late WHERE id = ?", (row[0],))
            try:
                self.charge(Wish(wallet=row[2], number=row[3], code=row[4], amount=row[5]), row[1])
            except Refusal:
                continue

    def count(self, what: str) -> int:
        """Count that something is asked; return how often it was before."""
        return (
            self._one(
                "INSERT INTO asked VALUES (?, 1) ON CONFLICT (what) DO UPDATE SET times = times + 1"
                " RETURNING times",
                (what,),
            )
            - 1
        )

    def fact(self, name: str, default: int) -> int:
        """Return a number that is kept."""
        row = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return int(row[0]) if row else default

    def keep(self, name: str, value: int) -> None:
        """Keep a number."""
        self._db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))

    # -- The statement -----------------------------------------------------------------------------------

    def statement(self, wallet: str | None = None, after: int = 0) -> list[dict[str, object]]:
        """Return what moved after an entry, oldest first: charges are positive, what went back is negative."""
        rows = self._db.execute(
            "SELECT id, at_ms, wallet, number, kind, refund, amount FROM move"
            " WHERE id > ? AND (? IS NULL OR wallet = ?) ORDER BY id",
            (after, wallet, wallet),
        )
        names = ("id", "at_ms", "wallet", "number", "kind", "refund", "amount")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def waiting(self, now_ms: int) -> list[tuple[str, str, int]]:
        """Return wallet, number and amount of the trades that wait for a password."""
        open_ = self._db.execute("SELECT wallet, number FROM trade WHERE state = 'entering'").fetchall()
        trades = [(wallet, self.query(wallet, number, now_ms)) for wallet, number in open_]
        return [
            (wallet, t.number, t.amount) for wallet, t in trades if t is not None and t.state == "entering"
        ]

    # -- Inside a transaction ----------------------------------------------------------------------------

    def _trade(self, wallet: str, number: str, now_ms: int) -> Trade | None:
        """Return a trade after all that time did to it."""
        trade = self._get(wallet, number)
        if trade is None or trade.state != "entering":
            return trade
        made_ms, enters_ms = self._db.execute(
            "SELECT made_ms, enters_ms FROM trade WHERE wallet = ? AND number = ?", (wallet, number)
        ).fetchone()
        ends_ms = made_ms + WAITS_MS[wallet]
        if enters_ms is not None and enters_ms <= min(now_ms, ends_ms):
            self._take(wallet, number, enters_ms)
        elif ends_ms <= now_ms:
            self._set(wallet, number, "failed")
        return self._get(wallet, number)

    def _get(self, wallet: str, number: str) -> Trade | None:
        row = self._db.execute(
            "SELECT state, amount, given_back, provider_number FROM trade WHERE wallet = ? AND number = ?",
            (wallet, number),
        ).fetchone()
        if row is None:
            return None
        state, amount, given_back, provider_number = row
        return Trade(
            number=number,
            state=state,
            amount=amount,
            given_back=given_back,
            provider_number=provider_number,
        )

    def _use_code(self, wish: Wish, now_ms: int) -> int:
        row = self._db.execute(
            "SELECT wallet, customer, made_ms, used_by FROM code WHERE code = ?", (wish.code,)
        ).fetchone()
        if row is None or row[0] != wish.wallet:
            raise Refusal("code_foreign")
        if row[3] is not None:
            raise Refusal("code_used")
        if now_ms - row[2] > CODE_LIVES_MS:
            raise Refusal("code_expired")
        self._db.execute("UPDATE code SET used_by = ? WHERE code = ?", (wish.number, wish.code))
        return int(row[1])

    def _add(self, wish: Wish, state: str, amount: int, when: tuple[int, int, int | None]) -> None:
        customer, made_ms, enters_ms = when
        prefix = "42" if wish.wallet == "wechat_pay" else "20"
        self._db.execute(
            "INSERT INTO trade (wallet, number, state, customer, amount, provider_number, made_ms,"
            " enters_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                wish.wallet,
                wish.number,
                state,
                customer,
                amount,
                self._next_number(prefix),
                made_ms,
                enters_ms,
            ),
        )

    def _take(self, wallet: str, number: str, at_ms: int) -> None:
        """The password was entered: take the money if it is there."""
        customer, amount = self._db.execute(
            "SELECT customer, amount FROM trade WHERE wallet = ? AND number = ?", (wallet, number)
        ).fetchone()
        if self.balance(customer) < amount:
            self._set(wallet, number, "failed")
            return
        self._set(wallet, number, "paid")
        self._move((wallet, number), "charge", None, amount, at_ms)

    def _move(self, trade: tuple[str, str], kind: str, refund: str | None, amount: int, at_ms: int) -> None:
        """Write an entry of the statement for a trade (wallet, number), and take it from the customer."""
        self._db.execute(
            "INSERT INTO move (at_ms, wallet, number, kind, refund, amount) VALUES (?, ?, ?, ?, ?, ?)",
            (at_ms, *trade, kind, refund, amount),
        )
        self._db.execute(
            "UPDATE customer SET balance = balance - ? WHERE id ="
            " (SELECT customer FROM trade WHERE wallet = ? AND number = ?)",
            (amount, *trade),
        )

    def _set(self, wallet: str, number: str, state: str) -> None:
        self._db.execute(
            "UPDATE trade SET state = ? WHERE wallet = ? AND number = ?", (state, wallet, number)
        )

    def _refund(
        self, wallet: str, refund_number: str, trade: Trade, *, is_new: bool = False
    ) -> GivenBack | None:
        row = self._db.execute(
            "SELECT trade, amount, provider_number FROM refund WHERE wallet = ? AND number = ?",
            (wallet, refund_number),
        ).fetchone()
        if row is None:
            return None
        if row[0] != trade.number:
            raise Refusal("refund_used")
        return GivenBack(
            number=refund_number, trade=trade, amount=row[1], provider_number=row[2], is_new=is_new
        )

    def _next_number(self, prefix: str) -> str:
        return f"{prefix}{self.count('number') + 1:026d}"

    def _one(self, statement: str, values: tuple[object, ...]) -> int:
        return int(self._db.execute(statement, values).fetchone()[0])
