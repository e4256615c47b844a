"""The demo's goods are sold over the counter of the real services: pieces, loose goods, cases, and what is refused."""

from collections.abc import Iterator

import msgspec
import pytest

from pos_app.domain.catalogue import (
    BatchExpiredError,
    Customer,
    NotYetSoldError,
    PieceSoldError,
    QuarantinedError,
)
from pos_app.domain.sales.cart import Cart, CartLine, add_line
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.staff import Role
from pos_app.domain.values.barcode import check_digit
from pos_app.domain.values.money import Amount
from pos_app.services.acting import Actor
from pos_app.services.demo_shop import DemoShop, read_demo_shop
from pos_app.services.ringing import Goods, PriceNeededError, SomeMember
from tests.support.bootstrap import NOON, CountedIds, DemoTill, demo_till

TOLD: DemoShop = read_demo_shop(NOON, CountedIds().new)


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoTill]:
    """A founded demo with a shift open."""
    with demo_till(tmp_path_factory.mktemp("demo")) as founded:
        founded.shop.shifts.open(founded.owner, Amount(50_000))
        yield founded


@pytest.fixture(scope="module")
def cashier(till: DemoTill) -> Actor:
    """The demo's first cashier, signed in."""
    return till.signed_in(Role.CASHIER)


def barcode_of(name: str, pack: int = 1) -> str:
    """Return a barcode of the first goods whose name holds a text."""
    variant = next(v.variant_id for v in TOLD.variants if name in v.name)
    return next(b.code for b in TOLD.barcodes if b.variant_id == variant and b.pack_quantity == pack * 1000)


def scanned(till: DemoTill, *codes: str, level: int = 0) -> Cart:
    """Scan codes into a new cart."""
    cart = till.shop.carts.new()
    for code in codes:
        cart, _ = add_line(cart, line_of(till, code, level))
    return cart


def line_of(till: DemoTill, code: str, level: int = 0) -> CartLine:
    """Scan one code that is goods."""
    meaning = till.shop.ringing.meaning(code, customer=Customer(member=level > 0, level=level))
    assert isinstance(meaning, Goods), meaning
    return meaning.line


def sell(till: DemoTill, cashier: Actor, cart: Cart) -> int:
    """Pay a cart with exact cash and return its total in fen."""
    total = till.shop.checkout.price(cart).total
    cash = till.shop.checkout.tender(TenderKind.CASH, total)
    return till.shop.checkout.commit(cashier, msgspec.structs.replace(cart, tenders=(cash,))).sale.total


def test_a_bracelet_is_sold_once_at_its_weight_times_the_gold_price_of_the_day(
    till: DemoTill, cashier: Actor
) -> None:
    assert sell(till, cashier, scanned(till, "GD26110001")) == 339_040
    with pytest.raises(PieceSoldError):
        till.shop.ringing.meaning("GD26110001")


def test_wipes_dates_and_a_case_of_nappies_add_up(till: DemoTill, cashier: Actor) -> None:
    weighed = "2100101" + "00750"
    nappies = barcode_of("云柔超薄纸尿裤 S 60片", pack=4)
    cart = scanned(till, barcode_of("婴儿湿巾 80抽×3"), weighed + check_digit(weighed), nappies)
    # ¥39.90, 750 g at ¥64.00 a kilogram, four packs at ¥99.00 less ¥20 for the case.
    assert sell(till, cashier, cart) == 3_990 + 4_800 + 37_600


def test_a_scale_code_with_an_amount_is_sold_at_that_amount(till: DemoTill) -> None:
    body = "2200201" + "00632"
    assert till.shop.checkout.price(scanned(till, body + check_digit(body))).total == 632


def test_an_american_short_code_and_its_long_form_are_the_same_book(till: DemoTill) -> None:
    long = next(b.code for b in TOLD.barcodes if b.code.startswith("0987"))
    short = line_of(till, "0987343" + long[-1])
    assert short.product is not None and "积木贴纸书" in short.product.name
    assert line_of(till, "0" + long).product == short.product


def test_milk_past_its_day_is_refused_and_rice_sells_from_the_fresh_batch(till: DemoTill) -> None:
    with pytest.raises(BatchExpiredError):
        till.shop.ringing.meaning(barcode_of("鲜牛奶 巴氏杀菌 950ml"))
    rice = line_of(till, barcode_of("高铁婴儿米粉 原味 225g"))
    assert rice.expires_on is not None and rice.expires_on > NOON.date()


def test_goods_held_back_and_goods_of_next_month_are_refused(till: DemoTill) -> None:
    with pytest.raises(QuarantinedError):
        till.shop.ringing.meaning(barcode_of("恒温调奶器"))
    with pytest.raises(NotYetSoldError):
        till.shop.ringing.meaning(barcode_of("待产包 秋冬"), customer=Customer(member=True, level=5))


def test_the_new_pram_is_for_gold_members_first(till: DemoTill) -> None:
    pram = barcode_of("高景观婴儿推车")
    assert line_of(till, pram, level=3).unit_price == 169_900
    with pytest.raises(NotYetSoldError):
        till.shop.ringing.meaning(pram, customer=Customer(member=True, level=2))


def test_goods_without_a_price_ask_for_one(till: DemoTill) -> None:
    with pytest.raises(PriceNeededError):
        till.shop.ringing.meaning(barcode_of("临时商品"))


def test_a_members_card_and_phone_are_a_member(till: DemoTill) -> None:
    first = TOLD.members[0]
    for key in first.profile.keys:
        meaning = till.shop.ringing.meaning(key.value.removeprefix("+86"))
        assert isinstance(meaning, SomeMember) and meaning.member.profile.name == "王小满"
