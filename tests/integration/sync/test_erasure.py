"""Who was erased stays so on the platform: no late key, no row beside the books and no file keeps her."""

from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Connection, select

from pos_app.domain.imports.kinds import Kind as FileKind
from pos_app.domain.members import Member
from sync.platform import tables
from sync.platform.books import Books
from tests.integration.sync.test_one_record import sync
from tests.integration.sync.test_records import PHONE, _edit, _known_at
from tests.support.feed import link_of
from tests.support.tills_together import LinkedTill, Together

NAME = "林小满与独一无二"
FILE = f"姓名,手机,生日,备注\n{NAME},{PHONE},1988-08-08,会员日来\n"


def _erase(till: LinkedTill, member: Member) -> None:
    till.shop.shop.members.erase(till.shop.owner, member.member_id, "asked")
    till.push()


def test_a_key_that_comes_while_she_is_being_erased_is_not_kept(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    member = a.shop.sign_up(PHONE, NAME)
    a.push()
    _known_at(b, a, member)
    _edit(b, member, notes="爱喝茶")
    late, merchant = Thread(target=b.push), shops.service.only_merchant()

    def erase(connection: Connection) -> None:
        books = Books(shops.service.room(connection, merchant))
        books.erase(member.member_id.bytes)
        books.close()
        late.start()
        late.join(0.5)
        assert late.is_alive(), "it waits until the erasure has committed"

    shops.service.database.write(erase)
    late.join()
    kept = shops.service.database.read(
        lambda c: c.execute(select(tables.subject_key.c.subject_id)).scalars().all()
    )
    assert member.member_id.bytes not in kept


def test_what_a_file_found_of_her_before_it_changed_her_goes_with_her(shops: Together, a: LinkedTill) -> None:
    member, other = a.shop.sign_up(PHONE, NAME), a.shop.sign_up("13900139000", "王建国")
    file = a.shop.folder / "members.csv"
    file.write_text(FILE + "王建国,13900139000,1977-07-07,周末来\n", encoding="utf-8-sig")
    ended = a.shop.shop.imports.run(a.shop.owner, a.shop.shop.imports.open(file, FileKind.MEMBERS))
    _finish(shops, a)
    assert NAME in _undo(shops), "else nothing is shown here"
    _erase(a, member)
    assert NAME not in _undo(shops) and PHONE not in _undo(shops) and "王建国" in _undo(shops)
    assert ended.batch is not None
    a.shop.shop.imports.withdraw(a.shop.owner, ended.batch.number)
    _finish(shops, a)
    kept = shops.member(other.member_id).member
    assert kept is not None and kept.profile.notes is None and member.member_id not in shops.members()


def _finish(shops: Together, till: LinkedTill) -> None:
    till.push()
    while shops.service.work(shops.service.only_merchant()):
        pass


def _undo(shops: Together) -> str:
    rows = shops.service.database.read(
        lambda c: c.execute(select(tables.import_chunk.c.undo)).scalars().all()
    )
    return b"".join(rows).decode()


def test_the_files_of_an_embedded_database_hold_her_no_more_also_when_somebody_read_meanwhile(
    shops: Together, a: LinkedTill, tmp_path: Path
) -> None:
    if not shops.service.database.is_sqlite:
        pytest.skip("a server's files are the server's")
    member = a.shop.sign_up(PHONE, NAME)
    a.push()

    def read(connection: Connection) -> None:
        connection.execute(select(tables.member.c.member_id)).all()
        _erase(a, member)

    assert _holding_her(tmp_path)
    shops.service.database.read(read)
    a.shop.sign_up("13900139000", "王建国")
    a.push()
    assert not _holding_her(tmp_path)


def _holding_her(folder: Path) -> list[str]:
    return [file.name for file in folder.glob("platform.db*") if NAME.encode() in file.read_bytes()]


def test_the_desk_of_a_till_says_nothing_of_her_from_the_moment_she_is_erased_there(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    member = a.shop.sign_up(PHONE, NAME)
    b.shop.sign_up(PHONE, "王建国")
    sync(shops, a, b)
    sync(shops, a, b)
    assert len(a.shop.shop.desk.items()) == 1
    a.shop.shop.members.erase(a.shop.owner, member.member_id, "asked")
    assert a.shop.shop.desk.items() == ()
    with a.shop.store.read() as tx:
        assert not list(tx.documents.all("desk")) and not list(tx.documents.all("owed.member"))
    sync(shops, a, b)
    sync(shops, a, b)
    assert b.shop.shop.desk.items() == ()
    assert link_of(a.shop).digest == link_of(b.shop).digest
