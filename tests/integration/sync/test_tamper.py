"""Books that somebody changed after the platform had acknowledged them: found by `verify`, and refused by the platform.

The thief knows the program: he hashes the chain anew, sets the head back, and mends the tables. What he cannot make is
the platform's word. Tampering without a platform is in `test_proof`.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from pos_app.domain.facts.envelope import chain
from pos_app.persistence.secrets import Ed25519Verifier
from pos_app.services.proof import verify
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Push, SentFact
from tests.support.busy_day import busy_day
from tests.support.shop_on_disk import DiskShop, open_shop
from tests.support.sync_journal import CLOCK
from tests.support.tills_together import LinkedTill, Together, together


@dataclass
class Books:
    """A synced shop's file with its store closed, as a thief finds it."""

    shops: Together
    till: LinkedTill
    acked: int

    @property
    def file(self) -> Path:
        """The database."""
        return self.till.shop.database

    def tamper(self, statement: str, **values: object) -> None:
        """Run SQL on the bare file."""
        with closing(sqlite3.connect(self.file)) as connection:
            assert connection.execute(statement, values).rowcount > 0
            connection.commit()

    def ask(self, query: str, **values: object) -> tuple[object, ...]:
        """Return a row of the bare file."""
        with closing(sqlite3.connect(self.file)) as connection:
            row: tuple[object, ...] = connection.execute(query, values).fetchone()
        return row

    def rechain(self, first: int) -> None:
        """Hash everything anew from a seq on, and set the head, as who knows the code would."""
        with closing(sqlite3.connect(self.file)) as connection:
            told = connection.execute("SELECT seq, hash FROM journal WHERE seq = ? - 1", (first,)).fetchone()
            last, previous = told or (0, bytes(32))
            rows = "SELECT seq, position, body FROM journal WHERE seq >= ? ORDER BY position"
            for seq, place, body in connection.execute(rows, (first,)).fetchall():
                previous, last = chain(previous, body), seq
                connection.execute("UPDATE journal SET hash = ? WHERE position = ?", (previous, place))
            connection.execute(
                "UPDATE journal_head SET seq = ?, hash = ?, hlc = (SELECT max(hlc) FROM journal)",
                (last, previous),
            )
            connection.commit()

    def found(self) -> dict[str, list[str]]:
        """Open the shop as a later process does, and return the places of what is wrong, by code."""
        shop = open_shop(self.file.parent)
        try:
            proof = verify(shop.store, Ed25519Verifier())
        finally:
            shop.store.close()
        found: dict[str, list[str]] = {}
        for finding in proof.findings:
            found.setdefault(finding.code, []).append(finding.place)
        return found

    def at_ack(self) -> list[str]:
        """The place that the platform has acknowledged, as verify names it."""
        return [f"1/{self.acked}"]


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    """A shop that lived a day with its shift still open, synced, and sold once more; shown to pass as it stands."""
    with together(tmp_path, f"sqlite+pysqlite:///{(tmp_path / 'p.db').as_posix()}") as shops:
        till = shops.till(1)
        busy_day(till.shop, closes=False)
        till.push()
        with till.shop.store.read() as tx:
            link = tx.links.load()
        assert link is not None and link.signature
        till.shop.sell()
        till.shop.store.close()
        made = Books(shops, till, link.seq)
        assert made.found() == {}
        yield made


def test_a_cut_below_what_the_platform_acknowledged_is_found_though_the_head_was_set_back(
    books: Books,
) -> None:
    books.tamper("DELETE FROM journal WHERE seq >= :first", first=books.acked - 2)
    books.rechain(books.acked - 3)
    found = books.found()
    assert found["proof.below_ack"] == books.at_ack()
    assert "proof.cut" not in found, "nothing else of the chain tells of it"


def test_a_cut_above_it_leaves_the_acknowledgement_whole(books: Books) -> None:
    books.tamper("DELETE FROM journal WHERE seq > :acked", acked=books.acked)
    books.rechain(books.acked)
    found = books.found()
    assert "proof.below_ack" not in found and found["proof.sale_stranger"]


def test_a_fact_flipped_below_it_is_found_though_all_was_hashed_anew(books: Books) -> None:
    (body,) = books.ask("SELECT body FROM journal WHERE kind = 'cash.moved'")
    (seq,) = books.ask("SELECT seq FROM journal WHERE kind = 'cash.moved'")
    assert isinstance(body, bytes) and isinstance(seq, int)
    changed = body.replace(b'"reason":"bank"', b'"reason":"lost"')
    assert changed != body
    books.tamper("UPDATE journal SET body = :body WHERE seq = :seq", body=changed, seq=seq)
    assert f"1/{seq}" in books.found()["proof.hash"], "before the chain is mended its very place is named"
    books.rechain(seq)
    found = books.found()
    assert "proof.hash" not in found and found["proof.below_ack"] == books.at_ack()


def test_a_deleted_fact_below_it_is_named(books: Books) -> None:
    books.tamper("DELETE FROM journal WHERE seq = 8")
    books.rechain(7)
    found = books.found()
    assert found["proof.gap"] == ["1/8"] and found["proof.below_ack"] == books.at_ack()


def test_two_facts_swapped_below_it_are_named(books: Books) -> None:
    first, second = (books.ask("SELECT body FROM journal WHERE seq = :seq", seq=seq)[0] for seq in (9, 10))
    books.tamper("UPDATE journal SET body = :body WHERE seq = 9", body=second)
    books.tamper("UPDATE journal SET body = :body WHERE seq = 10", body=first)
    books.rechain(9)
    found = books.found()
    assert {"1/9", "1/10"} <= set(found["proof.columns"]) and found["proof.below_ack"] == books.at_ack()


@pytest.mark.parametrize("forged", ["zeroblob(64)", "randomblob(64)"])
def test_an_acknowledgement_that_the_platform_did_not_sign_is_found(books: Books, forged: str) -> None:
    books.tamper(f"UPDATE sync_link SET signature = {forged}")
    assert books.found() == {"proof.ack_signature": books.at_ack()}


def test_an_acknowledgement_set_back_to_another_place_no_longer_fits_its_signature(books: Books) -> None:
    books.tamper(
        "UPDATE sync_link SET seq = 5, hash = (SELECT hash FROM journal WHERE seq = 5)",
    )
    assert books.found() == {"proof.ack_signature": ["1/5"]}


# -- the platform's side ----------------------------------------------------------------------------------


@pytest.fixture
def sent(tmp_path: Path, address: str) -> Iterator[tuple[Together, LinkedTill, Push]]:
    """A till, its platform, and the push of a whole day that was not sent yet."""
    with together(tmp_path, address) as shops:
        till = shops.till(1)
        busy_day(till.shop)
        yield shops, till, _whole(till.shop, till)


def _whole(shop: DiskShop, till: LinkedTill) -> Push:
    push = till.engine()._next_push()[0]
    assert len(push.facts) > 20 and shop.database.exists()
    return msgspec.structs.replace(push, clock=CLOCK)


@pytest.mark.parametrize("place", [1, 7, 20])
def test_a_push_with_a_changed_byte_is_refused_with_its_place_and_nothing_of_it_is_kept(
    sent: tuple[Together, LinkedTill, Push], place: int
) -> None:
    shops, till, push = sent
    fact = push.facts[place - 1]
    body = bytearray(fact.body)
    body[fact.body.index(b'"content"') + 13] ^= 1
    facts = list(push.facts)
    facts[place - 1] = SentFact(fact.seq, fact.hash, bytes(body))
    with pytest.raises(PlatformError) as refused:
        till.wire.push(msgspec.structs.replace(push, facts=tuple(facts)))
    assert refused.value.number in (Number.CHAIN_BROKEN, Number.UNREADABLE)
    assert refused.value.told["place"] == place
    assert shops.states() == {}
    till.push()
    assert len(shops.states()) == len(push.facts)


@pytest.mark.parametrize(
    ("name", "place"), [("deleted", 7), ("swapped", 7), ("doubled", 8), ("rehashed from there", 7)]
)
def test_a_push_that_is_no_chain_is_refused_with_its_place(
    sent: tuple[Together, LinkedTill, Push], name: str, place: int
) -> None:
    shops, till, push = sent
    facts = list(push.facts)
    if name == "deleted":
        del facts[6]
    elif name == "swapped":
        facts[6], facts[7] = facts[7], facts[6]
    elif name == "doubled":
        facts.insert(7, facts[6])
    else:
        # One who hashes only the fact that he changed.
        changed = facts[6].body.replace(b'"at":"2026', b'"at":"2025')
        assert changed != facts[6].body
        facts[6] = SentFact(7, chain(facts[5].hash, changed), changed)
        place = 8
    with pytest.raises(PlatformError) as refused:
        till.wire.push(msgspec.structs.replace(push, facts=tuple(facts)))
    assert refused.value.number is Number.CHAIN_BROKEN
    if name in ("deleted", "swapped"):
        assert refused.value.told["place"] == facts[6].seq
    else:
        assert refused.value.told["place"] in (place, facts[7].seq)
    assert shops.states() == {}


def test_a_journal_hashed_anew_after_it_was_acknowledged_forks_and_is_not_believed(
    sent: tuple[Together, LinkedTill, Push],
) -> None:
    shops, till, push = sent
    till.push()
    before = till.wire.push(replace_from(push, 7))
    assert before.state.value == "forked"
    states = shops.states()
    assert sum(state == "quarantined" for state, _ in states.values()) > 0
    totals = [item for item in shops.members().values() if item.member is not None]
    assert len(totals) == 1, "what was believed before stands"


def replace_from(push: Push, place: int) -> Push:
    """Return a push in which a fact was changed and everything from there on hashed anew."""
    facts = list(push.facts[: place - 1])
    previous = facts[-1].hash
    for fact in push.facts[place - 1 :]:
        body = fact.body.replace(b'"at":"2026', b'"at":"2025') if fact.seq == place else fact.body
        previous = chain(previous, body)
        facts.append(SentFact(fact.seq, previous, body))
    return msgspec.structs.replace(push, facts=tuple(facts))
