"""Deposits, coupons and payments to the printed code, in the books: each yuan and each code counts once."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from pos_app.documents.page import Page, Paper
from pos_app.documents.renderers.text import render_text
from pos_app.domain.deposits import (
    Deposit,
    DepositAloneError,
    DepositByDepositError,
    DepositElsewhereError,
    DepositPriceError,
    DepositSpentError,
    DepositUnknownError,
    DepositUsedError,
)
from pos_app.domain.members import Member
from pos_app.domain.receipt_codes import ReceiptCodeError
from pos_app.domain.sales.cart import Cart, MemberRef, add_line
from pos_app.domain.sales.discount import parse_discount
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import Tender, TenderKind, TenderTooMuchError
from pos_app.domain.values.ids import SaleId
from pos_app.domain.values.money import Amount
from pos_app.domain.vouchers import (
    VoucherOnBillError,
    VoucherPlatform,
    VoucherSettings,
    VoucherUsedError,
)
from pos_app.services.ports.selling import ElsewhereSale
from tests.support.shop_on_disk import CANDY, FORMULA, NECKLACE, DiskShop, shop_on_disk

MEITUAN = "meituan"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop with a shift open."""
    with shop_on_disk(tmp_path / "home") as made:
        yield made


def text_of(page: Page) -> str:
    """Return what a page says on 80 mm."""
    return render_text(page, Paper.MM80)


def take_deposit(shop: DiskShop, amount: int = 50_000, member: Member | None = None) -> Sale:
    """Sell a deposit for cash."""
    cart = deposit_cart(shop, amount)
    if member is not None:
        cart = msgspec.structs.replace(cart, member=MemberRef(member=member.member_id))
    return shop.shop.checkout.commit(shop.cashier, shop.paid(cart)).sale


def deposit_cart(shop: DiskShop, amount: int = 50_000) -> Cart:
    """Put a deposit on an empty cart."""
    return add_line(shop.shop.carts.new(), shop.shop.tenders.deposit_line(Amount(amount), "定做手镯"))[0]


def stands(shop: DiskShop, sale: Sale) -> Deposit:
    """Return the deposit of a sale as it stands in the books."""
    with shop.store.read() as tx:
        found = tx.deposits.get(sale.sale_id)
    assert found is not None
    return found


def spend(shop: DiskShop, cart: Cart, deposit: Sale, amount: int) -> Cart:
    """Put so much of a deposit on a cart's bill."""
    tender = shop.shop.tenders.deposit(cart, stands(shop, deposit), Amount(amount))
    return with_tenders(cart, *cart.tenders, tender)


def with_tenders(cart: Cart, *tenders: Tender) -> Cart:
    """Return a cart with exactly these tenders."""
    return msgspec.structs.replace(cart, tenders=tenders)


def rest_in_cash(shop: DiskShop, cart: Cart) -> Sale:
    """Pay what is open in cash, and make the sale."""
    open_ = shop.shop.checkout.settlement(cart).open_cash
    cash = (shop.shop.checkout.tender(TenderKind.CASH, open_),) if open_ else ()
    return shop.shop.checkout.commit(shop.cashier, with_tenders(cart, *cart.tenders, *cash)).sale


def coupon(shop: DiskShop, cart: Cart, amount: int, code: str = "123456789012") -> Cart:
    """Put a coupon on a cart's bill."""
    kept = shop.shop.tenders.voucher_code(cart, MEITUAN, code)
    return with_tenders(cart, *cart.tenders, shop.shop.tenders.voucher(MEITUAN, kept, Amount(amount)))


# -- deposits ------------------------------------------------------------------------------------------------


def test_a_deposit_pays_a_part_and_keeps_the_rest(shop: DiskShop) -> None:
    deposit = take_deposit(shop)
    sale = rest_in_cash(shop, spend(shop, shop.cart(FORMULA), deposit, 20_000))
    assert [(t.kind, t.amount) for t in sale.tenders] == [
        (TenderKind.DEPOSIT, 20_000),
        (TenderKind.CASH, 12_800),
    ]
    assert sale.tenders[0].reference == deposit.number and sale.tenders[0].deposit == deposit.sale_id
    assert (stands(shop, deposit).used, stands(shop, deposit).left) == (20_000, 30_000)
    assert shop.verify().passed


def test_a_deposit_is_found_by_its_number_its_end_and_its_member(shop: DiskShop) -> None:
    member = shop.sign_up("13800000001", "王小满")
    hers, other = take_deposit(shop, member=member), take_deposit(shop, 8_000)
    tenders = shop.shop.tenders
    assert [d.sale for d in tenders.find_deposits(hers.number.lower())] == [hers.sale_id]
    assert [d.sale for d in tenders.find_deposits(other.number[-2:])] == [other.sale_id]
    assert [d.sale for d in tenders.deposits_of(member.member_id)] == [hers.sale_id]
    assert tenders.deposits_of(None) == ()


def test_the_signed_code_of_its_receipt_finds_it_and_an_altered_one_is_not_believed(shop: DiskShop) -> None:
    deposit = take_deposit(shop)
    code = shop.shop.receipt_codes.code(deposit)
    assert code is not None
    assert [d.sale for d in shop.shop.tenders.find_deposits(code)] == [deposit.sale_id]
    other = code[:-4] + ("AAAA" if not code.endswith("AAAA") else "BBBB")
    with pytest.raises(ReceiptCodeError):
        shop.shop.tenders.find_deposits(other)


@pytest.mark.parametrize("text", ["", "   ", "999999", "N01-1-2026-000777"])
def test_a_number_without_a_deposit_is_said_to_be_none(shop: DiskShop, text: str) -> None:
    take_deposit(shop)
    with pytest.raises(DepositUnknownError):
        shop.shop.tenders.find_deposits(text)


def test_the_number_of_another_sale_is_no_deposit(shop: DiskShop) -> None:
    with pytest.raises(DepositUnknownError):
        shop.shop.tenders.find_deposits(shop.sell(CANDY).sale.number)


def test_a_spent_deposit_is_found_no_more_and_says_why_by_its_whole_number(shop: DiskShop) -> None:
    deposit = take_deposit(shop, 32_800)
    rest_in_cash(shop, spend(shop, shop.cart(FORMULA), deposit, 32_800))
    with pytest.raises(DepositSpentError):
        shop.shop.tenders.find_deposits(deposit.number)
    with pytest.raises(DepositUnknownError):
        shop.shop.tenders.find_deposits(deposit.number[-3:])


def test_two_carts_cannot_spend_the_same_deposit(shop: DiskShop) -> None:
    deposit = take_deposit(shop, 32_800)
    first, second = (spend(shop, shop.cart(FORMULA), deposit, 32_800) for _ in range(2))
    shop.shop.checkout.commit(shop.cashier, first)
    with pytest.raises(DepositSpentError) as refused:
        shop.shop.checkout.commit(shop.cashier, second)
    assert refused.value.params["amount"] == 0
    with shop.store.read() as tx:
        assert tx.sales.get(SaleId(second.cart_id)) is None
    assert shop.verify().passed


def test_one_cart_cannot_spend_it_twice_either(shop: DiskShop) -> None:
    deposit = take_deposit(shop, 30_000)
    cart = spend(shop, shop.cart(NECKLACE), deposit, 20_000)
    with pytest.raises(DepositSpentError):
        spend(shop, cart, deposit, 10_001)
    assert rest_in_cash(shop, spend(shop, cart, deposit, 10_000)).total == 129_900
    assert stands(shop, deposit).left == 0


def test_a_deposit_never_pays_more_than_is_open(shop: DiskShop) -> None:
    deposit = take_deposit(shop, 50_000)
    with pytest.raises(TenderTooMuchError):
        shop.shop.checkout.commit(shop.cashier, spend(shop, shop.cart(FORMULA), deposit, 32_801))


def test_a_sale_that_a_deposit_paid_gives_it_back_to_pay_again(shop: DiskShop) -> None:
    deposit = take_deposit(shop, 20_000)
    sale = rest_in_cash(shop, spend(shop, shop.cart(FORMULA), deposit, 20_000))
    back = shop.take_back(sale).sale
    assert [(t.kind, t.amount) for t in back.tenders] == [
        (TenderKind.DEPOSIT, -20_000),
        (TenderKind.CASH, -12_800),
    ]
    assert stands(shop, deposit).left == 20_000
    rest_in_cash(shop, spend(shop, shop.cart(FORMULA), deposit, 20_000))
    assert stands(shop, deposit).left == 0 and shop.verify().passed


def test_a_void_gives_it_back_too(shop: DiskShop) -> None:
    deposit = take_deposit(shop, 20_000)
    sale = rest_in_cash(shop, spend(shop, shop.cart(FORMULA), deposit, 20_000))
    shop.shop.returns.void(shop.owner, sale.sale_id, "mistake")
    assert stands(shop, deposit).left == 20_000 and shop.verify().passed


def test_an_unspent_deposit_is_returned_and_pays_no_more(shop: DiskShop) -> None:
    deposit = take_deposit(shop)
    back = shop.take_back(deposit).sale
    assert [(t.kind, t.amount) for t in back.tenders] == [(TenderKind.CASH, -50_000)]
    assert stands(shop, deposit).left == 0
    with pytest.raises(DepositSpentError):
        shop.shop.tenders.find_deposits(deposit.number)
    assert shop.verify().passed


def test_a_deposit_that_has_paid_is_not_returned_and_nothing_is_written(shop: DiskShop) -> None:
    deposit = take_deposit(shop)
    rest_in_cash(shop, spend(shop, shop.cart(CANDY), deposit, 500))
    with pytest.raises(DepositUsedError) as refused:
        shop.take_back(deposit)
    assert refused.value.params["amount"] == 500
    with pytest.raises(DepositUsedError):
        shop.shop.returns.void(shop.owner, deposit.sale_id, "mistake")
    assert stands(shop, deposit).left == 49_500 and shop.verify().passed


def test_a_deposit_stands_alone_without_discount_and_not_on_another_deposit(shop: DiskShop) -> None:
    deposit, goods = take_deposit(shop), shop.cart(CANDY)
    mixed = msgspec.structs.replace(goods, lines=(*goods.lines, *deposit_cart(shop).lines))
    with pytest.raises(DepositAloneError):
        shop.shop.checkout.commit(shop.cashier, shop.paid(mixed))
    cart = deposit_cart(shop, 10_000)
    cheaper = msgspec.structs.replace(
        cart, lines=(msgspec.structs.replace(cart.lines[0], discounts=(parse_discount("-5", 2),)),)
    )
    with pytest.raises(DepositPriceError):
        shop.shop.checkout.commit(shop.owner, shop.paid(cheaper))
    with pytest.raises(DepositByDepositError):
        shop.shop.checkout.commit(shop.cashier, spend(shop, deposit_cart(shop, 10_000), deposit, 10_000))
    assert shop.verify().passed


def test_a_sale_of_another_till_that_a_deposit_paid_is_returned_there(shop: DiskShop) -> None:
    deposit = take_deposit(shop, 20_000)
    sale = rest_in_cash(shop, spend(shop, shop.cart(FORMULA), deposit, 20_000))
    other = SaleId(shop.outside.ids.new())
    tender = msgspec.structs.replace(sale.tenders[0], deposit=SaleId(shop.outside.ids.new()))
    away = msgspec.structs.replace(
        sale, sale_id=other, number="N02-1-2026-000009", tenders=(tender, *sale.tenders[1:])
    )
    with shop.store.write() as tx:
        tx.sales.keep_elsewhere(ElsewhereSale(sale=away, shop_name="二店", returned={}))
    with pytest.raises(DepositElsewhereError):
        shop.take_back(away)


def test_a_deposit_that_another_till_took_is_given_back_there(shop: DiskShop) -> None:
    """Only that till knows whether it has paid for something since."""
    taken = take_deposit(shop, 20_000)
    away = msgspec.structs.replace(taken, sale_id=SaleId(shop.outside.ids.new()), number="N02-1-2026-000010")
    with shop.store.write() as tx:
        tx.sales.keep_elsewhere(ElsewhereSale(sale=away, shop_name="二店", returned={}))
    with pytest.raises(DepositElsewhereError):
        shop.take_back(away)


def test_a_deposit_says_what_it_is_for_on_paper_and_not_in_the_journal(shop: DiskShop) -> None:
    sale = take_deposit(shop)
    page = text_of(shop.shop.printing.receipt(sale.sale_id))
    assert "订金：定做手镯" in page and "凭本小票抵扣" in page
    with shop.store.read() as tx:
        bodies = b"".join(bytes(entry.body) for entry in tx.journal.entries())
    assert "定做手镯".encode() not in bodies
    back = text_of(shop.shop.printing.receipt(shop.take_back(sale).sale.sale_id))
    assert "订金：定做手镯" in back


def test_deposits_and_fees_stand_in_the_sums_of_the_shift(shop: DiskShop) -> None:
    platforms = (VoucherPlatform(key=MEITUAN, fee_rate=Decimal("0.06")),)
    shop.shop.settings.change(
        shop.owner,
        msgspec.structs.replace(shop.shop.current.value, vouchers=VoucherSettings(platforms=platforms)),
    )
    take_deposit(shop, 12_300)
    rest_in_cash(shop, coupon(shop, shop.cart(FORMULA), 10_000))
    _, totals = shop.shop.shifts.x_report()
    assert (totals.deposits_taken, totals.voucher_fees) == (12_300, 600)
    assert {t.kind for t in totals.tenders} == {TenderKind.CASH, TenderKind.VOUCHER}


# -- coupons -------------------------------------------------------------------------------------------------


def test_a_coupon_counts_once_whatever_gaps_it_is_typed_with(shop: DiskShop) -> None:
    first = rest_in_cash(shop, coupon(shop, shop.cart(FORMULA), 10_000, "1234 5678 9012"))
    with pytest.raises(VoucherUsedError) as refused:
        coupon(shop, shop.cart(FORMULA), 10_000, "123456789012")
    assert refused.value.params["number"] == first.number
    assert shop.shop.tenders.voucher_code(shop.cart(FORMULA), "douyin", "123456789012")


def test_two_carts_cannot_take_the_same_coupon(shop: DiskShop) -> None:
    first, second = (coupon(shop, shop.cart(FORMULA), 32_800) for _ in range(2))
    shop.shop.checkout.commit(shop.cashier, first)
    with pytest.raises(VoucherUsedError):
        shop.shop.checkout.commit(shop.cashier, second)
    assert shop.verify().passed


def test_a_coupon_stands_on_a_bill_once(shop: DiskShop) -> None:
    cart = coupon(shop, shop.cart(FORMULA), 10_000)
    with pytest.raises(VoucherOnBillError):
        coupon(shop, cart, 10_000)


def test_a_returned_sale_gives_its_coupon_back_on_the_platform_and_the_code_stays_taken(
    shop: DiskShop,
) -> None:
    sale = rest_in_cash(shop, coupon(shop, shop.cart(FORMULA), 10_000))
    back = shop.take_back(sale).sale
    assert [(t.kind, t.amount, t.reference) for t in back.tenders] == [
        (TenderKind.VOUCHER, -10_000, "123456789012"),
        (TenderKind.CASH, -22_800, None),
    ]
    assert back.tenders[0].voucher is not None and back.tenders[0].voucher.fee == 0
    with pytest.raises(VoucherUsedError):
        coupon(shop, shop.cart(FORMULA), 10_000)
    assert shop.verify().passed


# -- the printed code ----------------------------------------------------------------------------------------


def test_a_payment_to_the_printed_code_says_who_saw_it_and_is_listed_apart(shop: DiskShop) -> None:
    cart = shop.cart(FORMULA)
    seen = shop.shop.tenders.seen(shop.cashier, Amount(32_800), "a1b2")
    sale = shop.shop.checkout.commit(shop.cashier, with_tenders(cart, seen)).sale
    assert (sale.tenders[0].reference, sale.tenders[0].seen_by) == ("A1B2", shop.cashier.staff_id)
    _, totals = shop.shop.shifts.x_report()
    assert [(t.kind, t.amount) for t in totals.tenders] == [(TenderKind.STATIC_CODE, 32_800)]
    assert "收款码（店员确认） 账单尾号 A1B2" in text_of(shop.shop.printing.receipt(sale.sale_id))


# -- proof ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tampering", "code"),
    [
        ("UPDATE deposit SET used = 0", "proof.deposit_rows"),
        ("UPDATE deposit SET amount = amount + 1", "proof.deposit_rows"),
        ("DELETE FROM deposit", "proof.deposit_rows"),
        ("DELETE FROM voucher", "proof.voucher_rows"),
        ("UPDATE voucher SET code = '000000'", "proof.voucher_rows"),
        ("INSERT INTO voucher SELECT 'douyin', '654321', sale_id FROM sale LIMIT 1", "proof.voucher_rows"),
    ],
)
def test_rows_that_the_journal_does_not_tell_are_found(shop: DiskShop, tampering: str, code: str) -> None:
    deposit = take_deposit(shop)
    rest_in_cash(shop, spend(shop, shop.cart(FORMULA), deposit, 20_000))
    rest_in_cash(shop, coupon(shop, shop.cart(FORMULA), 10_000))
    assert shop.verify().passed
    with shop.store.engine.connect() as connection:
        connection.exec_driver_sql(tampering)
        connection.commit()
    assert code in {finding.code for finding in shop.verify().findings}
