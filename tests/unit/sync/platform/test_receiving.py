"""What the platform accepts of a till's journal: once, in order, and nothing of a second one beside it."""

from dataclasses import dataclass, field, replace
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.facts.envelope import GENESIS
from pos_app.domain.values.ids import TillId
from sync.platform.receiving import Line, Receipt, receive
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import FactState, Position, Push, SentFact, TillState
from tests.support.sync_journal import TILL, Journal, journal


@dataclass
class Books:
    """What a platform holds of one till, in memory."""

    line: Line = field(default_factory=lambda: Line(Position(1, 0, GENESIS)))
    accepted: dict[tuple[int, int], bytes] = field(default_factory=lambda: {(1, 0): GENESIS})
    aside: set[tuple[int, int, bytes]] = field(default_factory=set)

    def holds(self, place: Position) -> bool:
        """Return whether a fact is here, believed or not."""
        is_aside = (place.epoch, place.seq, place.hash) in self.aside
        return is_aside or self.accepted.get((place.epoch, place.seq)) == place.hash

    def take(self, push: Push) -> Receipt:
        """Receive a push, and write down what was decided."""
        receipt = receive(self.line, push, lambda epoch, seq: self.accepted.get((epoch, seq)), self.holds)
        if receipt.line.end.epoch > self.line.end.epoch:
            self.accepted[push.base.epoch, 0] = push.base.hash
        self.line = receipt.line
        for each in receipt.facts:
            place = (push.base.epoch, each.fact.seq)
            if each.state is FactState.PROJECTED:
                assert place not in self.accepted, "accepted once"
                self.accepted[place] = each.fact.hash
            elif each.state is FactState.QUARANTINED:
                self.aside.add((*place, each.fact.hash))
        return receipt


def states(receipt: Receipt) -> list[FactState]:
    """Return what became of each fact."""
    return [each.state for each in receipt.facts]


def test_facts_are_accepted_in_order_and_acknowledged_with_their_hash() -> None:
    till, books = journal("a", "b", "c"), Books()
    assert books.take(till.push(0, 2)).ack == till.at(2)
    assert books.take(till.push(2)).ack == till.head == books.line.end


def test_the_same_push_again_changes_nothing() -> None:
    till, books = journal("a", "b", "c"), Books()
    first = books.take(till.push(0))
    again = books.take(till.push(0))
    assert (again.ack, again.line) == (first.ack, first.line)
    assert states(again) == [FactState.KNOWN] * 3


def test_a_push_that_overlaps_brings_what_is_new() -> None:
    till, books = journal("a", "b", "c", "d"), Books()
    books.take(till.push(0, 3))
    assert states(books.take(till.push(1))) == [FactState.KNOWN, FactState.KNOWN, FactState.PROJECTED]
    assert books.line.end == till.head


def test_a_gap_is_told_with_the_place_to_go_on_from() -> None:
    till, books = journal("a", "b", "c", "d"), Books()
    books.take(till.push(0, 1))
    with pytest.raises(PlatformError) as refused:
        books.take(till.push(2))
    assert refused.value.number is Number.GAP and refused.value.told["expected"] == till.at(1)


def test_a_till_that_lost_its_end_hears_of_a_place_beyond_its_head() -> None:
    till, books = journal("a", "b", "c"), Books()
    books.take(till.push(0))
    restored = till.copy(1)
    assert books.take(restored.push(1)).ack == till.head


def test_a_restored_image_that_sells_on_forks_the_epoch_and_loses_no_sale() -> None:
    till, books = journal("a", "b", "c"), Books()
    books.take(till.push(0))
    restored = till.copy(1)
    restored.write("x", "y")
    receipt = books.take(restored.push(1))
    assert states(receipt) == [FactState.QUARANTINED] * 2
    assert receipt.line == Line(till.head, TillState.FORKED)
    assert receipt.ack == restored.head, "acknowledged all the same"
    assert len(books.aside) == 2


def test_a_fork_sticks_for_both_until_a_new_epoch() -> None:
    till, books = journal("a"), Books()
    books.take(till.push(0))
    clone = till.copy(1)
    till.write("b")
    clone.write("x")
    books.take(till.push(1))
    books.take(clone.push(1))
    till.write("c")
    assert states(books.take(till.push(2))) == [FactState.QUARANTINED]
    fresh = till.next_epoch()
    fresh.write("d")
    receipt = books.take(fresh.push(0))
    assert states(receipt) == [FactState.PROJECTED] and receipt.line == Line(fresh.head)
    assert states(books.take(clone.push(1))) == [FactState.QUARANTINED], "the old epoch stays closed"


def test_what_is_quarantined_twice_stands_there_once() -> None:
    till, books = journal("a", "b"), Books()
    books.take(till.push(0))
    restored = till.copy(1)
    restored.write("x")
    for _ in range(3):
        books.take(restored.push(1))
    assert len(books.aside) == 1


def test_a_base_that_the_platform_knows_otherwise_is_a_fork_once_all_before_it_is_here() -> None:
    till, books = journal("a", "b", "c"), Books()
    books.take(till.push(0))
    other = journal("x", "y", "z", "w")
    with pytest.raises(PlatformError) as asked:
        books.take(other.push(3))
    assert asked.value.told["expected"] == Position(1, 0, b""), "from the beginning of the epoch"
    assert books.take(other.push(0)).line.state is TillState.FORKED
    assert states(books.take(other.push(3))) == [FactState.QUARANTINED]


def test_an_older_copy_that_goes_on_in_an_epoch_that_was_left_is_told_so() -> None:
    till, books = journal("a", "b"), Books()
    books.take(till.push(0))
    old = till.copy(1)
    fresh = till.next_epoch()
    fresh.write("c")
    books.take(fresh.push(0))
    assert books.take(old.push(1)).state is TillState.FORKED, "also when it has nothing to send"
    old.write("d")
    told = books.take(old.push(1))
    assert states(told) == [FactState.QUARANTINED] and told.state is TillState.FORKED
    assert told.line == Line(fresh.head), "the epoch that it was left for goes on"


def test_a_late_answer_from_the_old_epoch_is_known_and_forks_nothing() -> None:
    till, books = journal("a", "b"), Books()
    books.take(till.push(0))
    fresh = till.next_epoch()
    fresh.write("c")
    books.take(fresh.push(0))
    late = books.take(till.push(0))
    assert states(late) == [FactState.KNOWN] * 2 and late.line == Line(fresh.head)


def test_an_epoch_cannot_be_skipped() -> None:
    till, books = journal("a"), Books()
    books.take(till.push(0))
    far = replace(till.next_epoch(), epoch=5)
    far.write("b")
    with pytest.raises(PlatformError):
        books.take(far.push(0))


@pytest.mark.parametrize("state", [TillState.CLOSED, TillState.REVOKED])
def test_a_till_that_was_shut_out_loses_no_sale_but_is_not_believed(state: TillState) -> None:
    till, books = journal("a"), Books(Line(Position(1, 0, GENESIS), state))
    receipt = books.take(till.push(0))
    assert states(receipt) == [FactState.QUARANTINED] and receipt.line.state is state
    fresh = till.next_epoch()
    fresh.write("b")
    assert states(books.take(fresh.push(0))) == [FactState.QUARANTINED], "a new epoch does not help"


def test_a_fact_of_another_till_a_changed_byte_and_a_missing_fact_are_refused_with_their_place() -> None:
    books = Books()
    foreign = Journal(till=TillId(UUID(int=8)))
    foreign.write("a")
    till = journal("a", "b", "c")
    changed = till.copy(3)
    changed.facts[1] = SentFact(2, changed.facts[1].hash, changed.facts[1].body.replace(b'"b"', b'"B"'))
    holed = till.copy(3)
    del holed.facts[1]
    garbled = till.copy(1)
    garbled.facts[0] = SentFact(1, bytes(32), b"\xff{")
    for bad, number, place in (
        (msgspec.structs.replace(foreign.push(0), till=TILL), Number.FOREIGN_FACT, 1),
        (changed.push(0), Number.CHAIN_BROKEN, 2),
        (holed.push(0), Number.CHAIN_BROKEN, 3),
        (garbled.push(0), Number.UNREADABLE, 1),
    ):
        with pytest.raises(PlatformError) as refused:
            books.take(bad)
        assert (refused.value.number, refused.value.told["place"]) == (number, place)
    assert books == Books(), "nothing of a refused push is kept"


@given(st.data())
def test_whatever_is_sent_however_often_each_fact_is_kept_once_and_the_line_is_one_journal(
    data: st.DataObject,
) -> None:
    """Journals grow, are copied and go on; pushes come late, twice, in parts, from any of them."""
    journals, books = [journal()], Books()
    sent: set[tuple[int, int, bytes]] = set()
    for step in range(data.draw(st.integers(1, 25))):
        till = data.draw(st.sampled_from(journals))
        match data.draw(st.sampled_from(("write", "write", "push", "push", "push", "copy", "epoch"))):
            case "write":
                till.write(f"{step}")
            case "copy":
                journals.append(till.copy(data.draw(st.integers(0, len(till.facts)))))
            case "epoch":
                journals.append(till.next_epoch())
            case _:
                after = data.draw(st.integers(0, len(till.facts)))
                push = till.push(after, data.draw(st.integers(after, len(till.facts))))
                try:
                    books.take(push)
                except PlatformError as error:
                    assert error.number is Number.GAP
                else:
                    sent |= {(push.base.epoch, fact.seq, fact.hash) for fact in push.facts}
        line = {(epoch, seq, digest) for (epoch, seq), digest in books.accepted.items() if seq}
        assert sent == line | books.aside, "kept, and nothing else"
        assert not line & books.aside, "kept once"
        for epoch in {epoch for epoch, _ in books.accepted}:
            places = sorted(seq for at, seq in books.accepted if at == epoch)
            assert places == list(range(len(places))), "without a gap"
