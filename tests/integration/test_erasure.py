"""A member is erased: no file of the data folder holds her any more, the sales stay, the books still prove."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random

import msgspec
import pytest

from pos_app.domain.members import Child, Member, MemberGoneError
from pos_app.domain.sales.sale import Sale
from pos_app.domain.staff import NeedsApprovalError
from pos_app.domain.values.ids import SubjectId
from pos_app.persistence.backups import ZipBackups
from pos_app.persistence.store import SqlStore
from pos_app.services.backups import make_backup
from pos_app.services.members import SignUp
from tests.support.shop_on_disk import CANDY, FORMULA, NECKLACE, DiskShop, shop_on_disk

PHONE, NAME, CHILD = "13912345678", "欧阳婉清", "小豆苗"
NOTE, ADDRESS, REMARK = "生日贺卡写给婉清妈妈", "静安区延安中路九十九弄七号", "花生过敏请注意"
NEW_NAME = "欧阳婉晴"
PLAIN = (PHONE, NAME, NEW_NAME, CHILD, NOTE, ADDRESS, REMARK, "1991-03-07")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop."""
    with shop_on_disk(tmp_path / "home") as made:
        yield made


def traces(folder: Path, texts: tuple[str, ...]) -> list[str]:
    """Return which texts stand in which files, as UTF-8 or UTF-16, also inside zip files."""
    import zipfile

    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        contents = {path.name: path.read_bytes()}
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                contents |= {f"{path.name}/{name}": archive.read(name) for name in archive.namelist()}
        for name, content in contents.items():
            for text in texts:
                for form in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")):
                    if form in content:
                        found.append(f"{name}: {text}")
    return found


def lived(shop: DiskShop) -> tuple[Member, Sale]:
    """Sign a member up, let her buy with a note, hold a cart, be edited, and buy again."""
    services = shop.shop
    member = services.members.register(
        shop.cashier,
        SignUp(
            phone=PHONE,
            agreed=True,
            name=NAME,
            children=(Child(name=CHILD, born_on=date(2025, 2, 1)),),
            children_agreed=True,
        ),
    )
    cart = shop.cart(NECKLACE, member=member, note=NOTE)
    sale = services.checkout.commit(shop.cashier, shop.paid(cart)).sale
    profile = msgspec.structs.replace(
        member.profile, name=NEW_NAME, address=ADDRESS, notes=REMARK, birthday=date(1991, 3, 7)
    )
    member = services.members.edit(shop.cashier, member.member_id, profile)
    services.carts.hold(shop.cashier, shop.cart(FORMULA, member=member, note=NOTE), "")
    shop.cart(CANDY, member=member, note=NOTE)
    return member, sale


def test_before_an_erasure_the_files_do_hold_her(shop: DiskShop) -> None:
    lived(shop)
    assert len(traces(shop.folder, PLAIN)) >= 6


def test_after_an_erasure_no_file_holds_her(shop: DiskShop, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    member, sale = lived(shop)
    shop.shop.members.erase(shop.manager, member.member_id, "she asked")
    logs = shop.folder / "logs"
    logs.mkdir()
    (logs / "till.log").write_text(caplog.text, "utf-8")
    assert traces(shop.folder, PLAIN) == [], "while the till runs"
    make_backup(shop.store, ZipBackups(), shop.clock, shop.folder / "after.zip")
    assert traces(shop.folder, PLAIN) == [], "with a backup made after"
    assert shop.verify().passed
    shop.store.close()
    assert traces(shop.folder, PLAIN) == [], "once it is closed"
    shop.reopened()
    assert shop.shop.returns.open(sale.sale_id).sale == sale
    assert shop.verify().passed


def test_what_was_sealed_in_the_journal_can_never_be_opened_again(shop: DiskShop) -> None:
    member, sale = lived(shop)
    sealer = shop.outside.tools.sealer
    assert sale.note is not None
    with shop.store.read() as tx:
        assert sealer.open_text(tx, SubjectId(member.member_id), sale.note) == NOTE
    shop.shop.members.erase(shop.manager, member.member_id, "she asked")
    with shop.store.read() as tx:
        assert tx.subject_keys.get(SubjectId(member.member_id)) is None
        assert sealer.open_text(tx, SubjectId(member.member_id), sale.note) is None


def test_who_is_erased_while_her_cart_is_paid_gets_no_key_again(shop: DiskShop) -> None:
    """The desk may hold a cart that was taken up before: the platform, or another page, erased her meanwhile."""
    member, sale = lived(shop)
    paid = shop.paid(shop.cart(CANDY, member=member, note=NOTE))
    shop.shop.members.erase(shop.manager, member.member_id, "she asked")
    shop.shop.checkout.commit(shop.cashier, paid)
    with shop.store.read() as tx:
        assert tx.subject_keys.get(SubjectId(member.member_id)) is None
    assert shop.shop.printing.receipt(sale.sale_id).title == sale.number


def test_carts_that_wait_keep_their_goods_and_forget_her(shop: DiskShop) -> None:
    member, _ = lived(shop)
    shop.shop.members.erase(shop.manager, member.member_id, "she asked")
    (held,) = shop.shop.carts.held()
    open_cart = shop.shop.carts.reopen()
    for cart in (held.cart, open_cart):
        assert cart.lines and cart.member is None and cart.note is None


def test_an_erased_member_is_found_by_nothing_and_her_phone_is_free(shop: DiskShop) -> None:
    member, _ = lived(shop)
    services = shop.shop.members
    services.erase(shop.manager, member.member_id, "she asked")
    assert services.get(member.member_id) is None and services.find_phone(PHONE) is None
    for text in (NAME, NEW_NAME, "5678", PHONE, ""):
        assert services.search(text) == ()
    with pytest.raises(MemberGoneError):
        services.erase(shop.manager, member.member_id, "again")
    with pytest.raises(MemberGoneError):
        services.edit(shop.cashier, member.member_id, member.profile)
    again = shop.sign_up(PHONE, NAME)
    assert again.member_id != member.member_id
    assert services.purchases(again.member_id) == ()


def test_a_cashier_erases_only_with_an_approval(shop: DiskShop) -> None:
    member, _ = lived(shop)
    with pytest.raises(NeedsApprovalError) as needed:
        shop.shop.members.erase(shop.cashier, member.member_id, "she asked")
    approval = shop.approval(needed.value)
    shop.shop.members.erase(shop.cashier, member.member_id, "she asked", approval)
    assert traces(shop.folder, PLAIN) == []


def _many(shop: DiskShop, count: int) -> list[tuple[Member, str]]:
    """Sign many members up, with names that stand nowhere else, a purchase and an edit each."""
    made = []
    for number in range(count):
        name = f"无名客{number:04d}号"
        member = shop.sign_up(f"1370000{number:04d}", name)
        if number % 10 == 0:
            shop.sell(CANDY, member=member)
        profile = msgspec.structs.replace(member.profile, notes=f"备注内容{number:04d}" * 8)
        made.append((shop.shop.members.edit(shop.cashier, member.member_id, profile), name))
    return made


def _erase_many(shop: DiskShop, count: int, seed: int) -> None:
    made = _many(shop, count)
    Random(seed).shuffle(made)
    gone, kept = made[: count * 9 // 10], made[count * 9 // 10 :]
    for member, _ in gone:
        shop.shop.members.erase(shop.manager, member.member_id, "she asked")
    texts = [t for _, name in gone for t in (name, f"备注内容{name[3:7]}", f"1370000{name[3:7]}")]
    assert traces(shop.folder, tuple(texts)) == []
    there = traces(shop.folder, tuple(name for _, name in kept))
    assert len(there) >= len(kept), "those who stay are still there"
    assert shop.shop.members.count() == len(kept)
    assert shop.verify().passed


def test_many_members_erased_in_random_order_leave_no_trace(shop: DiskShop) -> None:
    _erase_many(shop, 60, seed=1)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(3))
def test_three_hundred_members_erased_in_random_order_leave_no_trace(shop: DiskShop, seed: int) -> None:
    _erase_many(shop, 300, seed)


def _rows_gone(path: Path, *, secure: bool) -> None:
    """Take every member's row and key away as an erasure does, but without the scrubbing."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA secure_delete={'ON' if secure else 'OFF'}")
        connection.execute("DELETE FROM member_key")
        connection.execute("DELETE FROM member_search")
        connection.execute("UPDATE member SET search = NULL, body = NULL")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_control_without_secure_delete_and_scrub_a_file_still_holds_them(shop: DiskShop) -> None:
    names = tuple(name for _, name in _many(shop, 60))
    shop.store.close()
    _rows_gone(shop.database, secure=False)
    assert len(traces(shop.folder, names)) > 0
    store = SqlStore(shop.database)
    store.scrub()
    store.close()
    assert traces(shop.folder, names) == [], "and scrubbing takes them away"


def test_an_erasure_waits_for_nobody_who_only_reads(shop: DiskShop) -> None:
    """A report that is being read does not keep her in the log once it is through."""
    member, _ = lived(shop)
    with shop.store.read() as reading:
        before = reading.journal.head()
        shop.shop.members.erase(shop.manager, member.member_id, "she asked")
        assert reading.journal.head() == before
    shop.sell(CANDY)
    shop.store.close()
    assert traces(shop.folder, PLAIN) == []
