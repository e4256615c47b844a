"""Who was erased stays so on the platform: no late key, no row beside the books and no file keeps her."""

from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest
from sqlalchemy import Connection, select

from pos_app.domain.desk import DeskItem
from pos_app.domain.facts.members import MemberEdited
from pos_app.domain.imports.kinds import Kind as FileKind
from pos_app.domain.members import Member
from sync.platform import storing, tables
from sync.platform.books import Books
from tests.integration.sync.test_one_record import sync
from tests.integration.sync.test_records import PHONE, _edit, _known_at
from tests.support.feed import link_of
from tests.support.shop_on_disk import CANDY
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


def _parked(shops: Together) -> list[tuple[str, str]]:
    return [told for told in shops.states().values() if told[0] == "parked"]


def _is_counted(shops: Together, sale: bytes) -> bool:
    query = select(tables.sale.c.counted).where(tables.sale.c.sale_id == sale)
    return bool(shops.service.database.read(lambda c: c.execute(query).scalar_one()))


def test_nobody_is_asked_about_somebody_who_was_erased_before_her_till_first_reached_the_platform(
    shops: Together, a: LinkedTill
) -> None:
    member = a.shop.sign_up(PHONE, NAME)
    _edit(a, member, notes="爱喝茶")
    sale = a.shop.sell(CANDY, member=member).sale
    _erase(a, member)
    assert not _parked(shops) and not shops.desk() and not shops.members()
    assert _is_counted(shops, sale.sale_id.bytes), "what she bought was sold all the same"


def _seals_unreadably(till: LinkedTill, member: Member) -> None:
    """Say something of a member that no key opens."""
    till.record(MemberEdited(member=member.member_id, fields=("name",), sealed="AAAA", seen_hlc=0))
    till.push()


def test_what_could_not_be_read_of_her_is_settled_once_she_is_erased_and_of_nobody_else(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    member, other = a.shop.sign_up(PHONE, NAME), a.shop.sign_up("13900139000", "王建国")
    for till, who in ((a, member), (a, other), (b, member)):
        _seals_unreadably(till, who)
    assert len(_parked(shops)) == 3 and _shops_at_the_desk(shops.desk()) == _ids(a, b)
    _erase(a, member)
    assert len(_parked(shops)) == 1 and _shops_at_the_desk(shops.desk()) == _ids(a), (
        "his is still not to be read"
    )
    _erase(a, other)
    assert not _parked(shops) and not shops.desk()


def _shops_at_the_desk(items: list[DeskItem]) -> list[UUID]:
    return sorted(item.first.shop for item in items)


def _ids(*tills: LinkedTill) -> list[UUID]:
    return sorted(till.shop.shop.settings.value.shop_id for till in tills)


def test_what_an_older_platform_left_parked_of_her_is_settled_when_this_one_begins(
    shops: Together, a: LinkedTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = a.shop.sign_up(PHONE, NAME)
    with monkeypatch.context() as older:
        older.setattr(storing, "settle_erased", lambda *_told: None)
        _erase(a, member)
    assert _parked(shops) and shops.desk()
    assert shops.service.reread_all() == 1
    assert not _parked(shops) and not shops.desk()
    assert shops.service.reread_all() == 0
