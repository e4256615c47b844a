"""A till's journal for tests of sync, which may be copied as a disk image or a cloned machine copies it."""

from dataclasses import dataclass, field, replace
from uuid import UUID

import msgspec

from pos_app.domain.facts.envelope import FORMAT, GENESIS, Envelope, chain, encode
from pos_app.domain.values.hlc import Hlc
from pos_app.domain.values.ids import FactId, ShopId, TillId
from pos_app.domain.values.moments import from_ms
from sync.protocol.messages import ClockReading, Enrol, Position, Push, SentFact, Way

TILL, SHOP = TillId(UUID(int=7)), ShopId(UUID(int=3))
CLOCK = ClockReading(0, 0, "", 0)


@dataclass
class Journal:
    """A till's journal, which may be copied: a restored image, a cloned machine."""

    epoch: int = 1
    base: bytes = GENESIS
    facts: list[SentFact] = field(default_factory=list)
    till: TillId = TILL

    def write(self, *words: str) -> None:
        """Add a fact for each word."""
        for word in words:
            seq = len(self.facts) + 1
            body = encode(
                Envelope(
                    format=FORMAT,
                    till=self.till,
                    epoch=self.epoch,
                    seq=seq,
                    fact=FactId(UUID(int=seq)),
                    kind="test.said",
                    version=1,
                    at=from_ms(0),
                    hlc=Hlc(seq),
                    staff=None,
                    content=msgspec.Raw(msgspec.json.encode({"word": word})),
                )
            )
            self.facts.append(SentFact(seq, chain(self.at(seq - 1).hash, body), body))

    def at(self, seq: int) -> Position:
        """Return the place of a seq."""
        return Position(self.epoch, seq, self.facts[seq - 1].hash if seq else self.base)

    @property
    def head(self) -> Position:
        """The last place."""
        return self.at(len(self.facts))

    def push(self, after: int, until: int | None = None) -> Push:
        """Return the push of the facts after a seq."""
        return Push(
            p=1,
            till=self.till,
            base=self.at(after),
            letters=0,
            clock=CLOCK,
            facts=tuple(self.facts[after:until]),
        )

    def copy(self, until: int) -> "Journal":
        """Return the journal as it was at a seq."""
        return replace(self, facts=self.facts[:until])

    def next_epoch(self) -> "Journal":
        """Return the journal of a new epoch that grows from here."""
        return Journal(self.epoch + 1, self.head.hash, till=self.till)


def journal(*words: str) -> Journal:
    """Return a journal with a fact for each word."""
    made = Journal()
    made.write(*words)
    return made


def enrolment(code: str, **changes: object) -> Enrol:
    """Return what a till asks when it is enrolled; every till has a code of its own in its shop."""
    till = changes.get("till", TILL)
    assert isinstance(till, UUID)
    asked = Enrol(
        p=1,
        code=code,
        way=Way.JOIN,
        till=TILL,
        shop=SHOP,
        shop_code="N01",
        till_code=str(till.int % 100_000),
        shop_name="熟客小店",
        currency="CNY",
        public_key=bytes(32),
    )
    return msgspec.structs.replace(asked, **changes)
