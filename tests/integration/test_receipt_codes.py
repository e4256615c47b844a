"""A till signs its receipts and knows its own again: with an earlier key too, on a reprint, against its books."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec
import pytest

from pos_app.documents.page import Code, Codes, Page, Symbology
from pos_app.domain.receipt_codes import (
    ForeignReceiptError,
    NewerReceiptCodeError,
    ReceiptDiffersError,
    message_of,
    text_of,
)
from pos_app.domain.receipt_codes import read as read_code
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.money import Amount
from pos_app.persistence.store import SqlTx
from pos_app.services.receipt_codes import receipt_code
from pos_app.services.shop import make_shop
from tests.support.bootstrap import OneSigner
from tests.support.shop_on_disk import CANDY, FLOAT, DiskShop, shop_on_disk


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    with shop_on_disk(tmp_path) as shop:
        yield shop


def printed(shop: DiskShop, sale: Sale, copy: int = 0) -> str:
    """Return what the QR code of a sale's receipt holds."""
    page: Page = shop.shop.printing.receipt(sale.sale_id, copy)
    codes = [code for block in page.blocks if isinstance(block, Codes) for code in block.codes]
    return next(code.payload for code in codes if isinstance(code, Code) and code.symbology is Symbology.QR)


def with_key(shop: DiskShop, signer: OneSigner) -> None:
    """Go on with another key: the key store was lost."""
    shop.outside.signer = signer
    shop.shop = make_shop(shop.store, shop.shop.current.value, shop.outside.tools)


def kinds(shop: DiskShop) -> list[str]:
    with shop.store.read() as tx:
        return [entry.kind for entry in tx.journal.entries()]


def test_a_till_knows_its_own_receipt_and_has_its_sale(shop: DiskShop) -> None:
    sale = shop.sell().sale
    checked = shop.shop.receipt_codes.check(printed(shop, sale))
    assert checked.is_here and checked.genuine.code.sale_id == sale.sale_id
    assert checked.genuine.till.shop_name == "熟客测试店"
    assert "till.key_changed" not in kinds(shop)


def test_a_reprint_holds_the_very_same_text(shop: DiskShop) -> None:
    sale = shop.sell().sale
    assert printed(shop, sale) == printed(shop.reopened(), sale, copy=2)


def test_a_return_and_a_void_have_codes_of_their_own(shop: DiskShop) -> None:
    sale = shop.sell().sale
    back = shop.take_back(sale).sale
    checked = shop.shop.receipt_codes.check(printed(shop, back))
    assert checked.genuine.code.total == back.total < 0


def test_a_till_with_a_new_key_tells_it_at_once_and_knows_what_the_old_one_signed(shop: DiskShop) -> None:
    old_sale = shop.sell().sale
    old = printed(shop, old_sale)
    with_key(shop, OneSigner("after the key store was lost"))
    new_sale = shop.sell(CANDY).sale
    new = printed(shop, new_sale)
    assert kinds(shop).count("till.key_changed") == 1
    for text, sale in ((old, old_sale), (new, new_sale), (printed(shop, old_sale), old_sale)):
        assert shop.shop.receipt_codes.check(text).genuine.code.sale_id == sale.sale_id
    shop.close_shift()
    assert kinds(shop).count("till.key_changed") == 1, "the Z finds it told"
    assert shop.verify().findings == []


def test_a_letter_and_the_printer_that_meet_a_new_key_tell_it_once(
    shop: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = shop.sell().sale
    with_key(shop, OneSigner("after the key store was lost"))
    printer, letter = shop.shop, make_shop(shop.store, shop.shop.current.value, shop.outside.tools)
    write = shop.store.write

    def write_second() -> AbstractContextManager[SqlTx]:
        """Let the letter be first to write, after both have looked."""
        monkeypatch.setattr(shop.store, "write", write)
        letter.receipt_codes.code(sale)
        return write()

    monkeypatch.setattr(shop.store, "write", write_second)
    assert printer.receipt_codes.code(sale) == letter.receipt_codes.code(sale)
    assert kinds(shop).count("till.key_changed") == 1 and shop.verify().findings == []


def test_two_keys_between_two_closes_are_both_known(shop: DiskShop) -> None:
    shop.close_shift()
    texts = []
    shop.shop.shifts.open(shop.cashier, FLOAT)
    for name in ("first", "second", "first"):
        with_key(shop, OneSigner(name))
        texts.append(printed(shop, shop.sell().sale))
    assert kinds(shop).count("till.key_changed") == 3
    assert all(shop.shop.receipt_codes.check(text).is_here for text in texts)
    assert shop.verify().findings == []


def test_a_signature_beside_the_closes_without_its_fact_is_found(shop: DiskShop) -> None:
    with_key(shop, OneSigner("another"))
    printed(shop, shop.sell().sale)
    with shop.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE signed_head SET seq = seq - 1")
    assert "proof.below_z" in [finding.code for finding in shop.verify().findings]


def test_a_receipt_whose_sale_stands_otherwise_in_the_books_is_told(shop: DiskShop) -> None:
    sale = shop.sell().sale
    code, _ = read_code(printed(shop, sale))
    dearer = msgspec.structs.replace(code, total=Amount(sale.total * 2))
    text = text_of(dearer, shop.outside.signer.sign(message_of(dearer)))
    with pytest.raises(ReceiptDiffersError):
        shop.shop.receipt_codes.check(text)


def test_a_receipt_of_another_merchant_is_foreign_and_a_newer_one_is_said_to_be(shop: DiskShop) -> None:
    sale = shop.sell().sale
    with pytest.raises(ForeignReceiptError):
        shop.shop.receipt_codes.check(receipt_code(sale, OneSigner("another merchant's")))
    with pytest.raises(NewerReceiptCodeError):
        shop.shop.receipt_codes.check("SK2" + printed(shop, sale)[3:])


class BrokenSigner(OneSigner):
    """A key file that cannot be read."""

    def public_key(self) -> bytes:
        raise PermissionError("keys")


def test_a_receipt_is_printed_all_the_same_when_the_key_cannot_be_read(shop: DiskShop) -> None:
    sale = shop.sell().sale
    with_key(shop, BrokenSigner())
    assert printed(shop, sale) == sale.number
