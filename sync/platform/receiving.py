"""What becomes of facts that a till pushes, decided before anything is written (SYNC.md §3, rules 1-4).

A till's journal is one line. Facts that carry it on are accepted; facts that are there already are known; facts beside
it show that two journals have grown from one (a restored image, a cloned machine): the epoch is forked from then on,
and whatever comes in it is quarantined, kept as facts but not believed. Reads no clock and no database.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from pos_app.domain.facts.envelope import Envelope, chain
from pos_app.domain.facts.envelope import decode as decode_envelope
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import FactState, Position, Push, SentFact, TillState

HashAt = Callable[[int, int], bytes | None]
"""The hash that stands in the accepted line at (epoch, seq), at seq 0 what the epoch is chained to; None for none."""
Holds = Callable[[Position], bool]
"""Whether a fact stands here at a place with its hash, believed or not."""
BEGINNING = b""
"""The hash of a place at seq 0 that a till is to take for the beginning of its own epoch, whatever it is chained to."""
_LEFT_BY_A_NEW_EPOCH = (TillState.OK, TillState.FORKED)


@dataclass(frozen=True, slots=True)
class Line:
    """How far a till's journal is accepted, and what the till is taken for."""

    end: Position
    state: TillState = TillState.OK


@dataclass(frozen=True, slots=True)
class Received:
    """A fact with its envelope, and what becomes of it: PROJECTED stands for accepted, and is still to be projected."""

    fact: SentFact
    envelope: Envelope
    state: FactState


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is to be written, where the line ends then, and what is acknowledged."""

    facts: tuple[Received, ...]
    line: Line
    ack: Position
    state: TillState
    """What the till is told: one that goes on in an epoch that was left is an older copy, though its line is sound."""


def receive(line: Line, push: Push, hash_at: HashAt, holds: Holds) -> Receipt:
    """Decide over a push; the same push again gives the same acknowledgement and nothing new.

    What is not believed is held all the same, so it may lack nothing either: a platform that was restored asks for such
    an epoch from its beginning.

    Raises PlatformError: GAP with the position to go on from, FOREIGN_FACT, CHAIN_BROKEN and UNREADABLE with the place.
    """
    envelopes = _checked(push)
    base = push.base
    if line.state in _LEFT_BY_A_NEW_EPOCH and base.epoch > line.end.epoch:
        line = _new_epoch(line, base)
    trusted = line.state is TillState.OK and base.epoch == line.end.epoch
    if trusted and base.seq > line.end.seq:
        raise PlatformError(Number.GAP, expected=line.end)
    if trusted and base != line.end and hash_at(base.epoch, base.seq) != base.hash:
        line, trusted = replace(line, state=TillState.FORKED), False
    if not trusted and base.seq and not holds(base):
        raise PlatformError(Number.GAP, expected=Position(base.epoch, 0, BEGINNING))
    facts: list[Received] = []
    for fact, envelope in zip(push.facts, envelopes, strict=True):
        if trusted and fact.seq > line.end.seq:
            state = FactState.PROJECTED
            line = replace(line, end=Position(base.epoch, fact.seq, fact.hash))
        elif hash_at(base.epoch, fact.seq) == fact.hash:
            state = FactState.KNOWN
        else:
            state = FactState.QUARANTINED
            if trusted:
                line, trusted = replace(line, state=TillState.FORKED), False
        facts.append(Received(fact, envelope, state))
    return Receipt(tuple(facts), line, line.end if trusted else _last(push), state_for(line, base.epoch))


def state_for(line: Line, epoch: int) -> TillState:
    """Return what a till is told it is taken for, which goes on in an epoch."""
    is_old = line.state is TillState.OK and epoch < line.end.epoch
    return TillState.FORKED if is_old else line.state


def _checked(push: Push) -> list[Envelope]:
    """Return the envelopes; raise PlatformError unless they are this till's, in order, and chained."""
    before, envelopes = push.base, []
    for fact in push.facts:
        try:
            envelope = decode_envelope(fact.body)
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
            raise PlatformError(Number.UNREADABLE, place=fact.seq) from error
        if envelope.till != push.till:
            raise PlatformError(Number.FOREIGN_FACT, place=fact.seq)
        place = (envelope.epoch, envelope.seq)
        if place != (push.base.epoch, before.seq + 1) or fact.seq != before.seq + 1:
            raise PlatformError(Number.CHAIN_BROKEN, place=fact.seq)
        if chain(before.hash, fact.body) != fact.hash:
            raise PlatformError(Number.CHAIN_BROKEN, place=fact.seq)
        before = Position(push.base.epoch, fact.seq, fact.hash)
        envelopes.append(envelope)
    return envelopes


def _new_epoch(line: Line, base: Position) -> Line:
    """Return the line at the beginning of the till's next epoch.

    A till that was restored opens it from the head that it has; what was accepted of the old one stays accepted.
    """
    if base.epoch != line.end.epoch + 1 or base.seq != 0:
        raise PlatformError(Number.GAP, expected=line.end)
    return Line(base)


def _last(push: Push) -> Position:
    """Return the last place of a push's own line: its till compares the hash with its own."""
    if not push.facts:
        return push.base
    return Position(push.base.epoch, push.facts[-1].seq, push.facts[-1].hash)
