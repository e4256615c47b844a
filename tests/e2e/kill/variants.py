"""Tills with one planted fault each, that the outside client must find: a test that cannot fail proves nothing.

What SIGKILL cannot show: `synchronous=OFF` loses nothing here, since the system still holds what the process wrote;
that is the matter of the power cuts (SYNC.md §10, T5).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from pos_app.domain.sales.cart import Cart
from pos_app.persistence.carts import SqlCarts
from pos_app.persistence.printing import SqlPrintJobs
from pos_app.persistence.store import SqlStore, SqlTx
from pos_app.services.carts import CartService
from pos_app.services.checkout import Checkout


def answers_before_commit() -> None:
    """Answer a sale while its transaction is still open; the next writer commits it."""
    real_commit, real_write = Checkout.commit, SqlStore.write
    selling: list[bool] = []
    late: list[Connection] = []

    @contextmanager
    def write(self: SqlStore) -> Iterator[SqlTx]:
        while late:
            before = late.pop()
            before.commit()
            before.close()
        if not selling:
            with real_write(self) as tx:
                yield tx
            return
        connection = self.engine.connect()
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield SqlTx(connection)
        late.append(connection)

    def commit(self: Checkout, *args: Any, **named: Any) -> Any:
        selling.append(True)
        try:
            return real_commit(self, *args, **named)
        finally:
            selling.clear()

    SqlStore.write = write  # type: ignore[method-assign]
    Checkout.commit = commit  # type: ignore[method-assign]


def jobs_not_marked() -> None:
    """Print without having marked the job as started."""
    SqlPrintJobs.start = lambda self, job_id: None  # type: ignore[method-assign]


def new_cart_on_retry() -> None:
    """Let go of a cart only after the answer, and take it up again under a new id."""
    real_reopen = CartService.reopen
    SqlCarts.drop = lambda self, cart_id: None  # type: ignore[method-assign]

    def reopen(self: CartService) -> Cart:
        import msgspec

        cart = real_reopen(self)
        return msgspec.structs.replace(cart, cart_id=self.new().cart_id)

    CartService.reopen = reopen  # type: ignore[method-assign]


def carts_not_kept() -> None:
    """Say that the open cart was kept, and keep nothing."""
    CartService.keep = lambda self, cart: None  # type: ignore[method-assign]


VARIANTS: dict[str, Callable[[], None]] = {
    "answers_before_commit": answers_before_commit,
    "jobs_not_marked": jobs_not_marked,
    "carts_not_kept": carts_not_kept,
    "new_cart_on_retry": new_cart_on_retry,
}
