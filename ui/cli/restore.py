"""`shuke restore FILE`: bring the books back from a backup, never over newer sales by mistake."""

import argparse
from pathlib import Path

from ui.cli.speech import say, speak_like, time_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file, and --force to give newer sales up."""
    from pos_app.words import translate

    parser.add_argument("file", metavar="FILE", type=Path, help=translate("cli.help.restore_file"))
    parser.add_argument("--force", action="store_true", help=translate("cli.help.restore_force"))


def run(chosen: argparse.Namespace) -> int:
    """Restore a backup into the data folder, which no till may have open meanwhile."""
    from pos_app.hardware.clock import SystemClock, SystemIds
    from pos_app.hardware.folder_lock import folder_lock
    from pos_app.persistence.backups import ZipBackups
    from pos_app.persistence.database import open_store
    from pos_app.services.backups import RestoreTools, restore
    from pos_app.services.member_traces import KEPT_FOR
    from pos_app.services.ports.store import Store
    from pos_app.words import format_count
    from ui.main import home

    place = home()

    def open_present() -> Store | None:
        if not place.database.exists():
            return None
        store = open_store(place.database)
        with store.read() as tx:
            settings = tx.settings.load()
        if settings is not None:
            speak_like(settings)
        return store

    tools = RestoreTools(
        files=ZipBackups(),
        open_store=open_store,
        open_present=open_present,
        clock=SystemClock(),
        ids=SystemIds(),
        database=place.database,
    )
    with folder_lock(place.lock):
        done = restore(tools, chosen.file, force=chosen.force)
    made = time_text(done.info.made_at)
    say("cli.notice.restored", shop=done.info.shop_name, sales=format_count(done.info.sales), at=made)
    if done.kept is not None:
        say("cli.notice.kept", path=done.kept, days=KEPT_FOR.days)
    return 0
