"""Days of a shop as a till's journal holds them, by the hundred: made from one that was really lived, as bytes.

A day is the busy one with 78 more sales, every second to a member of the shop: about a hundred facts, of which 85 are
sales and one is a sign-up. Each day has ids, times, numbers, phones and sealed fields of its own, so that none clashes
with another. Sales go to the shop's regulars where it has some, else to the one who signed up that day. Decides nothing
a till would do: it is what a platform gets to see.
"""

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import msgspec

from pos_app.domain.facts.envelope import Envelope, chain, decode, encode
from pos_app.domain.facts.members import MemberRegistered
from pos_app.domain.members import KeyKind, MemberKey, Profile
from pos_app.domain.values.hlc import Hlc
from pos_app.domain.values.ids import FactId, TillId, uuid7
from pos_app.domain.values.moments import to_ms
from pos_app.persistence.secrets import AesCipher
from sync.protocol.messages import Push, SentFact, SubjectKey
from tests.support.busy_day import busy_day
from tests.support.shop_on_disk import CANDY, FORMULA, NECKLACE, shop_on_disk
from tests.support.sync_journal import SHOP, Journal

_MORE_SALES = 78
_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_GOODS = re.compile(rb'"variant":"([0-9a-f-]{36})"')
_NUMBER = re.compile(rb'("number":"[^"]*-)0*([0-9]+)"')
_TO_MEMBER = re.compile(rb'("member":\{"member":")[0-9a-f-]{36}')
_FOUNDING = ("shop.founded", "staff.saved", "catalogue.imported")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Pattern:
    """A day that was lived: its facts, the ids that every day shares, those of the till and its shop."""

    facts: tuple[Envelope, ...]
    kept: frozenset[bytes]
    till: bytes
    shop: bytes


@lru_cache(maxsize=1)
def _pattern() -> _Pattern:
    with TemporaryDirectory() as folder, shop_on_disk(Path(folder)) as at:
        settings = at.shop.settings.value
        busy_day(at, closes=False)
        member = at.shop.members.find_phone("13800138000")
        for count in range(_MORE_SALES):
            codes = ((NECKLACE, CANDY), (FORMULA,), (CANDY, CANDY, FORMULA))[count % 3]
            at.sell(*codes, member=member if count % 2 else None)
        at.close_shift()
        with at.store.read() as tx:
            entries = list(tx.journal.entries((1, 0), 10_000))
    founding = [entry.body for entry in entries if entry.kind in _FOUNDING]
    kept = {found for body in founding for found in _UUID.findall(body)}
    kept |= {found for entry in entries for found in _GOODS.findall(entry.body)}
    till, shop = str(settings.till_id).encode(), str(settings.shop_id).encode()
    return _Pattern(
        facts=tuple(decode(entry.body) for entry in entries if entry.kind not in _FOUNDING),
        kept=frozenset(kept - {till, shop}),
        till=till,
        shop=shop,
    )


def a_day() -> int:
    """Return how many facts a day has."""
    return len(_pattern().facts)


@dataclass
class LongJournal(Journal):
    """A till's journal of many days, with the keys that open what it seals."""

    shop: UUID = SHOP
    keys: dict[int, SubjectKey] = field(default_factory=dict)
    regulars: list[bytes] = field(default_factory=list)
    phone: str = ""
    """The phone with which everybody signs up here; each has one of her own without it."""

    def sign_up(self, people: int) -> "LongJournal":
        """Let so many regulars sign up, before the days begin; return the journal."""
        envelope = next(each for each in _pattern().facts if each.kind == "member.registered")
        for number in range(people):
            fact = msgspec.json.decode(bytes(envelope.content), type=MemberRegistered)
            member = self._id_of(str(fact.member).encode(), -1 - number)
            content = bytes(envelope.content).replace(str(fact.member).encode(), member)
            self._write(envelope, content.replace(_pattern().shop, str(self.shop).encode()), 0)
            self.regulars.append(member)
        return self

    def live(self, facts: int) -> "LongJournal":
        """Live day after day until the journal has so many facts; return it."""
        while (lived := len(self.facts) - len(self.regulars)) < facts - len(self.regulars):
            number, begun = divmod(lived, a_day())
            self._live_day(number, begun, facts)
        return self

    def _live_day(self, number: int, begun: int, facts: int) -> None:
        pattern = _pattern()
        told = {pattern.till: str(self.till).encode(), pattern.shop: str(self.shop).encode()}

        def renamed(match: re.Match[bytes]) -> bytes:
            old = match[0]
            if old in pattern.kept:
                return old
            if old not in told:
                told[old] = self._id_of(old, number)
            return told[old]

        for envelope in pattern.facts[begun : begun + facts - len(self.facts)]:
            self._write(envelope, _UUID.sub(renamed, bytes(envelope.content)), number)

    def _id_of(self, old: bytes, day: int) -> bytes:
        """Return an id of a day's own that tells its time, as all ids do."""
        chance = hashlib.sha256(b"%s %d %s" % (self.till.bytes, day, old)).digest()
        unix_ms = (UUID(old.decode()).int >> 80) + day * (_DAY // timedelta(milliseconds=1))
        return str(uuid7(unix_ms, int.from_bytes(chance[:10], "big") >> 6)).encode()

    def _write(self, pattern: Envelope, content: bytes, day: int) -> None:
        seq = len(self.facts) + 1
        at = pattern.at + day * _DAY
        if pattern.kind == "sale.committed":
            content = _NUMBER.sub(rb'\g<1>%06d"' % seq, content, count=1)
            if self.regulars:
                one = int.from_bytes(hashlib.sha256(b"%d" % seq).digest()[:4], "big") % len(self.regulars)
                content = _TO_MEMBER.sub(rb"\g<1>" + self.regulars[one], content, count=1)
        if pattern.kind == "member.registered":
            content = self._sealed(content, seq)
        envelope = Envelope(
            format=pattern.format,
            till=self.till,
            epoch=self.epoch,
            seq=seq,
            fact=FactId(uuid7(to_ms(at), seq)),
            kind=pattern.kind,
            version=pattern.version,
            at=at,
            hlc=Hlc(to_ms(at) << 16 | seq & 0xFFFF),
            staff=pattern.staff,
            content=msgspec.Raw(content),
        )
        body = encode(envelope)
        self.facts.append(SentFact(seq, chain(self.at(seq - 1).hash, body), body))

    def _sealed(self, content: bytes, seq: int) -> bytes:
        """Seal the fields of somebody new."""
        cipher, fact = AesCipher(), msgspec.json.decode(content, type=MemberRegistered)
        digits = int.from_bytes(hashlib.sha256(fact.member.bytes).digest()[:5], "big") % 10**9
        phone = MemberKey(kind=KeyKind.PHONE, value=self.phone or f"+8613{digits:09}")
        plain = msgspec.json.encode(Profile(keys=(phone,), name="林小满"))
        key = cipher.new_key()
        self.keys[seq] = SubjectKey(fact.member, key)
        sealed = b64encode(cipher.seal(key, plain, fact.member.bytes)).decode()
        return msgspec.json.encode(msgspec.structs.replace(fact, sealed=sealed))

    def push(self, after: int, until: int | None = None) -> Push:
        """Return the push of the facts after a seq, with the keys that go along."""
        plain = super().push(after, until)
        keys = tuple(self.keys[fact.seq] for fact in plain.facts if fact.seq in self.keys)
        return msgspec.structs.replace(plain, keys=keys)


def long_journal(till: TillId, shop: UUID, facts: int, regulars: int = 0) -> LongJournal:
    """Return a journal of so many facts, the sign-ups of regulars at its beginning among them."""
    return LongJournal(till=till, shop=shop).sign_up(regulars).live(facts)
