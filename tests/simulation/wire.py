"""The way between a till and the platform: the protocol's bytes, which get lost, come twice, late, or in another order.

A till that gets no answer knows nothing of what became of its request; it may arrive later all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sync.protocol.codec import decode, encode
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Answer, Ask, Hello, HelloReply, Pull, PullReply, Push, PushReply
from tests.simulation.chance import Chance, Crashed
from tests.simulation.hub import Hub
from tests.simulation.promises import need

T = TypeVar("T")
MEANWHILE = 0.3
"""In how many pulls somebody works at a till between the question and its answer."""
_ASKED = {"push": Push, "pull": Pull, "hello": Hello, "ask": Ask}
_ANSWERED: dict[str, type] = {"push": PushReply, "pull": PullReply, "hello": HelloReply, "ask": Answer}


@dataclass
class Late:
    """A request that is still under way."""

    token: str
    what: str
    body: bytes
    number: int


@dataclass
class Net:
    """All that is between tills and the platform."""

    hub: Hub
    chance: Chance
    late: list[Late] = field(default_factory=list)
    sent: int = 0
    arrived: dict[str, int] = field(default_factory=dict)
    meanwhile: Callable[[], None] = lambda: None
    """What people do while an answer is on its way."""

    def deliver(self, token: str, what: str, body: bytes, number: int) -> bytes:
        """Let a request arrive; return the answer's bytes. Raises PlatformError UNREACHABLE when the platform died."""
        hub = self.hub
        self.chance.counts["reorder"] += number < self.arrived.get(token, 0)
        self.arrived[token] = max(number, self.arrived.get(token, 0))
        try:
            asked: Any = decode(body, _ASKED[what])
            asker = hub.service.asker(token)
            answer = encode(getattr(hub.service, what)(asker, asked))
        except Crashed:
            self.chance.counts["platform_crash"] += 1
            hub.start_again()
            raise PlatformError(Number.UNREACHABLE) from None
        if what == "push":
            hub.note_acknowledged(asker.till.bytes)
            ack = decode(answer, PushReply).ack
            held = (asker.till.bytes, ack.epoch, ack.seq, ack.hash) in hub.acknowledged
            need(held or ack.seq == 0, "I5 a fact was acknowledged that the platform does not hold")
        return answer

    def deliver_late(self, share: float) -> None:
        """Let some of what is under way arrive, in any order; nobody waits for the answers any more."""
        here, self.late = self.late, []
        self.chance.random.shuffle(here)
        for each in here:
            if not self.chance.happens(share):
                self.late.append(each)
                continue
            try:
                self.deliver(each.token, each.what, each.body, each.number)
            except PlatformError:
                continue


class SimWire:
    """One till's connection, as a `Platform`."""

    def __init__(self, net: Net, token: str) -> None:
        self.net, self.token = net, token
        self.is_online, self.was_stale = True, False
        self._before: dict[str, bytes] = {}

    def push(self, push: Push) -> PushReply:
        """Send facts."""
        return self._ask("push", push, PushReply)

    def pull(self, pull: Pull) -> PullReply:
        """Ask for documents."""
        return self._ask("pull", pull, PullReply)

    def hello(self, hello: Hello) -> HelloReply:
        """Say hello."""
        return self._ask("hello", hello, HelloReply)

    def ask(self, ask: Ask) -> Answer:
        """Ask a question."""
        return self._ask("ask", ask, Answer)

    def close(self) -> None:
        """There is nothing to close."""

    def _ask(self, what: str, asked: Any, _answer: type[T]) -> T:
        net, chance, body = self.net, self.net.chance, encode(asked)
        net.sent += 1
        lost = PlatformError(Number.UNREACHABLE)
        if not self.is_online or chance.strikes("drop_request"):
            raise lost
        if chance.strikes("delay"):
            net.late.append(Late(self.token, what, body, net.sent))
            raise lost
        if chance.strikes("duplicate"):
            net.late.append(Late(self.token, what, body, net.sent))
        answer = net.deliver(self.token, what, body, net.sent)
        if chance.strikes("drop_reply"):
            raise lost
        if what == "pull" and not chance.calm and chance.happens(MEANWHILE):
            net.meanwhile()
        told, self._before[what] = self._before.get(what), answer
        if told is not None and what in ("push", "pull") and chance.strikes("stale_reply"):
            answer, self.was_stale = told, True
        return decode(answer, _ANSWERED[what])  # type: ignore[no-any-return]
