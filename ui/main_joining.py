"""The composition root's half for setting up: what the first page works with, and a till that joins, made aside.

Decides where it is made, what is left of an attempt that was cut off (the same till goes on with the next one), and in
which order it moves in, so that a data folder is a till that can be worked, or none.
"""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from pos_app.domain.errors import UnavailableError
from pos_app.domain.settings import Settings
from pos_app.domain.values.ids import TillId
from pos_app.persistence.backups_aside import SIDE_FILES, beside
from pos_app.persistence.database import open_store, settings_in
from pos_app.persistence.secrets import TokenKeeper, uses_key_store
from pos_app.persistence.store import SqlStore
from pos_app.services.founding import FoundingTools, can_be_worked, found_shop, found_to_join, new_settings
from pos_app.services.ports.syncing import EnrolWay
from pos_app.services.shop import Shop, make_shop
from sync.client.enrolling import look, unavailable
from sync.client.filling import FILE, NOTES, Filling
from sync.client.shops import shop_names
from sync.protocol.errors import PlatformError
from ui.main_sync import sync_of
from ui.settings.set_up_form import Arrived, Unfinished

if TYPE_CHECKING:
    from sync.client.lives import Line
    from sync.client.till import TillSync
    from ui.first_run import FirstRunParts
    from ui.main import Home
    from ui.shell.key_clock import KeyClock

ASIDE, WHICH_TILL = "joining", "till"
_OWN = ("shop_name", "language", "theme", "printer", "paper_mm")
"""What may be typed otherwise when an attempt goes on."""


class NobodyYetError(UnavailableError):
    """Nobody of the merchant can sell with this till yet: its people have not come to the platform."""

    code = "settings.error.nobody_yet"


@dataclass(slots=True)
class _Made:
    """The till as it stands aside, while it is open."""

    store: SqlStore
    shop: Shop
    sync: "TillSync"
    line: "Line | None" = None
    filling: Filling | None = None


class TillAside:
    """A till that is made aside and moved in, as a `JoiningTill`; on one lane only."""

    def __init__(self, place: "Home", tools: FoundingTools) -> None:
        self._place, self._tools = place, tools
        self._aside = place.aside(ASIDE)
        self._made: _Made | None = None

    def unfinished(self) -> Unfinished | None:
        """Return the till that was cut off after it had become one of the merchant's."""
        if self._made is not None or settings_in(self._aside.database) is None:
            return None
        made = self._open()
        try:
            with made.store.read() as tx:
                link, settings = tx.links.load(), tx.settings.load()
            return Unfinished(settings, link.address) if link is not None and settings is not None else None
        finally:
            self.rest()

    def look(self, address: str) -> str:
        """Return the address in full if a platform answers there; raises PlatformUnavailableError."""
        from sync.client.http import HttpPlatform

        return look(address, HttpPlatform)

    def enrol(self, settings: Settings, address: str, code: str) -> None:
        """Become one of the merchant's tills; one that was cut off goes on without a code.

        Raises PlatformUnavailableError with the number, InvalidValueError.
        """
        self.rest()
        if self._goes_on(settings, address):
            return
        self._found(settings)
        assert self._made is not None
        try:
            self._made.sync.enrolling.enrol(address, code, EnrolWay.JOIN, begin=False)
        except BaseException:
            self.rest()
            self._remove_books()
            raise

    def step(self) -> Arrived:
        """Take in some of what comes first; raises PlatformUnavailableError, NobodyYetError."""
        made = self._made
        assert made is not None
        try:
            if made.filling is None:
                made.line = made.sync.connect()
                made.filling = made.sync.first_filling(made.line)
            made.filling.step()
        except PlatformError as error:
            raise unavailable(error) from error
        if made.filling.first is None:
            return Arrived(0, 0)
        done, total = made.filling.first
        return Arrived(done, total, is_ready=done >= total and self._can_be_worked(made))

    def move_in(self) -> None:
        """Put the till in its place; what is left to take in is taken in by the till that is opened there."""
        made = self._made
        assert made is not None
        self._adopt_name(made)
        self.rest()
        for name in (NOTES, FILE):
            if (self._aside.folder / name).exists():
                (self._aside.folder / name).replace(self._place.folder / name)
        # The log of another database would be taken for this one's.
        for suffix in SIDE_FILES:
            beside(self._place.database, suffix).unlink(missing_ok=True)
        self._aside.database.replace(self._place.database)
        shutil.rmtree(self._aside.folder, ignore_errors=True)

    def rest(self) -> None:
        """Let go of connection and books."""
        made, self._made = self._made, None
        if made is None:
            return
        if made.line is not None:
            made.line.close()
        made.store.close()

    def give_up(self) -> None:
        """Forget all of it: the folder becomes a shop of its own."""
        self.rest()
        if self._aside.folder.exists():
            TokenKeeper(self._place.keys, use_key_store=uses_key_store()).forget()
            shutil.rmtree(self._aside.folder, ignore_errors=True)
            for name in (NOTES, FILE):
                (self._place.folder / name).unlink(missing_ok=True)

    # -- aside -------------------------------------------------------------------------------------------------

    def _open(self) -> _Made:
        store = open_store(self._aside.database)
        with store.read() as tx:
            settings = tx.settings.load()
        assert settings is not None
        shop = make_shop(store, settings, self._tools)
        self._made = _Made(store, shop, sync_of(self._aside, shop, self._tools, lambda _problem: None))
        return self._made

    def _found(self, settings: Settings) -> None:
        self.rest()
        self._remove_books()
        self._aside.folder.mkdir(parents=True, exist_ok=True)
        settings = msgspec.structs.replace(settings, till_id=self._which_till(settings.till_id))
        store = open_store(self._aside.database)
        try:
            found_to_join(store, settings, self._tools)
        finally:
            store.close()
        self._open()

    def _which_till(self, new: TillId) -> TillId:
        """Return which till this folder is to be, the same at every attempt: the platform knows it by its id.

        An answer that was lost would else leave a till there that has the code of this one.
        """
        note = self._aside.folder / WHICH_TILL
        with suppress(OSError, ValueError):
            return TillId(UUID(hex=note.read_text("ascii").strip()))
        part = note.with_name(WHICH_TILL + ".new")
        part.write_text(new.hex, "ascii")
        part.replace(note)
        return new

    def _remove_books(self) -> None:
        for suffix in ("", *SIDE_FILES):
            beside(self._aside.database, suffix).unlink(missing_ok=True)
        for name in (NOTES, FILE):
            (self._aside.folder / name).unlink(missing_ok=True)

    def _goes_on(self, asked: Settings, address: str) -> bool:
        """Whether the till that was cut off is the one that is asked for; it is open then."""
        if settings_in(self._aside.database) is None:
            return False
        made = self._open()
        with made.store.write() as tx:
            link, here = tx.links.load(), tx.settings.load()
            same = link is not None and here is not None and link.address == address
            same = same and (here.shop_code, here.till_code) == (asked.shop_code, asked.till_code)  # type: ignore[union-attr]
            if same and here is not None:
                own = {name: getattr(asked, name) for name in _OWN}
                tx.settings.save(msgspec.structs.replace(here, **own))
        if not same:
            self.rest()
        return same

    def _can_be_worked(self, made: _Made) -> bool:
        """Whether somebody can sell; raises NobodyYetError: what stood in this snapshot will not help."""
        with made.store.read() as tx:
            if can_be_worked(tx):
                return True
        for name in (NOTES, FILE):
            (self._aside.folder / name).unlink(missing_ok=True)
        raise NobodyYetError

    def _adopt_name(self, made: _Made) -> None:
        """Let a till for which no name was typed have the one that its shop has at the platform."""
        with made.store.write() as tx:
            here = tx.settings.load()
            assert here is not None
        name = shop_names(made.store).get(here.shop_id)
        if here.shop_name == here.shop_code and name:
            with made.store.write() as tx:
                tx.settings.save(msgspec.structs.replace(here, shop_name=name))


def is_till(place: "Home") -> bool:
    """Whether the folder is a till already; raises what `open_store` raises."""
    store = open_store(place.database)
    try:
        with store.read() as tx:
            return tx.settings.load() is not None
    finally:
        store.close()


def first_run_parts(
    place: "Home", tools: FoundingTools, key_clock: "KeyClock | None" = None
) -> "FirstRunParts":
    """Return what the set-up page of an empty folder works with; with a `key_clock` keys come from a program."""
    from pos_app.documents.page import Paper
    from pos_app.hardware.discovery import find_printers
    from pos_app.hardware.opening import open_printer
    from ui.first_run import FirstRunParts

    joining = TillAside(place, tools)

    def found(settings: Settings, owner: tuple[str, str, str]) -> None:
        joining.give_up()
        store = open_store(place.database)
        try:
            found_shop(store, settings, owner, tools)
        finally:
            store.close()

    return FirstRunParts(
        new_settings=partial(new_settings, tools.ids),
        found=found,
        open_printer=lambda settings: open_printer(settings.printer, Paper.of(settings.paper_mm)),
        find_printers=find_printers,
        logs=place.logs,
        clock=tools.clock,
        key_clock=key_clock,
        joining=joining,
    )
