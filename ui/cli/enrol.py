"""`shuke enrol`: make this till one of a platform's; the till must be closed meanwhile, or its own page does it."""

import argparse

from ui.cli.speech import say, speak_like


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the address, the one-time code, and --found or --join."""
    from pos_app.words import translate

    parser.add_argument("address", metavar="ADDRESS", help=translate("cli.enrol.address"))
    parser.add_argument("code", metavar="CODE", help=translate("cli.enrol.code"))
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--found", action="store_true", help=translate("cli.enrol.found"))
    way.add_argument("--join", action="store_true", help=translate("cli.enrol.join"))


def run(chosen: argparse.Namespace) -> int:
    """Enrol; what waits is sent when the till is opened next, or by `shuke sync --once`."""
    from pos_app.hardware.folder_lock import folder_lock
    from pos_app.services.ports.syncing import EnrolWay
    from ui.cli.speech import complain
    from ui.main import home, open_shop, tools_of
    from ui.main_sync import sync_of

    place = home()
    tools = tools_of(place)
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
