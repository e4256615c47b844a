"""What every store promises to the services, whatever it lies on: the same tests on each configuration."""

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from pos_app.domain.catalogue import GoldPriceEntry, PieceState
from pos_app.domain.facts.envelope import GENESIS, chain, decode
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.staff import Action, Approval, Role, Staff
from pos_app.domain.values.ids import ApprovalId, CartId, FactId, MemberId, PrintJobId, StaffId, SubjectId
from pos_app.domain.values.money import Amount
from pos_app.persistence.backups import ZipBackups
from pos_app.persistence.database import open_store
from pos_app.services.backups import RestoreTools, make_backup, restore
from pos_app.services.ports.counter import PrintJob, PrintKind
from pos_app.services.ports.people import StaffRecord
from pos_app.services.ports.store import Store
from tests.support.fixed_clock import NOON, HandClock, SharedIds
from tests.support.shop_on_disk import CANDY, NECKLACE, RING, DiskShop, open_shop, place_shop

IDS = SharedIds(8 << 24)


def on_file(folder: Path) -> DiskShop:
    """A store on a new file."""
    place_shop(folder)
    return open_shop(folder)


def on_awkward_path(folder: Path) -> DiskShop:
    """A store in a folder whose name holds what is special in URLs, and letters beyond ASCII."""
    name = "数据 #1 100% é&x=y"
    return on_file(folder / (name if sys.platform == "win32" else name + "?z"))


def restored(folder: Path) -> DiskShop:
    """A store that came back from a backup, in its second epoch."""
    first = on_file(folder / "first")
    first.sell(CANDY)
    make_backup(first.store, ZipBackups(), first.clock, folder / "b.zip")
    first.store.close()
    tools = RestoreTools(
        files=ZipBackups(),
        open_store=open_store,
        open_present=lambda: None,
        clock=HandClock(),
        ids=SharedIds(7 << 24),
        database=folder / "second" / "shop.db",
    )
    restore(tools, folder / "b.zip")
    return open_shop(folder / "second", first_id=6 << 24)


@pytest.fixture(params=[on_file, on_awkward_path, restored], ids=lambda make: make.__name__)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop on a store of each configuration."""
    made: DiskShop = request.param(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def store(shop: DiskShop) -> Store:
    """The store alone."""
    return shop.store


def test_what_is_written_is_there_for_the_next_reader(store: Store) -> None:
    cart = Cart(cart_id=CartId(IDS.new()), opened_at=NOON)
    with store.write() as tx:
        tx.carts.save_open(cart, NOON)
        assert tx.carts.open_cart() == cart, "and for the writer at once"
    with store.read() as tx:
        assert tx.carts.open_cart() == cart


def test_a_block_that_raises_leaves_nothing(store: Store) -> None:
    with pytest.raises(LookupError), store.write() as tx:
        tx.sales.next_counter(9, 2030)
        tx.journal.open_epoch(99)
        tx.subject_keys.add(SubjectId(IDS.new()), b"k" * 32)
        raise LookupError
    with store.read() as tx:
        assert (9, 2030) not in tx.sales.counters() and tx.journal.head().epoch < 99


def test_facts_are_told_of_once_they_are_committed_and_nothing_else_is(shop: DiskShop) -> None:
    told: list[int] = []

    def count() -> None:
        with shop.store.read() as tx:
            told.append(tx.journal.head().seq)

    shop.store.on_facts = count
    sold = shop.sell(CANDY)
    with shop.store.read() as tx:
        head = tx.journal.head().seq
    assert told and told[-1] == head, "it is called after the commit, and what was written stands"
    count_before = len(told)
    with shop.store.write() as tx:
        tx.print_jobs.waiting()
        tx.journal.head()
    with shop.store.read() as tx:
        assert tx.sales.get(sold.sale.sale_id) is not None
    assert len(told) == count_before, "nothing was appended"


def test_facts_of_a_block_that_raises_are_told_to_nobody(shop: DiskShop) -> None:
    told: list[str] = []
    shop.store.on_facts = lambda: told.append("facts")
    with pytest.raises(ZeroDivisionError), shop.store.write() as tx:
        entry = next(iter(tx.journal.entries()))
        head = tx.journal.head()
        next_one = structs.replace(
            decode(entry.body), epoch=head.epoch, seq=head.seq + 1, fact=FactId(IDS.new())
        )
        tx.journal.append(next_one, entry.body, entry.hash)
        raise ZeroDivisionError
    assert told == []


def test_a_seller_hears_nothing_of_what_fails_when_facts_are_told(shop: DiskShop) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    shop.store.on_facts = broken
    sold = shop.sell(CANDY)
    with shop.store.read() as tx:
        assert tx.sales.get(sold.sale.sale_id) == sold.sale


def test_receipt_counters_count_each_epoch_and_year_from_one(store: Store) -> None:
    with store.write() as tx:
        taken = [
            tx.sales.next_counter(e, y) for e, y in [(7, 2026), (7, 2026), (7, 2027), (8, 2026), (7, 2026)]
        ]
    assert taken == [1, 2, 1, 1, 3]


def test_the_journal_is_one_chain_from_its_beginning_to_its_head(shop: DiskShop) -> None:
    shop.sell(NECKLACE)
    with shop.store.read() as tx:
        previous = GENESIS
        entries = list(tx.journal.entries())
        for entry in entries:
            assert entry.hash == chain(previous, entry.body)
            assert entry.kept_under == (entry.epoch, entry.seq)
            assert decode(entry.body).kind == entry.kind
            previous = entry.hash
        head = tx.journal.head()
        assert (head.epoch, head.seq, head.hash) == (entries[-1].epoch, entries[-1].seq, previous)
        assert tx.journal.entry(head.epoch, head.seq) == entries[-1]
        assert tx.journal.entry(head.epoch, head.seq + 1) is None
        middle = entries[len(entries) // 2]
        after = list(tx.journal.entries((middle.epoch, middle.seq), limit=3))
        assert after == entries[len(entries) // 2 + 1 :][:3]
        kinds = tx.journal.count_kinds((0, 0))
        assert sum(kinds.values()) == len(entries) and kinds["sale.committed"] >= 1


def test_a_sale_comes_back_as_it_was_written_and_matches_its_rows(shop: DiskShop) -> None:
    sale = shop.sell(NECKLACE, CANDY).sale
    back = shop.take_back(sale).sale
    with shop.store.read() as tx:
        assert tx.sales.get(sale.sale_id) == sale and tx.sales.get(back.sale_id) == back
        assert tx.sales.find_number(sale.number) == sale.sale_id
        assert tx.sales.find_number("N01-1-2026-999999") is None
        assert tx.sales.last_of_till() == back.sale_id
        assert tx.sales.returned(sale.sale_id) == {sale.lines[0].line_id: 1000}
        assert tx.sales.refunded(sale.sale_id) == {TenderKind.CASH: 129_900}
        assert [s.number for s in tx.sales.history(2)] == [back.number, sale.number]
        assert set(tx.sales.numbers()) >= {sale.number, back.number}
        sums = tx.sales.sums(date(2026, 11, 22), date(2026, 11, 22))
        assert tx.sales.by_day(None, None)[-1] == (date(2026, 11, 22), sums)
        assert tx.sales.sums(date(2026, 11, 23)).baskets == 0


def test_copies_of_a_receipt_are_counted(shop: DiskShop) -> None:
    sale = shop.sell(CANDY).sale
    with shop.store.write() as tx:
        assert [tx.sales.copied(sale.sale_id) for _ in range(3)] == [1, 2, 3]


def test_carts_are_held_in_order_taken_once_and_dropped(store: Store) -> None:
    owner = StaffId(IDS.new())
    carts = [Cart(cart_id=CartId(IDS.new()), opened_at=NOON, note=str(n)) for n in range(3)]
    with store.write() as tx:
        for minutes, cart in enumerate(reversed(carts)):
            tx.carts.hold(cart, owner, f"label {cart.note}", NOON - timedelta(minutes=minutes))
    with store.write() as tx:
        assert [held.cart for held in tx.carts.held()] == carts
        assert [(h.owner, h.label) for h in tx.carts.held()] == [(owner, f"label {n}") for n in range(3)]
        assert tx.carts.take(carts[1].cart_id) == carts[1]
        assert tx.carts.take(carts[1].cart_id) is None
        tx.carts.drop(carts[0].cart_id)
        tx.carts.drop(carts[0].cart_id)
    with store.read() as tx:
        assert [held.cart for held in tx.carts.held()] == [carts[2]]


def test_a_piece_moves_only_from_the_state_it_is_in(shop: DiskShop) -> None:
    with shop.store.write() as tx:
        found = tx.catalogue.find_piece(RING)
        assert found is not None and found.piece is not None
        piece = found.piece.piece_id
        assert tx.catalogue.move_piece(piece, PieceState.IN_STOCK, PieceState.SOLD)
        assert not tx.catalogue.move_piece(piece, PieceState.IN_STOCK, PieceState.SOLD)
        again = tx.catalogue.find_piece(RING)
        assert again is not None and again.piece is not None and again.piece.state is PieceState.SOLD


def test_gold_has_a_price_only_for_a_day_it_was_set_for(store: Store) -> None:
    day = date(2026, 11, 22)
    with store.write() as tx:
        tx.catalogue.set_gold_price(GoldPriceEntry(fineness="999", day=day, price=Amount(101_200)))
        tx.catalogue.set_gold_price(GoldPriceEntry(fineness="999", day=day, price=Amount(101_500)))
    with store.read() as tx:
        assert tx.catalogue.gold_price("999", day) == 101_500
        assert tx.catalogue.gold_price("750", day) is None
        assert tx.catalogue.gold_price("999", day - timedelta(days=1)) is None


def test_a_members_key_finds_her_until_it_is_changed_or_she_is_erased(shop: DiskShop) -> None:
    member = shop.sign_up("13800138000", "林小满")
    with shop.store.read() as tx:
        assert tx.members.by_key("phone", "+8613800138000") == member
        assert tx.members.look_up("8000", 5).members == (member,)
        assert tx.members.look_up("林", 5).members == (member,)
    with shop.store.write() as tx:
        tx.members.visited(member.member_id, NOON)
        visited = tx.members.get(member.member_id)
        assert visited is not None and (visited.visits, visited.last_visit_at) == (1, NOON)
        tx.members.erase(member.member_id, NOON)
    with shop.store.read() as tx:
        assert tx.members.get(member.member_id) is None
        assert tx.members.by_key("phone", "+8613800138000") is None
        assert tx.members.look_up("8000", 5).total == 0 == tx.members.look_up("", 5).total
        assert tx.members.get(MemberId(IDS.new())) is None


def test_a_key_that_was_deleted_is_gone(store: Store) -> None:
    subject = SubjectId(IDS.new())
    with store.write() as tx:
        assert tx.subject_keys.get(subject) is None
        tx.subject_keys.add(subject, b"k" * 32)
        assert tx.subject_keys.get(subject) == b"k" * 32
        tx.subject_keys.delete(subject)
        assert tx.subject_keys.get(subject) is None


def test_an_approval_is_used_once(store: Store) -> None:
    approval = Approval(
        approval_id=ApprovalId(IDS.new()),
        action=Action.DISCOUNT,
        amount=Amount(500),
        cart=CartId(IDS.new()),
        approver=StaffId(IDS.new()),
        asked_by=StaffId(IDS.new()),
        given_at=NOON,
    )
    with store.write() as tx:
        assert tx.staff.approval(approval.approval_id) is None
        assert not tx.staff.use_approval(approval.approval_id, NOON), "not before it was given"
        tx.staff.add_approval(approval)
        assert tx.staff.approval(approval.approval_id) == approval
        assert tx.staff.use_approval(approval.approval_id, NOON)
        assert not tx.staff.use_approval(approval.approval_id, NOON)


def test_a_person_is_found_by_code_and_id_with_her_tries(store: Store) -> None:
    staff = Staff(StaffId(IDS.new()), "77", "小周", Role.CASHIER, active=False)
    record = StaffRecord(staff=staff, pin_hash="h", wrong_tries=3, locked_until=NOON)
    with store.write() as tx:
        tx.staff.save(record)
    with store.read() as tx:
        assert tx.staff.by_code("77") == record == tx.staff.get(staff.staff_id)
        assert tx.staff.by_code("78") is None and staff in tx.staff.all()


def test_print_jobs_wait_start_and_finish_oldest_first(store: Store) -> None:
    jobs = [
        PrintJob(
            job_id=PrintJobId(IDS.new()),
            kind=PrintKind.TEST,
            subject=None,
            copy_number=0,
            created_at=NOON - timedelta(hours=5 - n),
        )
        for n in range(2)
    ]
    with store.write() as tx:
        tx.print_jobs.cancel_all()
        for job in reversed(jobs):
            tx.print_jobs.add(job)
        assert tx.print_jobs.next() == jobs[0] and tx.print_jobs.waiting() == 2
        tx.print_jobs.start(jobs[0].job_id)
        assert [job.job_id for job in tx.print_jobs.started()] == [jobs[0].job_id]
        assert tx.print_jobs.next() == jobs[1]
        tx.print_jobs.finish(jobs[0].job_id)
        assert tx.print_jobs.cancel_all() == 1 and tx.print_jobs.next() is None


def test_moments_come_back_to_the_millisecond(store: Store) -> None:
    for ms in (0, 1, 499, 999):
        moment = datetime(2026, 11, 22, 4, 0, 0, ms * 1000, tzinfo=UTC)
        cart = Cart(cart_id=CartId(IDS.new()), opened_at=moment)
        with store.write() as tx:
            tx.carts.hold(cart, StaffId(IDS.new()), "", moment)
        with store.read() as tx:
            assert next(h.held_at for h in tx.carts.held() if h.cart == cart) == moment


def test_a_copy_is_a_whole_store_of_the_same_state(shop: DiskShop, tmp_path: Path) -> None:
    sale = shop.sell(NECKLACE).sale
    shop.store.copy_to(tmp_path / "copy.db")
    shop.sell(CANDY)
    copy = open_store(tmp_path / "copy.db")
    with copy.read() as tx:
        assert tx.sales.last_of_till() == sale.sale_id
    assert list(copy.check()) == []
    copy.close()


def test_scrubbing_changes_no_value(shop: DiskShop) -> None:
    shop.sell(NECKLACE)
    before = shop.verify()
    shop.store.scrub()
    assert shop.verify() == before and before.passed
