"""Recording facts: every committing service appends what happened, in its own transaction.

Decides the envelope around a fact and its place in the chain (DESIGN.md §4).
"""

from datetime import datetime

import msgspec

from pos_app.domain.facts import codec
from pos_app.domain.facts.envelope import FORMAT, Envelope, chain, encode
from pos_app.domain.values import hlc
from pos_app.domain.values.ids import FactId, StaffId, TillId
from pos_app.domain.values.moments import to_ms
from pos_app.services.ports.clock import Clock, Ids
from pos_app.services.ports.journal import Head
from pos_app.services.ports.store import Tx


class Recorder:
    """Writes facts into the journal of the transaction it is given."""

    def __init__(self, till: TillId, clock: Clock, ids: Ids) -> None:
        self._till = till
        self._clock = clock
        self._ids = ids

    def record(self, tx: Tx, fact: msgspec.Struct, staff: StaffId | None, at: datetime | None = None) -> Head:
        """Append a fact after the head of the journal; return the new head.

        `at` is now when it is not given. The hybrid clock never runs back, whatever `at` is.
        """
        head = tx.journal.head()
        moment = at or self._clock.now()
        kind, version = codec.name_of(fact)
        envelope = Envelope(
            format=FORMAT,
            till=self._till,
            epoch=head.epoch,
            seq=head.seq + 1,
            fact=FactId(self._ids.new()),
            kind=kind,
            version=version,
            at=moment,
            hlc=hlc.tick(head.hlc, to_ms(moment)),
            staff=staff,
            content=codec.encode_content(fact),
        )
        body = encode(envelope)
        digest = chain(head.hash, body)
        tx.journal.append(envelope, body, digest)
        return Head(envelope.epoch, envelope.seq, digest, envelope.hlc)
