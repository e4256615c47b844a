"""Facts are chained in order, and the books' own clock never runs back."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.facts.envelope import GENESIS, Envelope, chain, decode, encode
from pos_app.domain.facts.shop import SignedOut
from pos_app.domain.values.hlc import Hlc, wall_ms
from pos_app.domain.values.ids import StaffId, TillId
from pos_app.services.ports.journal import Head
from pos_app.services.ports.store import Tx
from pos_app.services.recording import Recorder
from tests.support.fixed_clock import HandClock, SharedIds

TILL, SOMEBODY = TillId(UUID(int=1)), StaffId(UUID(int=2))


@dataclass
class Memory:
    """A journal in memory, and the transaction around it."""

    at: Head = field(default_factory=lambda: Head(1, 0, GENESIS, Hlc(0)))
    facts: list[tuple[Envelope, bytes, bytes]] = field(default_factory=list)

    @property
    def journal(self) -> "Memory":
        """Itself."""
        return self

    def head(self) -> Head:
        """Return the end."""
        return self.at

    def append(self, envelope: Envelope, body: bytes, digest: bytes) -> None:
        """Add a fact."""
        self.facts.append((envelope, body, digest))
        self.at = Head(envelope.epoch, envelope.seq, digest, envelope.hlc)


def recorded(steps: list[int]) -> Memory:
    """Record a fact after each step of the clock, in milliseconds, which may go back."""
    memory, clock = Memory(), HandClock()
    recorder = Recorder(TILL, clock, SharedIds())
    for step in steps:
        clock.forward(timedelta(milliseconds=step))
        head = recorder.record(cast(Tx, memory), SignedOut(staff=SOMEBODY), SOMEBODY)
        assert head == memory.at
    return memory


@given(st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=20))
def test_whatever_the_computers_clock_does_the_facts_stay_in_order(steps: list[int]) -> None:
    memory = recorded(steps)
    previous, last = GENESIS, Hlc(-1)
    for seq, (envelope, body, digest) in enumerate(memory.facts, 1):
        assert (envelope.epoch, envelope.seq, envelope.till) == (1, seq, TILL)
        assert digest == chain(previous, body) and body == encode(envelope) and decode(body) == envelope
        assert envelope.hlc > last
        assert wall_ms(envelope.hlc) >= int(envelope.at.timestamp() * 1000)
        previous, last = digest, envelope.hlc


def test_the_time_of_a_fact_is_the_computers_and_its_place_is_the_books() -> None:
    memory = recorded([0, -365 * 86_400_000])
    (first, *_), (second, *_) = memory.facts
    assert second.at < first.at and second.hlc == first.hlc + 1
