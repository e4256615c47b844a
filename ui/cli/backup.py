"""`shuke backup FILE`: copy the books into one file, also while the till sells."""

import argparse
from datetime import datetime, tzinfo
from pathlib import Path

from ui.cli.speech import say, speak_like, time_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file, or the folder in which a file is named by shop, till and time."""
    from pos_app.words import translate

    parser.add_argument("file", metavar="FILE", type=Path, help=translate("cli.help.backup_file"))


def run(chosen: argparse.Namespace) -> int:
    """Write a backup of the data folder."""
    from pos_app.hardware.clock import SystemClock
    from pos_app.persistence.backups import ZipBackups
    from pos_app.services.backups import make_backup
    from pos_app.words import format_count
    from ui.main import home, open_shop

    shop = open_shop(home())
    try:
        speak_like(shop.current.value)
        clock, settings = SystemClock(), shop.current.value
        target: Path = chosen.file
        if target.is_dir():
            target /= file_name(settings.shop_code, settings.till_code, clock.now(), settings.zone)
        made = make_backup(shop.store, ZipBackups(), clock, target)
    finally:
        shop.store.close()
    say("cli.notice.backed_up", path=target, sales=format_count(made.sales), at=time_text(made.made_at))
    return 0


def file_name(shop_code: str, till_code: str, now: datetime, zone: tzinfo) -> str:
    """Return the name of a backup, which sorts by time: shuke-N01-1-20261122-120000.zip."""
    return f"shuke-{shop_code}-{till_code}-{now.astimezone(zone):%Y%m%d-%H%M%S}.zip"
