"""`shuke export KIND FILE`: write goods, pieces, members or opening balances to a table, also while the till sells."""

import argparse
from pathlib import Path

from pos_app.domain.imports.kinds import Kind
from pos_app.services.acting import Actor
from pos_app.services.shop import Shop
from ui.cli import signing_in
from ui.cli.speech import say, speak_like, time_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the kind, the file, and who exports."""
    from pos_app.words import translate

    kinds = [kind.value for kind in Kind]
    parser.add_argument("kind", metavar="KIND", choices=kinds, help=translate("importing.help.export_kind"))
    parser.add_argument("file", metavar="FILE", type=Path, help=translate("importing.help.export_file"))
    signing_in.add_arguments(parser)


def run(chosen: argparse.Namespace) -> int:
    """Write the file, which says who exported it and when."""
    from pos_app.words import format_count
    from ui.main import home, open_shop

    shop = open_shop(home())
    try:
        speak_like(shop.current.value)
        who = signing_in.signed_in(shop, chosen)
        count = shop.exports.write(who, Kind(chosen.kind), chosen.file, watermark(shop, who))
    finally:
        shop.store.close()
    say("importing.notice.exported", count=format_count(count), path=chosen.file)
    say(f"imports.left_out.{chosen.kind}")
    return 0


def watermark(shop: Shop, who: Actor) -> str:
    """Return who exports and when, in the shop's zone."""
    from pos_app.hardware.clock import SystemClock
    from pos_app.words import translate

    return translate("imports.watermark", who=who.name, when=time_text(SystemClock().now()))
