"""Practice: a copy in which everything may be tried; the shop's own books, printer and platform never hear of it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.documents.page import Paper
from pos_app.documents.renderers.text import render_text
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.values.ids import MerchantId, uuid7
from pos_app.hardware.folder_lock import folder_lock
from pos_app.persistence.database import open_store
from pos_app.services.ports.syncing import SyncLink
from pos_app.services.practice import NotInPracticeError
from pos_app.services.shop import Shop
from tests.integration.invoices.test_asking import COMPANY
from tests.support.scanner_eye import pdf_text
from tests.support.shop_on_disk import NECKLACE, RING, DiskShop
from ui.main import Home, NotFoundedError, forget_left_practice, shop_on
from ui.main_mail import shop_mail
from ui.main_payments import wallets_of
from ui.main_practice import (
    PracticeOpenError,
    practice_home,
    practice_tools,
    prepare,
    run_practice,
)
from ui.practice_beside import LOCK


@contextmanager
def practice_of(real: DiskShop) -> Iterator[DiskShop]:
    """Open the practice copy of a shop, its people signed in."""
    place = practice_home(Home(real.folder))
    prepare(Home(real.folder), place)
    with closing(open_store(place.database)) as store:
        yield replace(real, folder=place.folder, store=store, shop=shop_on(store, place, real.outside.tools))


def told(shop: Shop) -> tuple[object, int, int]:
    """Return where a shop's journal ends, what waits for its printer, and how many sales it has."""
    with shop.store.read() as tx:
        return tx.journal.head(), tx.print_jobs.waiting(), len(tx.sales.history(1_000, ""))


def test_what_is_sold_in_practice_is_not_in_the_shop_s_books(shop: DiskShop) -> None:
    shop.sell(NECKLACE)
    before = told(shop.shop)
    with practice_of(shop) as practice:
        practice.sell(RING)
        practice.sign_up("13912345678", "镕")
        practice.close_shift()
    assert told(shop.shop) == before
    assert shop.shop.members.find_phone("13912345678") is None
    assert shop.sell(RING).sale.number.endswith("2"), (
        "the ring is still there, and its number is the next one"
    )
    assert shop.verify().passed


def test_the_copy_knows_goods_members_and_people_and_says_that_it_is_practice(shop: DiskShop) -> None:
    shop.sign_up("13800001111", "王小满")
    with practice_of(shop) as practice:
        assert practice.shop.members.find_phone("13800001111") is not None
        assert practice.shop.current.value.practice
    assert not shop.shop.current.value.practice


def test_what_waited_for_the_printer_is_not_printed_by_practice(shop: DiskShop) -> None:
    shop.sell(NECKLACE)
    assert shop.shop.printing.waiting() == 1
    with practice_of(shop) as practice:
        assert practice.shop.printing.waiting() == 0
    assert shop.shop.printing.waiting() == 1


def test_every_paper_of_practice_says_that_it_is_none(shop: DiskShop) -> None:
    said = "练习 · 此单无效"
    real = shop.sell(NECKLACE).sale.sale_id
    assert said not in render_text(shop.shop.printing.receipt(real), Paper.MM80)
    with practice_of(shop) as practice:
        sold, shift = practice.sell(RING).sale.sale_id, practice.shop.shifts.current()
        assert shift is not None
        practice.close_shift()
        printing = practice.shop.printing
        for page in (
            printing.receipt(sold),
            printing.receipt(real, 2),
            printing.report(shift.shift_id, closed=False),
            printing.report(shift.shift_id, closed=True),
            printing.daily(shift.business_date),
        ):
            assert said in render_text(page, Paper.MM58)
        assert render_text(printing.receipt(sold), Paper.MM80).rstrip("# \n").endswith(said), (
            "also with its top torn off"
        )
        assert said in pdf_text(practice.shop.printing.a4(sold, 0))[0]


def test_neither_persons_nor_requests_for_invoices_leave_practice(shop: DiskShop) -> None:
    """Taking them out is a fact, and the journal of the copy is thrown away."""
    member = shop.sign_up("13800001111", "王小满")
    asked = shop.sell(NECKLACE).sale
    shop.shop.invoices.ask(shop.cashier, asked.sale_id, COMPANY, later=False)
    with practice_of(shop) as practice:
        file = practice.folder / "out.xlsx"
        for taken_out in (
            lambda: practice.shop.invoice_handing.hand_over(practice.manager, file),
            lambda: practice.shop.exports.write(practice.owner, Kind.MEMBERS, file, ""),
            lambda: practice.shop.member_privacy.copy_for(practice.owner, member.member_id),
        ):
            with pytest.raises(NotInPracticeError):
                taken_out()
        assert not file.exists()


def test_practice_has_no_post_and_no_wallets(shop: DiskShop) -> None:
    with practice_of(shop) as practice:
        place = practice_home(Home(shop.folder))
        assert shop_mail(place.keys, practice.shop) is None
        assert wallets_of(place.keys, practice.shop, shop.clock) is None
    assert shop_mail(shop.folder / "keys", shop.shop) is not None
    assert wallets_of(shop.folder / "keys", shop.shop, shop.clock) is not None


def test_the_cart_on_the_counter_is_not_paid_in_practice(shop: DiskShop) -> None:
    """A wallet may have been asked for it: nobody could answer in the copy, and it would stand there for ever."""
    cart = shop.cart(NECKLACE)
    with practice_of(shop) as practice:
        assert practice.shop.carts.reopen().empty
    assert shop.shop.carts.reopen() == cart


def test_practice_is_tied_to_no_platform(shop: DiskShop) -> None:
    link = SyncLink(
        address="http://127.0.0.1:1",
        merchant=MerchantId(uuid7(1, 1)),
        platform_key=bytes(32),
        enrolled_at_ms=1,
        epoch=1,
        seq=0,
        hash=bytes(32),
    )
    with shop.store.write() as tx:
        tx.links.save(link)
    with practice_of(shop) as practice, practice.store.read() as tx:
        assert tx.links.load() is None
        assert practice.shop.current.value.platform_address == ""
    with shop.store.read() as tx:
        assert tx.links.load() == link


def test_practice_signs_with_a_key_of_its_own(shop: DiskShop, tmp_path: Path) -> None:
    place = practice_home(Home(tmp_path))
    assert (
        practice_tools(place).signer.public_key()
        != practice_tools(Home(tmp_path, tmp_path / "k")).signer.public_key()
    )
    assert place.keys.is_relative_to(place.folder), "it goes when the copy goes"


def test_a_copy_left_behind_by_a_kill_is_gone_at_the_next_start(shop: DiskShop) -> None:
    place = practice_home(Home(shop.folder))
    prepare(Home(shop.folder), place)
    assert place.database.exists()
    forget_left_practice(Home(shop.folder))
    assert not place.folder.exists()


def test_a_copy_in_use_stays(shop: DiskShop) -> None:
    place = practice_home(Home(shop.folder))
    prepare(Home(shop.folder), place)
    with folder_lock(shop.folder / LOCK):
        forget_left_practice(Home(shop.folder))
        assert place.database.exists()


def test_practice_opens_once(shop: DiskShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUKE_HOME", str(shop.folder))
    with folder_lock(shop.folder / LOCK), pytest.raises(PracticeOpenError):
        run_practice()


def test_without_a_shop_there_is_nothing_to_practise_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUKE_HOME", str(tmp_path / "nothing"))
    with pytest.raises(NotFoundedError):
        run_practice()
