"""Composition of practice: a copy of the shop in a folder of its own, a till on it, and nothing left when it ends.

Decides where the copy stands and which adapters it is given: its own key in a file, no platform, no wallets.
"""

from contextlib import closing

import msgspec
from PySide6.QtWidgets import QApplication

from pos_app.domain.errors import ExpectedError, FolderInUseError
from pos_app.hardware.folder_lock import folder_lock
from pos_app.persistence.database import open_store
from pos_app.persistence.secrets import TillSigner
from pos_app.services.founding import FoundingTools
from pos_app.services.practice import forget_practice, make_harmless, make_practice
from pos_app.words import set_language, translate
from ui.main import Home, NotFoundedError, home, run_window, tools_of
from ui.practice_beside import FOLDER, LOCK


class PracticeOpenError(ExpectedError):
    """Somebody practises already, in another window of this computer."""

    code = "staff.error.practice_open"


def practice_home(real: Home) -> Home:
    """Return where the copy of a shop stands; its key is made there and goes with it."""
    folder = real.folder / FOLDER
    return Home(folder, folder / "keys")


def run_practice() -> int:
    """Copy the shop, open a till on the copy until it is closed, and remove the copy; return the exit code.

    Raises NotFoundedError without a shop, PracticeOpenError, StorageFullError and its kin.
    """
    real = home()
    if not real.database.exists():
        raise NotFoundedError(folder=str(real.folder))
    place = practice_home(real)
    try:
        with folder_lock(real.folder / LOCK):
            try:
                return _practise(real, place)
            finally:
                forget_practice(place.folder)
    except FolderInUseError:
        raise PracticeOpenError from None


def _practise(real: Home, place: Home) -> int:
    from ui.preparing import Preparing

    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(["shuke"])
    with closing(open_store(real.database)) as store, store.read() as tx:
        settings = tx.settings.load()
    if settings is None:
        raise NotFoundedError(folder=str(real.folder))
    set_language(settings.language)
    words = translate("staff.practice.preparing")
    if not Preparing(words, lambda: prepare(real, place)).run(app, settings.theme):
        return 0
    return run_window(place, practice_tools(place), stands_alone=True)


def prepare(real: Home, place: Home) -> None:
    """Copy the shop and cut the copy off from everything outside; what it may wait for is on a lane."""
    with closing(open_store(real.database)) as store:
        make_practice(store, place.folder, place.database)
    with closing(open_store(place.database)) as copy:
        make_harmless(copy)


def practice_tools(place: Home) -> FoundingTools:
    """Return the tools of a real till with a key that only this copy has: its signatures are nobody's."""
    return msgspec.structs.replace(tools_of(place), signer=TillSigner(place.keys, use_key_store=False))
