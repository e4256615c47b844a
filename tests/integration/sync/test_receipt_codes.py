"""A receipt of one shop is judged at another with no network: genuine, or refused with the reason."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import delete

from pos_app.documents.page import Paper
from pos_app.documents.renderers.raster import render_raster
from pos_app.domain.receipt_codes import (
    AlteredReceiptError,
    ForeignReceiptError,
    ForgedReceiptError,
    TillKeys,
    WithdrawnKeyError,
    code_of,
    message_of,
    text_of,
)
from pos_app.domain.sales.sale import Sale
from pos_app.services.ports.clock import StillWatch
from pos_app.services.ports.syncing import TILL
from pos_app.services.receipt_codes import receipt_code
from pos_app.services.shop import make_shop
from sync.client.applying import appliers
from sync.client.pulling import PullEngine
from sync.platform import tables
from sync.platform.__main__ import open_service
from sync.protocol.documents import Kind, TillDocument
from tests.support.bootstrap import OneSigner
from tests.support.golden_sync import PLATFORM_FILE, unpack
from tests.support.scanner_eye import blurred, codes, picture
from tests.support.shop_on_disk import CANDY, open_shop, place_shop
from tests.support.tills_together import LinkedTill, Together, link, together

FIRST, SECOND = OneSigner("the first till"), OneSigner("the second till")


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Together]:
    """Two tills of two shops, each with a key of its own, which they told when they came in."""
    with together(tmp_path, f"sqlite+pysqlite:///{(tmp_path / 'platform.db').as_posix()}") as made:
        for which, signer in ((1, FIRST), (2, SECOND)):
            place_shop(tmp_path / f"shop{which}", which)
            shop = open_shop(tmp_path / f"shop{which}", which=which)
            shop.outside.signer, shop.outside.clock = signer, made.clock
            shop.shop = make_shop(shop.store, shop.shop.current.value, shop.outside.tools)
            made.tills.append(link(made.service, shop, public_key=signer.public_key()))
        yield made


def pull(till: LinkedTill) -> None:
    """Take in what the platform has."""
    engine = PullEngine(
        till.shop.store, till.wire, appliers(till.shop.shop.current.value.shop_id, {}), StillWatch()
    )
    while engine.pull(0).more:
        pass


def meet(two: Together) -> None:
    """Sync both once; after that nobody asks anybody."""
    for till in two.tills:
        till.push()
    for till in two.tills:
        pull(till)


def on_paper(till: LinkedTill, sale: Sale) -> str:
    """Print a receipt and read its QR code from the dots, a little out of focus."""
    dots = render_raster(till.shop.shop.printing.receipt(sale.sale_id), Paper.MM58)
    return next(text for family, text in codes(blurred(picture(dots))) if "QR" in family)


def known_keys(till: LinkedTill) -> list[TillKeys]:
    with till.shop.store.read() as tx:
        return [msgspec.json.decode(body, type=TillDocument).till for _, body in tx.documents.all(TILL)]


def test_a_receipt_is_genuine_at_the_other_till_after_one_sync_and_with_no_network(two: Together) -> None:
    a, b = two.tills
    meet(two)
    sale = a.shop.sell().sale
    checked = b.shop.shop.receipt_codes.check(on_paper(a, sale))
    assert not checked.is_here
    assert (checked.genuine.till.shop_name, checked.genuine.till.code) == ("熟客测试店", "1")
    code = checked.genuine.code
    assert (code.number, code.total, code.business_date) == (sale.number, sale.total, sale.business_date)


def test_the_other_way_round_too(two: Together) -> None:
    a, b = two.tills
    meet(two)
    checked = a.shop.shop.receipt_codes.check(on_paper(b, b.shop.sell(CANDY).sale))
    assert checked.genuine.till.shop_name == "熟客测试2店"


def test_forged_altered_and_foreign_ones_are_refused_with_the_reason(two: Together) -> None:
    a, b = two.tills
    meet(two)
    sale = a.shop.sell().sale
    text = on_paper(a, sale)
    forged = code_of(sale, FIRST.public_key())
    with pytest.raises(ForgedReceiptError):
        b.shop.shop.receipt_codes.check(text_of(forged, OneSigner("a forger").sign(message_of(forged))))
    with pytest.raises(AlteredReceiptError):
        b.shop.shop.receipt_codes.check(text.replace("-000001.", "-000002."))
    with pytest.raises(ForeignReceiptError):
        b.shop.shop.receipt_codes.check(receipt_code(sale, OneSigner("another merchant's till")))


def test_before_the_first_sync_a_till_says_that_it_does_not_know_the_other(two: Together) -> None:
    a, b = two.tills
    with pytest.raises(ForeignReceiptError):
        b.shop.shop.receipt_codes.check(on_paper(a, a.shop.sell().sale))


def test_an_earlier_key_and_a_later_one_are_both_known_elsewhere(two: Together) -> None:
    a, b = two.tills
    old = on_paper(a, a.shop.sell().sale)
    a.shop.outside.signer = OneSigner("after the key store was lost")
    a.shop.shop = make_shop(a.shop.store, a.shop.shop.current.value, a.shop.outside.tools)
    new = on_paper(a, a.shop.sell(CANDY).sale)
    meet(two)
    for text in (old, new):
        assert b.shop.shop.receipt_codes.check(text).genuine.till.till == a.till
    founded = OneSigner().public_key()
    keys = [each.key for each in next(t for t in known_keys(b) if t.till == a.till).keys]
    assert keys == [founded, FIRST.public_key(), a.shop.outside.signer.public_key()]


def test_a_till_that_was_shut_out_is_believed_up_to_then(two: Together) -> None:
    a, b = two.tills
    before = on_paper(a, a.shop.sell().sale)
    meet(two)
    two.clock.forward(timedelta(hours=2))
    two.service.revoke(two.service.only_merchant(), a.till)
    pull(b)
    two.clock.forward(timedelta(hours=2))
    after = on_paper(a, a.shop.sell().sale)
    assert b.shop.shop.receipt_codes.check(before).genuine.till.till == a.till
    with pytest.raises(WithdrawnKeyError):
        b.shop.shop.receipt_codes.check(after)


def test_a_document_of_a_newer_platform_is_set_aside_and_the_others_still_count(two: Together) -> None:
    a, b = two.tills
    meet(two)
    with b.shop.store.write() as tx:
        tx.documents.put(TILL, UUID(int=9).bytes, 1, b'{"till":{"moon":1}}')
    assert b.shop.shop.receipt_codes.check(on_paper(a, a.shop.sell().sale)).genuine.till.till == a.till


def test_a_platform_that_told_of_no_tills_tells_of_them_when_it_begins(two: Together) -> None:
    a, b = two.tills
    for till in two.tills:
        till.push()
    table = tables.document
    two.service.database.write(lambda c: c.execute(delete(table).where(table.c.kind == Kind.TILL.value)))
    assert two.service.tell_tills() == 2
    assert two.service.tell_tills() == 0
    pull(b)
    assert b.shop.shop.receipt_codes.check(on_paper(a, a.shop.sell().sale)).genuine.till.till == a.till


def test_the_platform_of_release_1_tells_of_its_tills_once_it_is_this_one(tmp_path: Path) -> None:
    unpack(1, tmp_path)
    service = open_service(f"sqlite+pysqlite:///{(tmp_path / PLATFORM_FILE).as_posix()}")
    try:
        assert service.tell_tills() == 1
        table = tables.document
        body = service.database.read(
            lambda c: c.execute(table.select().where(table.c.kind == Kind.TILL.value)).one().body
        )
        told = msgspec.json.decode(body, type=TillDocument).till
        assert [each.key for each in told.keys] == [OneSigner().public_key()]
    finally:
        service.database.close()
