"""`shuke restore FILE`: bring the books back from a backup, never over newer sales by mistake."""

import argparse
from pathlib import Path

from ui.cli.import_alone import no_other_import
from ui.cli.speech import say, speak_like, speak_like_the_shop, time_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file, and --force to give newer sales up."""
    from pos_app.words import translate

    parser.add_argument("file", metavar="FILE", type=Path, help=translate("cli.help.restore_file"))
    parser.add_argument("--force", action="store_true", help=translate("cli.help.restore_force"))


def run(chosen: argparse.Namespace) -> int:
    """Restore a backup into the data folder, which no till may have open and no import may write to meanwhile."""
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
    speak_like_the_shop(place.database)

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
    # An import has the database open: it would go on writing into the file that is put aside.
    with folder_lock(place.lock), no_other_import(place.folder):
        done = restore(tools, chosen.file, force=chosen.force)
    made = time_text(done.info.made_at)
    say("cli.notice.restored", shop=done.info.shop_name, sales=format_count(done.info.sales), at=made)
    if done.kept is not None:
        say("cli.notice.kept", path=done.kept, days=KEPT_FOR.days)
    return 0
