"""The signed code of a receipt: small, the same for ever, and refused with the reason when anything in it is not so."""

from base64 import b32decode, b32encode
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.facts import codec
from pos_app.domain.facts.sales import SaleCommitted
from pos_app.domain.receipt_codes import (
    AlteredReceiptError,
    ForeignReceiptError,
    ForgedReceiptError,
    Genuine,
    KeySince,
    MalformedReceiptCodeError,
    NewerReceiptCodeError,
    ReceiptCode,
    ReceiptCodeError,
    ReceiptDiffersError,
    TillKeys,
    WithdrawnKeyError,
    began_with,
    code_of,
    compare,
    is_receipt_code,
    judge,
    lines_hash,
    message_of,
    plain_of,
    read,
    text_of,
    went_on_with,
)
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.ids import ShopId, TillId
from pos_app.domain.values.moments import to_ms
from pos_app.domain.values.money import Amount
from pos_app.services.receipt_codes import receipt_code
from tests.support.bootstrap import OneSigner
from tests.unit.documents import samples

OURS, OTHERS = OneSigner("ours"), OneSigner("another merchant's")
SALE = samples.full_sale()
SOLD_MS = to_ms(SALE.committed_at)
TEXT = receipt_code(SALE, OURS)
LENGTH_OF_SIGNATURE = 64


def till(*keys: KeySince, shut_at_ms: int | None = None, shop: str = "南京路店") -> TillKeys:
    return TillKeys(
        till=TillId(UUID(int=5)),
        code="1",
        shop=ShopId(UUID(int=4)),
        shop_name=shop,
        keys=keys or (KeySince(OURS.public_key(), 0),),
        shut_at_ms=shut_at_ms,
    )


def judged(text: str, *tills: TillKeys) -> Genuine:
    return judge(text, tills or (till(),), OURS.verify)


def packed(text: str) -> bytes:
    last = text.rpartition(".")[2]
    return b32decode(last + "=" * (-len(last) % 8))


def with_packed(text: str, plain: bytes) -> str:
    return text.rpartition(".")[0] + "." + b32encode(plain).decode().rstrip("=")


def signed_again(code: ReceiptCode, signer: OneSigner) -> str:
    return text_of(code, signer.sign(message_of(code)))


def test_a_till_of_the_merchant_finds_the_receipt_genuine_and_learns_what_it_is_of() -> None:
    found = judged(TEXT)
    assert found.till.shop_name == "南京路店"
    assert (found.code.sale_id, found.code.number) == (SALE.sale_id, SALE.number)
    assert (found.code.total, found.code.currency) == (SALE.total, "CNY")
    assert found.code.business_date == SALE.business_date
    assert found.code.lines_hash == lines_hash(SALE)
    compare(found.code, SALE)


@pytest.mark.parametrize("number", ["N01-1-2026-000123", "NANJING1-COUNTER9-2026-ZZ999999"])
def test_the_code_fits_a_small_symbol_in_capitals_and_digits(number: str) -> None:
    text = receipt_code(msgspec.structs.replace(SALE, number=number), OURS)
    symbol = segno.make_qr(text, error="m", boost_error=False)
    assert symbol.mode == "alphanumeric"
    assert int(symbol.version) <= (8 if number == SALE.number else 10)


def test_the_same_sale_gives_the_same_text_and_a_longer_one_no_longer_text() -> None:
    assert receipt_code(samples.full_sale(), OneSigner("ours")) == TEXT
    assert len(receipt_code(samples.long_sale(200), OURS)) == len(TEXT)


@pytest.mark.parametrize("heard", [TEXT.lower(), f"]Q1{TEXT}", f"  {TEXT}\r\n", TEXT.replace("S", "Ｓ", 1)])
def test_however_a_scanner_says_it_the_code_is_the_same(heard: str) -> None:
    assert is_receipt_code(heard) and plain_of(heard) == TEXT
    assert judged(heard).code == judged(TEXT).code


def test_a_sale_has_the_same_hash_when_it_comes_from_its_fact() -> None:
    for sale in (SALE, samples.golden_sale(), samples.returned_sale()):
        content = bytes(codec.encode_content(SaleCommitted(sale=sale)))
        again = codec.decode_content("sale.committed", 1, content)
        assert isinstance(again, SaleCommitted) and lines_hash(again.sale) == lines_hash(sale)


@given(st.integers(0, len(packed(TEXT)) * 8 - 1))
def test_no_bit_of_it_can_be_flipped(bit: int) -> None:
    plain = bytearray(packed(TEXT))
    plain[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ReceiptCodeError):
        judged(with_packed(TEXT, bytes(plain)))


@given(st.integers(0, len(TEXT) - 1), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:$ "))
def test_no_character_of_it_can_be_another(place: int, character: str) -> None:
    changed = TEXT[:place] + character + TEXT[place + 1 :]
    if plain_of(changed) != TEXT and is_receipt_code(changed):
        with pytest.raises(ReceiptCodeError):
            judged(changed)


@given(st.integers(3, len(TEXT) - 1))
def test_a_code_that_is_cut_off_is_no_code(length: int) -> None:
    with pytest.raises(ReceiptCodeError):
        judged(TEXT[:length])


@pytest.mark.parametrize(
    "change",
    [
        {"total": Amount(1)},
        {"total": Amount(-SALE.total)},
        {"number": "N01-1-2026-000124"},
        {"business_date": date(2026, 11, 23)},
        {"sold_at_s": 1},
        {"currency": "USD"},
        {"lines_hash": bytes(16)},
        {"sale_id": UUID(int=1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_was_changed_is_altered_and_with_its_check_mended_it_is_forged(
    change: dict[str, object],
) -> None:
    code, signature = read(TEXT)
    other = msgspec.structs.replace(code, **change)
    mended = text_of(other, signature)
    plain, honest = packed(mended), packed(TEXT)
    body = len(plain) - LENGTH_OF_SIGNATURE - 4
    altered = with_packed(mended, plain[:body] + honest[body:])
    with pytest.raises(AlteredReceiptError):
        judged(altered)
    with pytest.raises(ForgedReceiptError):
        judged(mended)


def test_another_merchants_receipt_is_foreign_and_one_that_names_our_key_is_forged() -> None:
    with pytest.raises(ForeignReceiptError):
        judged(receipt_code(SALE, OTHERS))
    with pytest.raises(ForgedReceiptError):
        judged(signed_again(code_of(SALE, OURS.public_key()), OTHERS))
    with pytest.raises(ForeignReceiptError):
        judge(TEXT, (), OURS.verify)


def test_two_tills_whose_keys_have_one_name_are_both_tried() -> None:
    code, _ = read(TEXT)
    impostor = till(KeySince(OTHERS.public_key(), 0), shop="别家")
    assert judged(TEXT, impostor, till()).till.shop_name == "南京路店"
    assert code.key_id == sha256(OURS.public_key()).digest()[:6]


def test_a_till_that_was_shut_out_is_believed_for_what_it_sold_before() -> None:
    assert judged(TEXT, till(shut_at_ms=SOLD_MS + 1_000)).till.code == "1"
    with pytest.raises(WithdrawnKeyError) as refused:
        judged(TEXT, till(shut_at_ms=SOLD_MS - 1_000))
    assert refused.value.params["day"] == date(2026, 11, 22)


def test_an_earlier_key_counts_for_its_own_days_and_the_present_one_for_reprints_of_old_sales() -> None:
    old, new = OURS.public_key(), OTHERS.public_key()
    since = SOLD_MS + 60_000
    keys = went_on_with(began_with((), old, 0), new, since)
    assert judged(TEXT, till(*keys)).till.code == "1"
    reprint = receipt_code(SALE, OTHERS)
    assert judged(reprint, till(*keys)).till.code == "1"
    later = msgspec.structs.replace(SALE, committed_at=SALE.committed_at + timedelta(days=1))
    with pytest.raises(WithdrawnKeyError):
        judged(receipt_code(later, OURS), till(*keys))
    back = went_on_with(keys, old, since + 1)
    assert judged(receipt_code(later, OURS), till(*back)).till.code == "1"


def test_keys_are_told_in_any_order_and_twice_without_a_change() -> None:
    first, second = KeySince(b"a" * 32, 5), KeySince(b"b" * 32, 9)
    enrolled = went_on_with((), second.key, 9)
    assert began_with(enrolled, first.key, 5) == (first, second)
    assert began_with((first, second), first.key, 5) == (first, second)
    assert went_on_with((first, second), second.key, 30) == (first, second)


@pytest.mark.parametrize("text", ["SK2.N01-1-2026-000123.ABC", "SK12.-", "SK9.anything at all"])
def test_a_newer_code_is_known_for_one(text: str) -> None:
    assert is_receipt_code(text)
    with pytest.raises(NewerReceiptCodeError):
        judged(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SK1",
        "SK1.N01-1-2026-000123",
        "SK1..",
        "SK01" + TEXT[3:],
        TEXT + "A",
        TEXT + "=",
        "SK1.会员." + "A" * 197,
    ],
)
def test_what_is_no_code_is_malformed(text: str) -> None:
    with pytest.raises(MalformedReceiptCodeError):
        judged(text)


def test_a_currency_of_no_letters_is_malformed_whoever_signed_it() -> None:
    code = msgspec.structs.replace(code_of(SALE, OURS.public_key()), currency="C1Y")
    with pytest.raises(MalformedReceiptCodeError):
        judged(signed_again(code, OURS))


def test_a_number_a_product_or_a_web_address_is_no_receipt_code() -> None:
    for text in (SALE.number, "SK1234", "SKU1.5", "https://sk1.example.com/a", "6931201000176"):
        assert not is_receipt_code(text), text


@pytest.mark.parametrize(
    "change",
    [
        {"total": Amount(1)},
        {"number": "N01-1-2026-000999"},
        {"business_date": date(2026, 1, 1)},
        {"lines": samples.golden_sale().lines},
        {"tenders": samples.golden_sale().tenders},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_genuine_code_and_books_that_say_otherwise_are_told(change: dict[str, object]) -> None:
    held: Sale = msgspec.structs.replace(SALE, **change)
    with pytest.raises(ReceiptDiffersError):
        compare(judged(TEXT).code, held)


def test_a_sale_from_before_1970_has_no_code() -> None:
    with pytest.raises(OverflowError):
        receipt_code(msgspec.structs.replace(SALE, committed_at=datetime(1969, 1, 1, tzinfo=UTC)), OURS)
