"""Practice (练习模式): a copy of the shop in which everything may be tried, and nothing counts.

Decides what a copy must lose before anybody works in it: it is tied to no platform, nothing of the shop's waits in it
to be printed, sent or paid, and its settings say that it is practice, which every paper and the window then say too.
Source: PRODUCT.md A12.
"""

import shutil
from pathlib import Path

import msgspec

from pos_app.domain.errors import ExpectedError, NotFoundError
from pos_app.domain.settings import Settings
from pos_app.services.ports.store import Store


class NotInPracticeError(ExpectedError):
    """What leaves the till for good is not done in practice: the fact of it would go with the copy."""

    code = "staff.error.not_in_practice"


def check_not_practice(settings: Settings) -> None:
    """Raise NotInPracticeError in practice."""
    if settings.practice:
        raise NotInPracticeError()


def make_practice(real: Store, folder: Path, database: Path) -> None:
    """Copy the shop's database, in use or not, to `database` in an emptied `folder`.

    Raises StorageFullError and its kin; the shop's own data is only read. The copy is not fit for work before
    `make_harmless`.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    real.copy_to(database)


def make_harmless(copy: Store) -> None:
    """Cut a copy off from everything outside; raise NotFoundError when it is no shop."""
    with copy.write() as tx:
        settings = tx.settings.load()
        if settings is None:
            raise NotFoundError(what="settings")
        tx.settings.save(msgspec.structs.replace(settings, practice=True, platform_address=""))
        tx.links.remove()
        cart = tx.carts.open_cart()
        if cart is not None:
            # A wallet may have been asked for it, whose answer never comes here.
            tx.carts.drop(cart.cart_id)
        tx.print_jobs.cancel_all()
        tx.mail_jobs.cancel_all()


def forget_practice(folder: Path) -> None:
    """Remove a copy that nobody works in: members stand in it, who may be erased in the shop tomorrow."""
    shutil.rmtree(folder, ignore_errors=True)
