"""A real till in a process of its own that sells by itself until it is killed.

    python -m tests.support.driven_till FOLDER --seed 7 [--place sale:journal --hit 2] [--steps 40]

sells on the shop in FOLDER and tells what it does, one JSON line each, on stdout. ``--serve N`` makes it a server
instead: it loads everything once, takes requests with a descriptor for the telling on the socket with file number N,
and forks one till for each. Decides what a cashier does; what must hold is `tests.e2e.kill`. Lanes, store, services,
window, print queue and signing are the real ones, PIN hashing the quick one of tests.
"""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import argparse
import json
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NoReturn, Protocol

import msgspec

from tests.support.kill_points import KillPlan, Watch, die, install

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication

Ready = Callable[[], bool]
Script = Iterator[Ready]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What one life of the till is to do: `basket` is the number of the next basket, `baskets` how many to sell."""

    folder: str
    seed: int
    basket: int = 1
    baskets: int = 1
    errand: str = ""
    """Between two baskets: "member", "shift", "backup"."""
    waits_for_paper: bool = True
    variant: str = ""
    place: str = ""
    hit: int = 1
    steps: int = 0
    delay_s: float = 0.0

    @property
    def plan(self) -> KillPlan:
        """When this life ends."""
        return KillPlan(self.place, self.hit, self.steps, self.delay_s)


def words_of(request: Request) -> list[str]:
    """Return a request as the words of the command line."""
    asked = msgspec.structs.asdict(request)
    return [
        str(asked.pop("folder")),
        *(f"--{name.replace('_', '-')}={value}" for name, value in asked.items()),
    ]


class Hands(Protocol):
    """A cashier at the till; scripts are walked on the GUI thread."""

    def come_up(self) -> Script:
        """Sign in, open the shift if none is, take up the open cart, and tell what stands on the counter."""
        ...

    def open_basket(self) -> int | None:
        """Return the number of the basket on the counter, None when it is empty."""
        ...

    def sell(self, basket: int, lines: list[tuple[str, int]]) -> Script:
        """Ring what is not on the counter yet, take cash, and tell the answer."""
        ...

    def errand(self, errand: str, basket: int) -> Script:
        """Do something else than selling, and tell the answer."""
        ...

    def all_printed(self) -> bool:
        """Whether the print queue is empty and nothing is being printed."""
        ...

    def close(self) -> None:
        """Close the till as one does in the evening."""
        ...


def basket_of(seed: int, number: int) -> list[tuple[str, int]]:
    """Return what the customer of a basket buys, as (code to scan, quantity), each code once.

    The first line tells the basket: so many sweets as its number, so that its sale is known in any books.
    """
    from tests.support.shop_on_disk import CANDY, FORMULA, FORMULA_CASE, NECKLACE, RING

    chance = Random(f"{seed}/{number}")
    more = chance.sample([NECKLACE, FORMULA, FORMULA_CASE], chance.randint(0, 3))
    lines = [(CANDY, number), *((code, chance.randint(1, 5)) for code in more)]
    return [*lines, (RING, 1)] if number == 3 else lines


def phone_of(basket: int) -> str:
    """Return the phone of the customer who signs up after a basket."""
    return f"1380013{basket:04d}"


def live(request: Request, told: int) -> None:
    """Run one life of the till in this process; ends by itself when its baskets are sold."""
    from PySide6.QtWidgets import QApplication

    from tests.e2e.kill.hands import open_hands

    def say(said: dict[str, object]) -> None:
        # One write a line, straight to the system: what was said before the kill is heard.
        os.write(told, json.dumps(said, ensure_ascii=False).encode() + b"\n")

    app = QApplication.instance() or QApplication([])
    if request.variant:
        from tests.e2e.kill.variants import VARIANTS

        VARIANTS[request.variant]()
    watch = Watch(request.plan, say)
    install(watch)

    def tell(said: dict[str, object]) -> None:
        say(said)
        if "answered" in said:
            watch.step("sale:answered")

    hands = open_hands(Path(request.folder), request.seed, tell)
    _walk(app, _script(request, hands), say)
    if request.place or request.steps:
        # A COMMIT that was never caught in the act: the till dies all the same, at rest.
        die()
    hands.close()
    say({"ended": True})


def _walk(app: "QCoreApplication", script: Script, say: Callable[[dict[str, object]], None]) -> None:
    """Walk through a script on the event loop, a step as soon as what it waits for is there."""
    from PySide6.QtCore import QTimer

    waiting: list[Ready] = [lambda: True]

    def step() -> None:
        try:
            while waiting[0]():
                waiting[0] = next(script)
        except StopIteration:
            app.quit()
        except BaseException as problem:
            # A failure in a slot would be printed and the next tick fail again: the till is done for.
            say({"broken": repr(problem)})
            os._exit(1)

    timer = QTimer()
    timer.timeout.connect(step)
    timer.start(1)
    app.exec()
    timer.stop()


def _script(request: Request, hands: Hands) -> Script:
    """What the cashier does, as a walk from one moment of waiting to the next."""
    yield from hands.come_up()
    basket = hands.open_basket() or request.basket
    for sold in range(request.baskets):
        yield from hands.sell(basket, basket_of(request.seed, basket))
        if request.errand and sold == 0:
            yield from hands.errand(request.errand, basket)
        if request.waits_for_paper:
            yield hands.all_printed
        # A cart that was found open may be of an earlier basket than the one that is next.
        basket = max(basket + 1, request.basket)
    yield hands.all_printed


def serve(control: socket.socket) -> None:
    """Fork a till for each request, and say how each ended, until the socket is closed.

    A request with a descriptor is answered with the till's process id, an empty question ("?") with the exit code of
    the last till: negative for a signal.
    """
    from tests.e2e.kill.hands import warm_up

    warm_up()
    child = 0
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 1)
        if not message:
            return
        if message == b"?":
            control.sendall(b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            continue
        child = os.fork()
        if child == 0:
            control.close()
            _live_and_exit(msgspec.json.decode(message, type=Request), descriptors[0])
        os.close(descriptors[0])
        control.sendall(b"%d\n" % child)


def _live_and_exit(request: Request, told: int) -> NoReturn:
    """Live in a forked process, which must not fall back into the server's loop whatever happens."""
    try:
        live(request, told)
        os._exit(0)
    except BaseException as problem:
        os.write(told, json.dumps({"broken": repr(problem)}).encode() + b"\n")
        os._exit(1)


def _truth(word: str) -> bool:
    return word == "True"


def main(arguments: list[str] | None = None) -> int:
    """Run one life, or serve; return an exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", default="")
    parser.add_argument("--serve", type=int)
    for field in msgspec.structs.fields(Request):
        if field.name != "folder":
            kind = _truth if field.type is bool else field.type
            parser.add_argument(f"--{field.name.replace('_', '-')}", type=kind, default=field.default)
    asked = vars(parser.parse_args(arguments))
    serving = asked.pop("serve")
    if serving is not None:
        serve(socket.socket(fileno=serving))
    else:
        if asked["seed"] is msgspec.NODEFAULT:
            parser.error("--seed is missing")
        live(Request(**asked), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
