"""`shuke sync`: exchange what waits with the platform once, or say how sync stands; also while the till is closed.

Decides the words. What is exchanged is `sync.client`'s, as it is when the till is open.
"""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pos_app.domain.errors import FolderInUseError
from ui.cli.speech import note, say, show, speak_like, time_text

if TYPE_CHECKING:
    from pos_app.services.ports.syncing import SyncStatus
    from sync.client.till import TillSync


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take --once or --status."""
    from pos_app.words import translate

    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--once", action="store_true", help=translate("cli.sync.once_help"))
    what.add_argument("--status", action="store_true", help=translate("cli.sync.status_help"))


def run(chosen: argparse.Namespace) -> int:
    """Do it; 1 when something stands in the way, or this till belongs to no platform."""
    from pos_app.hardware.folder_lock import folder_lock
    from ui.cli.speech import complain
    from ui.main import home, open_shop, tools_of
    from ui.main_sync import sync_of

    place = home()
    tools = tools_of(place)
    shop = open_shop(place, tools)
    try:
        speak_like(shop.current.value)
        sync = sync_of(place, shop, tools, on_bug=lambda problem: complain(problem) and None)
        if chosen.once and sync.board.refresh().address:
            try:
                with folder_lock(place.sync_lock):
                    _exchange(sync)
            except FolderInUseError:
                note("cli.sync.running")
                return 1
        return _tell(sync.board.refresh())
    finally:
        shop.store.close()


def _exchange(sync: "TillSync") -> None:
    """Take turns until nothing waits here nor there, or something stands in the way."""
    from contextlib import closing

    from pos_app.words import format_count

    before = sync.board.status().unsent
    with closing(sync.connect()) as line, closing(sync.turns(line)) as turns:
        while turns.turn().seconds == 0:
            pass
    sent = max(before - sync.board.refresh().unsent, 0)
    say("cli.sync.exchanged", sent=format_count(sent), taken=format_count(turns.taken_in))


def _tell(status: "SyncStatus") -> int:
    """Say how it stands, and return the exit status."""
    from pos_app.domain.values.money import currency
    from pos_app.services.ports.syncing import PlatformUnavailableError, SyncLight
    from pos_app.words import format_count
    from ui.shell.wording import words_of
    from ui.sync.telling import drift_words

    if status.light is SyncLight.ALONE:
        say("cli.sync.alone")
        return 1
    say("cli.sync.address", address=status.address)
    if status.oldest_ms is None:
        say("cli.sync.nothing_waits")
    else:
        say("cli.sync.waiting", count=format_count(status.unsent), since=_time(status.oldest_ms))
    if status.answered_at_ms:
        say("cli.sync.answered", at=_time(status.answered_at_ms))
        show(drift_words(status.drift_ms))
    else:
        say("cli.sync.never_answered")
    say("cli.sync.desk", count=format_count(status.open_items))
    if status.is_restored:
        say("sync.trouble.restored.what")
        say("sync.trouble.restored.do")
    if status.trouble:
        show(words_of(PlatformUnavailableError(number=status.trouble), currency("CNY")))
    return 1 if status.trouble or status.is_restored else 0


def _time(ms: int) -> str:
    return time_text(datetime.fromtimestamp(ms / 1000, UTC))
