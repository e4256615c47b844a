"""T2: faults planted into the real code, each of which some seed must catch; and the seeds known to do so.

Each fault is one that a system of this kind had (SYNC.md §1, §3): a rule left out, an order turned round, a word
believed. None of them touches the simulation or what it checks.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

import msgspec

from sync.client import engine
from sync.client.applying import MemberApplier
from sync.client.engine import PushEngine
from sync.client.own_facts import OwnFacts
from sync.client.pulling import PullEngine
from sync.client.turns import Turns
from sync.platform import claims, folding, projecting, storing, viewing
from sync.platform import sales as platform_sales
from sync.platform.sales import SalesBook
from sync.platform.service import PlatformService
from sync.protocol.errors import PlatformError
from sync.protocol.messages import FactState, TillState
from tests.simulation.chance import Crashed

Plant = Callable[[ExitStack], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: how it is planted, and a seed that is known to catch it."""

    name: str
    plant: Plant
    seed: int


def _put(stack: ExitStack, owner: Any, name: str, value: Any) -> None:
    stack.enter_context(patch.object(owner, name, value))


# -- on the platform -----------------------------------------------------------------------------------------------


def pushes_are_not_deduplicated(stack: ExitStack) -> None:
    """A fact that comes twice is projected twice."""
    real = storing.receive

    def receive(*asked: Any) -> Any:
        receipt = real(*asked)
        again = (FactState.KNOWN, FactState.PROJECTED)
        facts = tuple(replace(f, state=FactState.PROJECTED) if f.state in again else f for f in receipt.facts)
        return replace(receipt, facts=facts)

    _put(stack, storing, "receive", receive)


def the_last_to_arrive_wins(stack: ExitStack) -> None:
    """Of two words said at once the one that arrives later holds, and the other is gone."""
    _put(stack, folding.Said, "knew", lambda *_asked: True)


def acknowledged_before_it_is_committed(stack: ExitStack) -> None:
    """The answer is made before the transaction ends, and sent although it was rolled back."""
    real = PlatformService.push

    def push(self: PlatformService, asker: Any, asked: Any) -> Any:
        told: list[Any] = []
        store = stack_store

        def noting(*values: Any) -> Any:
            told[:] = [store(*values)]
            return told[0]

        with patch("sync.platform.service.store", noting):
            try:
                return real(self, asker, asked)
            except Crashed:
                if not told:
                    raise
                self.database.dies_at = None  # type: ignore[attr-defined]
                return told[0]

    stack_store = storing.store
    _put(stack, PlatformService, "push", push)


def a_fork_is_forgotten(stack: ExitStack) -> None:
    """A journal that forked is quarantined, but the till is taken for sound."""
    real = storing.receive

    def receive(*asked: Any) -> Any:
        receipt = real(*asked)
        if receipt.line.state is not TillState.FORKED:
            return receipt
        return replace(receipt, line=replace(receipt.line, state=TillState.OK), state=TillState.OK)

    _put(stack, storing, "receive", receive)


def quarantine_is_believed(stack: ExitStack) -> None:
    """What stands in no accepted line is projected all the same."""
    real = storing.receive

    def receive(*asked: Any) -> Any:
        receipt = real(*asked)
        facts = tuple(
            replace(f, state=FactState.PROJECTED) if f.state is FactState.QUARANTINED else f
            for f in receipt.facts
        )
        return replace(receipt, facts=facts)

    _put(stack, storing, "receive", receive)


def two_own_one_key(stack: ExitStack) -> None:
    """A key that somebody has is given to the next one too, and nobody is asked."""
    _put(stack, claims, "_contest", lambda *_asked: None)


def a_key_is_never_inherited(stack: ExitStack) -> None:
    """A key whose owner gave it up finds nobody any more."""
    _put(stack, claims, "_inherit", lambda *_asked: None)


def an_alias_is_not_undone(stack: ExitStack) -> None:
    """Taking a merge back says so and leaves the alias."""
    _put(stack, claims, "unmerge", lambda *_asked: True)


def positions_are_given_twice(stack: ExitStack) -> None:
    """Positions are read before the head moves: a writer may get what a reader has passed."""
    from sync.platform import books

    real = books.take_positions
    calls = iter(range(1 << 30))

    def take(*asked: Any) -> int:
        first: int = real(*asked)
        return max(1, first - 1) if next(calls) % 3 == 2 else first

    _put(stack, books, "take_positions", take)


def a_parked_sale_is_counted(stack: ExitStack) -> None:
    """A sale that clashes is shown at the desk, and counted too."""
    real = platform_sales.SalesBook.take

    def take(self: SalesBook, placed: Any) -> str:
        why = real(self, placed)
        if why and why != platform_sales.SOLD_AGAIN:
            self.count(placed.sale)
        return why

    _put(stack, SalesBook, "take", take)


def the_last_yes_or_no_to_arrive_holds(stack: ExitStack) -> None:
    """Of a yes and a no said at once the one that arrives later holds."""
    _put(stack, folding, "_same_matter", lambda *_asked: False)


def one_key_opens_all(stack: ExitStack) -> None:
    """Of several keys of a person only the first is tried."""
    real = projecting.keys_of
    _put(stack, projecting, "keys_of", lambda *asked: {s: k[:1] for s, k in real(*asked).items()})


def totals_are_joined_by_the_owner_alone(stack: ExitStack) -> None:
    """The record of a merged member is that of her first id."""
    real = viewing._record
    _put(
        stack, viewing, "_record", lambda group: msgspec.structs.replace(real(group), months=group[0].months)
    )


# -- on the till -----------------------------------------------------------------------------------------------------


def nothing_is_tried_again(stack: ExitStack) -> None:
    """After an answer that was lost the till waits for its next sale; and nobody watches."""
    real = Turns._send
    silent: set[int] = set()

    def send(self: Turns) -> bool:
        if id(self) in silent:
            return False
        try:
            return real(self)
        except PlatformError:
            silent.add(id(self))
            raise

    _put(stack, Turns, "_send", send)
    _put(stack, Turns, "_look_for_a_stall", lambda _self: None)


def an_ack_is_taken_unseen(stack: ExitStack) -> None:
    """A till takes an acknowledgement without comparing its hash with its own."""

    def stand_at(tx: Any, link: Any, ack: Any, signature: bytes) -> bool:
        tx.links.save(replace(link, epoch=ack.epoch, seq=ack.seq, hash=ack.hash, signature=signature))
        return True

    _put(stack, engine, "_stand_at", stand_at)


def nobody_goes_back(stack: ExitStack) -> None:
    """A till whose platform asks for what it lost sends on from where it stood."""
    _put(stack, PushEngine, "_cured", lambda *_asked: None)


def an_epoch_begins_with_the_old_doubts(stack: ExitStack) -> None:
    """In a new epoch stands what the one before it said in vain."""
    _put(stack, engine, "_begin_anew", lambda tx: tx.links.save(replace(tx.links.load(), is_restored=False)))


def the_cursor_goes_first(stack: ExitStack) -> None:
    """The cursor moves before its page is written."""
    real = PullEngine._take

    def take(self: PullEngine, asked: bytes, reply: Any, now_ms: int) -> int:
        with self._store.write() as tx:
            link = tx.links.load()
            assert link is not None
            tx.links.save(replace(link, cursor=reply.cursor))
        return real(self, reply.cursor, reply, now_ms)

    _put(stack, PullEngine, "_take", take)


def digests_are_not_compared(stack: ExitStack) -> None:
    """A till never asks itself whether it holds what the platform holds."""
    _put(stack, PullEngine, "_differs", lambda *_asked: False)


def a_tombstone_is_ignored(stack: ExitStack) -> None:
    """A member who was erased elsewhere stays."""
    real = MemberApplier.apply

    def apply(self: MemberApplier, tx: Any, arrivals: Any, now_ms: int) -> Any:
        kept = real(self, tx, [a for a in arrivals if not a.document.gone], now_ms)
        told = iter(kept)
        return [None if a.document.gone else next(told) for a in arrivals]

    _put(stack, MemberApplier, "apply", apply)


def own_words_are_overwritten(stack: ExitStack) -> None:
    """A document is written over what this till said and did not send yet."""
    _put(stack, OwnFacts, "__contains__", lambda *_asked: False)


FAULTS = (
    Fault("pushes are not deduplicated", pushes_are_not_deduplicated, 1),
    Fault("the last to arrive wins", the_last_to_arrive_wins, 4),
    Fault("acknowledged before it is committed", acknowledged_before_it_is_committed, 2),
    Fault("a fork is forgotten", a_fork_is_forgotten, 1),
    Fault("quarantine is believed", quarantine_is_believed, 1),
    Fault("two own one key", two_own_one_key, 1),
    Fault("a key is never inherited", a_key_is_never_inherited, 6),
    Fault("an alias is not undone", an_alias_is_not_undone, 1),
    Fault("positions are given twice", positions_are_given_twice, 2),
    Fault("a parked sale is counted", a_parked_sale_is_counted, 6),
    Fault("the last yes or no to arrive holds", the_last_yes_or_no_to_arrive_holds, 4),
    Fault("one key opens all", one_key_opens_all, 53),
    Fault("totals are joined by the owner alone", totals_are_joined_by_the_owner_alone, 1),
    Fault("nothing is tried again", nothing_is_tried_again, 1),
    Fault("an acknowledgement is taken unseen", an_ack_is_taken_unseen, 24),
    Fault("nobody goes back", nobody_goes_back, 18),
    Fault("an epoch begins with the old doubts", an_epoch_begins_with_the_old_doubts, 156),
    Fault("the cursor goes first", the_cursor_goes_first, 12),
    Fault("digests are not compared", digests_are_not_compared, 18),
    Fault("a tombstone is ignored", a_tombstone_is_ignored, 5),
    Fault("own words are overwritten", own_words_are_overwritten, 35),
)


@contextmanager
def planted(fault: Fault) -> Iterator[None]:
    """Plant a fault for a while."""
    with ExitStack() as stack:
        fault.plant(stack)
        yield
