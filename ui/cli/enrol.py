"""`shuke enrol`: make this till one of a platform's; the till must be closed meanwhile, or its own page does it.

With a shop's code an empty folder becomes a new till that joins, as the set-up page does it.
"""

import argparse
from typing import TYPE_CHECKING

from ui.cli.speech import end_progress, note, progress, say, speak_like

if TYPE_CHECKING:
    from pos_app.domain.settings import Settings
    from pos_app.services.founding import FoundingTools
    from ui.main import Home


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the address, the one-time code, and --found or --join."""
    from pos_app.words import translate

    parser.add_argument("address", metavar="ADDRESS", help=translate("cli.enrol.address"))
    parser.add_argument("code", metavar="CODE", help=translate("cli.enrol.code"))
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--found", action="store_true", help=translate("cli.enrol.found"))
    way.add_argument("--join", action="store_true", help=translate("cli.enrol.join"))
    for name in ("shop-code", "till-code", "shop-name"):
        words = translate(f"cli.enrol.{name.replace('-', '_')}")
        parser.add_argument(f"--{name}", metavar=name.upper(), help=words)


def run(chosen: argparse.Namespace) -> int:
    """Enrol; what waits is sent when the till is opened next, or by `shuke sync --once`."""
    from pos_app.hardware.folder_lock import folder_lock
    from pos_app.services.ports.syncing import EnrolWay
    from ui.cli.speech import complain
    from ui.main import home, open_shop, tools_of
    from ui.main_sync import sync_of

    place = home()
    tools = tools_of(place)
    if chosen.shop_code or chosen.till_code or chosen.shop_name:
        return _set_up(chosen, place)
    shop = open_shop(place, tools)
    try:
        speak_like(shop.current.value)
        sync = sync_of(place, shop, tools, on_bug=lambda problem: complain(problem) and None)
        with folder_lock(place.lock):
            address = sync.enrolling.look(chosen.address)
            sync.enrolling.enrol(
                address, chosen.code, EnrolWay.FOUND if chosen.found else EnrolWay.JOIN, begin=False
            )
        say("cli.enrol.done", address=address)
        return 0
    finally:
        shop.store.close()


def _set_up(chosen: argparse.Namespace, place: "Home") -> int:
    """Let an empty folder become a till that joins; one that was cut off goes on."""
    from pos_app.hardware.folder_lock import folder_lock
    from pos_app.services.founding import AlreadyFoundedError
    from ui.main import tools_of
    from ui.main_joining import TillAside, is_till

    if chosen.found or not chosen.shop_code:
        note("cli.enrol.new_only")
        return 2
    tools = tools_of(place)
    with folder_lock(place.lock):
        if is_till(place):
            raise AlreadyFoundedError
        joining = TillAside(place, tools)
        try:
            address = joining.look(chosen.address)
            joining.enrol(_settings(chosen, tools), address, chosen.code)
            while not (arrived := joining.step()).is_ready:
                progress("settings.join.taking_in", done=arrived.done, total=arrived.total)
            end_progress()
            joining.move_in()
        finally:
            joining.rest()
    say("cli.enrol.joined", address=address)
    return 0


def _settings(chosen: argparse.Namespace, tools: "FoundingTools") -> "Settings":
    """Return what a new till is to be; who gives no shop's name gets the one that the platform has."""
    import msgspec

    from pos_app.services.founding import new_settings
    from pos_app.words import language

    return msgspec.structs.replace(
        new_settings(tools.ids, chosen.shop_name or chosen.shop_code),
        shop_code=chosen.shop_code,
        till_code=chosen.till_code or "1",
        language=language(),
    )
