"""The books prove themselves: a busy shop passes, and every tampering is found with its place named."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.domain.facts.envelope import chain
from pos_app.persistence.journal import position
from pos_app.services.proof import Proof
from tests.support.busy_day import Day, busy_day
from tests.support.shop_on_disk import CANDY, NECKLACE, DiskShop, open_shop, place_shop


class Books:
    """A busy shop's database file, its store closed, so that a test may tamper with it as a thief would."""

    def __init__(self, folder: Path, day: Day, after: int) -> None:
        self.folder, self.day, self.after = folder, day, after

    def tamper(self, *statements: str, **values: object) -> int:
        """Run SQL on the bare file, foreign keys off; return how many rows the last statement touched."""
        with closing(sqlite3.connect(self.folder / "shop.db")) as connection:
            for statement in statements:
                touched = connection.execute(statement, values).rowcount
            connection.commit()
        return touched

    def ask(self, query: str, **values: object) -> tuple[object, ...]:
        """Return one row of the bare file."""
        with closing(sqlite3.connect(self.folder / "shop.db")) as connection:
            row: tuple[object, ...] = connection.execute(query, values).fetchone()
        return row

    def verify(self, paper_head: str | None = None) -> Proof:
        """Open the shop as a later process does, and check the books."""
        shop = open_shop(self.folder)
        try:
            return shop.verify(paper_head)
        finally:
            shop.store.close()

    def found(self) -> dict[str, list[str]]:
        """Return the places of the findings by code."""
        found: dict[str, list[str]] = {}
        for finding in self.verify().findings:
            found.setdefault(finding.code, []).append(finding.place)
        return found

    def rechain(self, first: int) -> None:
        """Hash the chain anew from a seq on, and set the head, as a thief who knows the code would."""
        with closing(sqlite3.connect(self.folder / "shop.db")) as connection:
            (previous,) = connection.execute(
                "SELECT hash FROM journal WHERE seq = ? - 1", (first,)
            ).fetchone() or (bytes(32),)
            rows = connection.execute(
                "SELECT position, body FROM journal WHERE seq >= ? ORDER BY position", (first,)
            ).fetchall()
            for at, body in rows:
                previous = chain(previous, body)
                connection.execute("UPDATE journal SET hash = ? WHERE position = ?", (previous, at))
            connection.execute("UPDATE journal_head SET hash = ?", (previous,))
            connection.commit()


@pytest.fixture(scope="module")
def _told(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Day, int]:
    """A busy day, its shift closed, and the next one begun: the file's bytes, its sales, the Z's head."""
    folder = tmp_path_factory.mktemp("busy")
    place_shop(folder)
    shop = open_shop(folder)
    day = busy_day(shop)
    after = shop.shop.shifts.z_reports()[0].closed.head_seq
    shop.shop.shifts.open(shop.cashier, shop.shop.shifts.z_reports()[0].closed.counted)
    shop.sell(CANDY)
    assert shop.verify().findings == []
    shop.store.close()
    return (folder / "shop.db").read_bytes(), day, after


@pytest.fixture
def books(tmp_path: Path, _told: tuple[bytes, Day, int]) -> Books:
    """A copy of the busy shop, shown to pass before it is tampered with."""
    database, day, after = _told
    (tmp_path / "shop.db").write_bytes(database)
    made = Books(tmp_path, day, after)
    assert made.verify().passed
    return made


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop."""
    place_shop(tmp_path)
    made = open_shop(tmp_path)
    yield made
    made.store.close()


def test_a_busy_day_passes_and_says_how_much_was_checked(shop: DiskShop) -> None:
    busy_day(shop)
    proof = shop.verify()
    assert proof.findings == [] and proof.passed
    assert proof.sales == 7
    with shop.store.read() as tx:
        head = tx.journal.head()
    assert (proof.facts, proof.head) == (head.seq, head.hash.hex()[:12])


def test_a_new_shop_passes(shop: DiskShop) -> None:
    assert shop.verify().passed


def test_the_head_printed_on_a_z_report_stands_in_the_books(shop: DiskShop) -> None:
    busy_day(shop)
    printed = shop.shop.shifts.z_reports()[0].closed.head_hash[:12]
    assert shop.verify(printed).passed and shop.verify(printed.upper()).passed
    other = shop.verify("0123456789ab")
    assert [(f.code, f.place) for f in other.findings] == [("proof.paper_head_missing", "0123456789ab")]


def test_progress_is_told_while_a_long_journal_is_walked(shop: DiskShop) -> None:
    from pos_app.services.proof import verify

    for _ in range(340):
        cart = shop.cart(CANDY)
        shop.shop.carts.hold(shop.cashier, cart)
        shop.shop.carts.recall(shop.cashier, cart.cart_id)
        shop.shop.carts.cancel(shop.cashier, cart, "left")
    told: list[int] = []
    assert verify(shop.store, shop.outside.signer, told.append).passed
    assert told == [1000]


def test_a_changed_byte_in_a_fact_is_found_where_it_stands(books: Books) -> None:
    seq = 12
    (body,) = books.ask("SELECT body FROM journal WHERE seq = :seq", seq=seq)
    assert isinstance(body, bytes)
    for place in (0, len(body) // 2, len(body) - 1):
        changed = bytearray(body)
        changed[place] ^= 1
        books.tamper("UPDATE journal SET body = :body WHERE seq = :seq", body=bytes(changed), seq=seq)
        assert books.found()["proof.hash"] == [f"1/{seq}"], place
    books.tamper("UPDATE journal SET body = :body WHERE seq = :seq", body=body, seq=seq)
    assert books.verify().passed


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "'cart.held'"),
        ("version", "2"),
        ("fact_id", "x'00112233445566778899aabbccddeeff'"),
        ("happened_at", "happened_at + 1"),
        ("hlc", "hlc + 1"),
        ("staff_id", "NULL"),
        ("epoch", "2"),
        ("seq", "seq + 500"),
    ],
)
def test_a_changed_column_beside_a_fact_is_found(books: Books, column: str, value: str) -> None:
    assert (
        books.tamper(f"UPDATE journal SET {column} = {value} WHERE position = :at", at=position(1, 13)) == 1
    )
    places = [place for places in books.found().values() for place in places]
    assert any(place in ("1/13", "2/13", "1/513", "1/14", "2/1") for place in places), places


def test_a_fact_moved_to_another_row_number_is_found_though_the_order_stays(books: Books) -> None:
    books.tamper("UPDATE journal SET position = position - 1 WHERE seq = 1")
    assert books.found()["proof.columns"] == ["1/1"]


def test_a_changed_hash_is_found(books: Books) -> None:
    books.tamper("UPDATE journal SET hash = zeroblob(32) WHERE seq = 20")
    assert books.found()["proof.hash"] == ["1/20", "1/21"]


def test_a_deleted_fact_is_found(books: Books) -> None:
    books.tamper("DELETE FROM journal WHERE seq = 15")
    found = books.found()
    assert found["proof.gap"] == ["1/15"] and found["proof.hash"] == ["1/16"]


def test_a_deleted_fact_is_found_though_those_behind_it_are_moved_up_and_hashed_anew(books: Books) -> None:
    books.tamper(
        "DELETE FROM journal WHERE seq = 15",
        "UPDATE journal SET position = position - 1, seq = seq - 1 WHERE seq > 15",
        "UPDATE journal_head SET seq = seq - 1",
    )
    books.rechain(15)
    found = books.found()
    assert "1/15" in found["proof.columns"] and found["proof.below_z"] == [f"1/{books.after}"]


def test_two_swapped_facts_are_found(books: Books) -> None:
    first, second = position(1, 17), position(1, 18)
    books.tamper(
        "UPDATE journal SET position = -1 WHERE position = :first",
        "UPDATE journal SET position = :first WHERE position = :second",
        "UPDATE journal SET position = :second WHERE position = -1",
        first=first,
        second=second,
    )
    found = books.found()
    assert "1/18" in found["proof.hash"]
    assert found["proof.gap"][0] == "1/17"


def test_a_cut_tail_is_found(books: Books) -> None:
    (last,) = books.ask("SELECT max(seq) FROM journal")
    assert isinstance(last, int)
    books.tamper("DELETE FROM journal WHERE seq > :keep", keep=last - 1)
    assert books.found()["proof.cut"] == [f"1/{last - 1}"]


def test_a_cut_tail_is_found_though_the_head_row_was_set_back(books: Books) -> None:
    (last,) = books.ask("SELECT max(seq) FROM journal")
    assert isinstance(last, int)
    keep = last - 1
    books.tamper(
        "DELETE FROM journal WHERE seq > :keep",
        "UPDATE journal_head SET seq = :keep, hash = (SELECT hash FROM journal WHERE seq = :keep),"
        " hlc = (SELECT hlc FROM journal WHERE seq = :keep)",
        keep=keep,
    )
    found = books.found()
    assert found["proof.sale_stranger"] == ["N01-1-2026-000008"] and found["proof.counter"] == ["1/2026"]


def test_a_cut_below_a_signed_z_is_found_though_all_tables_were_set_back(books: Books) -> None:
    """The thief cuts journal, sales, counters and shifts alike, and forgets (or cannot forge) the signature."""
    keep = books.after - 3
    books.tamper(
        "DELETE FROM journal WHERE seq > :keep",
        "UPDATE journal_head SET seq = :keep, hash = (SELECT hash FROM journal WHERE seq = :keep),"
        " hlc = (SELECT hlc FROM journal WHERE seq = :keep)",
        keep=keep,
    )
    found = books.found()
    assert f"1/{books.after}" in found["proof.below_z"]


def test_a_fact_changed_below_a_signed_z_is_found_though_the_chain_was_hashed_anew(books: Books) -> None:
    (body,) = books.ask("SELECT body FROM journal WHERE seq = 11")
    assert isinstance(body, bytes)
    changed = body.replace(b'"at":"2026', b'"at":"2025')
    assert changed != body
    books.tamper(
        "UPDATE journal SET body = :body, happened_at = happened_at - 31536000000 WHERE seq = 11",
        body=changed,
    )
    books.rechain(11)
    assert books.found()["proof.below_z"] == [f"1/{books.after}"]


def test_a_forged_signature_of_a_z_is_found(books: Books) -> None:
    books.tamper("UPDATE signed_head SET signature = zeroblob(64)")
    assert set(books.found()["proof.signature"]) == {f"1/{books.after}", f"1/{books.after + 1}"}


def test_a_z_signed_by_another_key_is_found(books: Books) -> None:
    """A thief without the till's key signs the head with a key of his own: the closing fact names another."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from pos_app.domain.values.hlc import Hlc
    from pos_app.services.ports.journal import Head
    from pos_app.services.shifts import signed_text

    own = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    epoch, seq, digest = books.ask("SELECT epoch, seq, hash FROM signed_head")
    assert isinstance(epoch, int) and isinstance(seq, int) and isinstance(digest, bytes)
    signature = own.sign(signed_text(Head(epoch, seq, digest, Hlc(0))))
    books.tamper(
        "UPDATE signed_head SET signature = :signature, public_key = :key",
        signature=signature,
        key=own.public_key().public_bytes_raw(),
    )
    assert books.found() == {"proof.signature": [f"1/{books.after + 1}"]}


def test_a_removed_signature_of_a_z_is_found(books: Books) -> None:
    books.tamper("DELETE FROM signed_head")
    assert books.found() == {"proof.z_missing": [f"1/{books.after + 1}"]}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sale SET total = total - 100 WHERE number = :number",
        "UPDATE sale SET cashier_id = zeroblob(16) WHERE number = :number",
        "UPDATE sale SET member_id = zeroblob(16) WHERE number = :number",
        "UPDATE sale SET business_date = '2026-11-21' WHERE number = :number",
        "UPDATE sale_line SET net = net - 1 WHERE sale_id = (SELECT sale_id FROM sale WHERE number = :number)",
        "UPDATE sale_line SET quantity = 2000 WHERE sale_id = (SELECT sale_id FROM sale WHERE number = :number)",
        "UPDATE sale_line SET name = 'x' WHERE place = 1 AND sale_id ="
        " (SELECT sale_id FROM sale WHERE number = :number)",
        "DELETE FROM sale_line WHERE place = 1 AND sale_id = (SELECT sale_id FROM sale WHERE number = :number)",
        "UPDATE sale_tender SET kind = 'card' WHERE sale_id = (SELECT sale_id FROM sale WHERE number = :number)",
        "UPDATE sale_tender SET amount = amount - 1 WHERE sale_id ="
        " (SELECT sale_id FROM sale WHERE number = :number)",
    ],
)
def test_a_sale_changed_in_the_tables_is_named_by_its_number(books: Books, statement: str) -> None:
    number = books.day.plain.number
    assert books.tamper(statement, number=number) > 0
    assert books.found()["proof.sale_rows"] == [number]


def test_a_changed_discount_and_a_forgotten_return_are_found(books: Books) -> None:
    assert books.tamper("UPDATE sale_reduction SET reason = 'x'") > 0
    assert len(books.found()["proof.sale_rows"]) == 1
    assert books.tamper("UPDATE sale_reduction SET reason = 'regular'") > 0
    assert books.verify().passed
    returned = books.day.returned.number
    books.tamper(
        "DELETE FROM sale_returned WHERE return_sale_id = (SELECT sale_id FROM sale WHERE number = :number)",
        number=returned,
    )
    assert books.found() == {"proof.sale_rows": [returned]}


def test_a_sale_that_was_slipped_into_the_tables_is_named(books: Books) -> None:
    columns = (
        "kind, shift_id, business_date, committed_at, cashier_id, member_id, lines, subtotal, reductions, tax,"
        " tax_added, total, cash_rounding, returns_id, fact_position"
    )
    books.tamper(
        f"INSERT INTO sale (sale_id, number, {columns})"
        f" SELECT x'00112233445566778899aabbccddeeff', 'N01-1-2026-000099', {columns} FROM sale LIMIT 1"
    )
    assert books.found()["proof.sale_stranger"] == ["N01-1-2026-000099"]


def test_a_sale_removed_from_the_tables_is_named(books: Books) -> None:
    number = books.day.with_member.number
    sale = "(SELECT sale_id FROM sale WHERE number = :number)"
    books.tamper(
        *(f"DELETE FROM {t} WHERE sale_id = {sale}" for t in ("sale_line", "sale_tender", "sale_reduction")),
        "DELETE FROM sale WHERE number = :number",
        number=number,
    )
    found = books.found()
    assert found["proof.sale_rows"] == [number] and "proof.sums" in found


def test_a_changed_receipt_counter_is_found(books: Books) -> None:
    books.tamper("UPDATE receipt_counter SET last = last - 1")
    assert books.found() == {"proof.counter": ["1/2026"]}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE shift SET report = replace(CAST(report AS TEXT), '\"counted\":', '\"counted\":1')"
        " WHERE report IS NOT NULL",
        "UPDATE shift SET float_amount = float_amount + 1",
        "UPDATE shift SET z_number = 7 WHERE z_number = 1",
        "UPDATE shift SET closed_at = closed_at + 60000 WHERE closed_at IS NOT NULL",
        "UPDATE shift SET business_date = '2026-11-01'",
        "UPDATE cash_move SET amount = amount + 100",
        "UPDATE cash_move SET direction = 'in'",
        "DELETE FROM cash_move",
        "INSERT INTO cash_move (shift_id, direction, amount, reason)"
        " SELECT shift_id, 'out', 100, 'x' FROM shift LIMIT 1",
    ],
)
def test_a_changed_shift_is_found(books: Books, statement: str) -> None:
    assert books.tamper(statement) > 0
    assert books.found()["proof.shift_rows"]


def test_two_epochs_pass_and_a_false_origin_is_found(shop: DiskShop) -> None:
    from pos_app.domain.facts.shop import EpochOpened
    from pos_app.services.recording import Recorder

    def restored(previous_hash: str) -> None:
        with shop.store.write() as tx:
            head = tx.journal.head()
            tx.journal.open_epoch(head.epoch + 1)
            fact = EpochOpened(
                reason="restored",
                previous_epoch=head.epoch,
                previous_seq=head.seq,
                previous_hash=previous_hash or head.hash.hex(),
            )
            recorder = Recorder(shop.shop.current.value.till_id, shop.clock, shop.outside.ids)
            recorder.record(tx, fact, None)

    shop.sell(NECKLACE)
    restored("")
    assert shop.sell(NECKLACE).sale.number == "N01-1-2026-B000001"
    assert shop.verify().passed
    restored("00" * 32)
    assert [(f.code, f.place) for f in shop.verify().findings] == [("proof.epoch", "3/1")]
