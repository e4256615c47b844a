"""What a scan or a typed text means at the counter, and the cart line it makes.

Order of meaning (DESIGN.md §6): piece, product barcode, scale code, member, held slip, receipt. Reads only; fast
enough for the thread that takes the key. Decides meaning and price basis; the cart changes in `domain.sales.cart`.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from pos_app.domain import catalogue
from pos_app.domain.catalogue import ANYBODY, Batch, Customer, Found, NoGoldPriceError, Piece, Price
from pos_app.domain.errors import ExpectedError
from pos_app.domain.member_keys import CardRefusedError, card_state
from pos_app.domain.members import KeyKind, Member, Replaced
from pos_app.domain.receipt_codes import is_receipt_code, plain_of
from pos_app.domain.sales.cart import CartLine, SoldPiece, SoldProduct
from pos_app.domain.sales.line import PriceBasis, RungBy
from pos_app.domain.values import barcode, phone
from pos_app.domain.values.business_date import business_date
from pos_app.domain.values.ids import CartId, LineId, SaleId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE, Quantity
from pos_app.services.acting import CurrentSettings
from pos_app.services.ports.clock import Clock, Ids
from pos_app.services.ports.store import Store, Tx

HELD_PREFIX = "SKH"
"""What the slip of a held cart begins with."""


class PriceNeededError(ExpectedError):
    """The goods are open-priced: the amount must be typed; `found` is what was scanned."""

    code = "sales.error.price_needed"

    def __init__(self, found: Found) -> None:
        super().__init__(name=found.variant.name)
        self.found = found


class ZeroPriceReasonError(ExpectedError):
    """A price of zero needs a reason."""

    code = "sales.error.zero_price_reason"


@dataclass(frozen=True, slots=True)
class Goods:
    """A scan that is goods: the line to add."""

    line: CartLine


@dataclass(frozen=True, slots=True)
class SomeMember:
    """A scan that is a member's card or phone; `forwarded` by the number of a card that was replaced."""

    member: Member
    key: KeyKind
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class SharedPhone:
    """A scan that is a phone of several members: which of them, a person must say. `number` is as it was scanned."""

    members: tuple[Member, ...]
    number: str


@dataclass(frozen=True, slots=True)
class HeldSlip:
    """A scan that is the slip of a held cart."""

    cart: CartId


@dataclass(frozen=True, slots=True)
class SomeReceipt:
    """A scan that is a receipt of this till."""

    sale: SaleId
    number: str


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """A scan that is the signed code of a receipt, of whichever till; whether it is genuine is not looked at yet."""

    code: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A scan that is nothing known here."""

    code: str


Meaning = Goods | SomeMember | SharedPhone | HeldSlip | SomeReceipt | SignedReceipt | Unknown


class Ringing:
    """Look-ups of the counter."""

    def __init__(self, store: Store, settings: CurrentSettings, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._ids = ids

    def meaning(self, text: str, quantity: Quantity = ONE, customer: Customer = ANYBODY) -> Meaning:
        """Return what a scanned text is.

        Raises what `domain.catalogue` says against selling the goods, PriceNeededError for open-priced goods,
        CardRefusedError for a lost card, and
        CheckDigitError for a damaged scale code, or a number that would be an EAN but for its last digit.
        """
        if is_receipt_code(text):
            return SignedReceipt(plain_of(text))
        code = barcode.strip_symbology(barcode.fold(text))[: barcode.MAX_LENGTH]
        with self._store.read() as tx:
            meaning = self._exact(tx, code, barcode.candidates(text), quantity, customer)
            capitals = code.upper()
            if isinstance(meaning, Unknown) and capitals != code:
                # Labels are printed in capitals; a person types their letters small.
                typed = self._exact(tx, capitals, (capitals,), quantity, customer)
                return meaning if isinstance(typed, Unknown) else typed
            return meaning

    def _exact(
        self, tx: Tx, code: str, forms: Sequence[str], quantity: Quantity, customer: Customer
    ) -> Meaning:
        """Return what exactly this code is, in the order of meaning."""
        found = tx.catalogue.find_piece(code) or tx.catalogue.find_barcode(forms)
        if found is not None:
            return Goods(self._line(tx, found, quantity, customer))
        return self._weighed(tx, code, customer) or self._other(tx, code)

    def _weighed(self, tx: Tx, code: str, customer: Customer) -> Goods | None:
        """Return the line of a scale code: by weight, or by the amount it carries."""
        scale = barcode.parse_scale_code(code, barcode.DEFAULT_SCALE_PATTERNS)
        found = tx.catalogue.find_scale_item(scale.item) if scale else None
        if scale is None or found is None:
            return None
        weight = Quantity(scale.grams) if scale.grams else ONE
        line = self._line(tx, found, weight, customer)
        if scale.minor_units is not None:
            line = msgspec.structs.replace(
                line,
                rung_by=RungBy.AMOUNT,
                amount=Amount(scale.minor_units),
                basis=PriceBasis.EMBEDDED,
            )
        return Goods(msgspec.structs.replace(line, barcode=code))

    def _other(self, tx: Tx, code: str) -> Meaning:
        """Return the member, held slip or receipt of a code, or say that it is unknown."""
        found = _member_of_card(tx, code) or _members_of_phone(tx, code)
        if found is not None:
            return found
        if code.startswith(HELD_PREFIX):
            for held in tx.carts.held():
                if held_code(held.cart.cart_id) == code:
                    return HeldSlip(held.cart.cart_id)
        sale = tx.sales.find_number(code.upper())
        if sale is not None:
            return SomeReceipt(sale, code.upper())
        if len(code) == 13 and code.isascii() and code.isdigit() and not barcode.is_valid_gtin(code):
            raise barcode.CheckDigitError(code_text=code)
        return Unknown(code)

    def line_of(self, found: Found, quantity: Quantity = ONE, customer: Customer = ANYBODY) -> CartLine:
        """Return the line of goods chosen from a list; raises as `meaning` does."""
        with self._store.read() as tx:
            return self._line(tx, found, quantity, customer)

    def open_price_line(
        self,
        found: Found,
        amount: Amount,
        reason: str | None,
        quantity: Quantity = ONE,
        customer: Customer = ANYBODY,
    ) -> CartLine:
        """Return the line of open-priced goods at a typed unit price.

        Raises ZeroPriceReasonError for zero without a reason.
        """
        price = Price(PriceBasis.OPEN, unit_price=amount)
        return self._open_line(found, price, reason, quantity, customer)

    def amount_line(
        self,
        found: Found,
        amount: Amount,
        reason: str | None,
        quantity: Quantity = ONE,
        customer: Customer = ANYBODY,
    ) -> CartLine:
        """Return the line of open-priced goods at a typed amount for the whole quantity.

        For what does not divide: three for 10.00. Raises ZeroPriceReasonError for zero without a reason.
        """
        line = self._open_line(found, Price(PriceBasis.OPEN, amount=amount), reason, quantity, customer)
        assert line.product is not None
        # A list price is for one of what is counted; nobody named one here.
        return msgspec.structs.replace(line, product=msgspec.structs.replace(line.product, list_price=None))

    def _open_line(
        self, found: Found, price: Price, reason: str | None, quantity: Quantity, customer: Customer
    ) -> CartLine:
        zero = not (price.unit_price or price.amount)
        if zero and not reason:
            raise ZeroPriceReasonError()
        with self._store.read() as tx:
            line = self._checked(tx, found, price, quantity, customer)
        return msgspec.structs.replace(line, price_reason=reason if zero else None)

    def settle_unknown(self, line: CartLine, amount: Amount, reason: str | None) -> CartLine:
        """Return the red line of an unknown code as goods at a typed unit price.

        Raises ZeroPriceReasonError for zero without a reason.
        """
        if amount == 0 and not reason:
            raise ZeroPriceReasonError()
        return msgspec.structs.replace(
            line,
            unknown_code=None,
            basis=PriceBasis.OPEN,
            unit_price=amount,
            price_reason=reason if amount == 0 else None,
        )

    def unknown_line(self, code: str, quantity: Quantity = ONE) -> CartLine:
        """Return the red line of a code that the catalogue does not hold."""
        return CartLine(line_id=LineId(self._ids.new()), quantity=quantity, unknown_code=code, barcode=code)

    def today(self) -> date:
        """Return the business date of now."""
        settings = self._settings.value
        return business_date(self._clock.now(), settings.zone, settings.day_starts_at)

    def _line(self, tx: Tx, found: Found, quantity: Quantity, customer: Customer) -> CartLine:
        if found.piece is not None:
            return self._checked(tx, found, self._piece_price(tx, found.piece), quantity, customer)
        rows = tx.catalogue.prices(found.variant.variant_id)
        here = dataclasses.replace(customer, shop=self._settings.value.shop_id)
        try:
            price = catalogue.choose_price(found, rows, here, self.today())
        except catalogue.NoPriceError:
            # What may not be sold at all is said before what has no price.
            catalogue.check_sellable(found.variant, customer.level, self.today())
            raise
        if price.basis is PriceBasis.OPEN:
            catalogue.check_sellable(found.variant, customer.level, self.today())
            raise PriceNeededError(found)
        return self._checked(tx, found, price, quantity, customer)

    def _piece_price(self, tx: Tx, piece: Piece) -> Price:
        """Return the price of a piece today; NoGoldPriceError tells the latest price that was set before."""
        today = self.today()
        try:
            return catalogue.piece_price(piece, tx.catalogue.gold_price(piece.fineness, today))
        except NoGoldPriceError as error:
            before, day = tx.catalogue.gold_before(piece.fineness, today) or (None, None)
            raise NoGoldPriceError(fineness=piece.fineness, before=before, before_on=day) from error

    def _checked(
        self, tx: Tx, found: Found, price: Price, quantity: Quantity, customer: Customer
    ) -> CartLine:
        """Return the line of goods at a price, once they may be sold."""
        today = self.today()
        catalogue.check_sellable(found.variant, customer.level, today)
        batches = tx.catalogue.batches(found.variant.variant_id) if found.variant.flags.batch_required else ()
        batch = catalogue.batch_to_sell(found.variant, batches, today)
        return make_line(LineId(self._ids.new()), found, price, quantity, batch)


def _member_of_card(tx: Tx, code: str) -> SomeMember | None:
    """Return the member of a card; raise CardRefusedError for one that was replaced and is refused."""
    member = tx.members.by_key(KeyKind.CARD.value, code)
    if member is not None:
        forwarded = card_state(member, code) is Replaced.FORWARDED
        return SomeMember(member, KeyKind.CARD, forwarded)
    state = tx.members.key_state(KeyKind.CARD.value, code)
    if state is not None and state.replaced is Replaced.REFUSED:
        raise CardRefusedError()
    return None


def _members_of_phone(tx: Tx, code: str) -> SomeMember | SharedPhone | None:
    """Return the member of a mainland phone, or all who share it."""
    if not phone.is_mainland_mobile(code):
        return None
    members = tuple(tx.members.of_key(KeyKind.PHONE.value, "+86" + code))
    if len(members) > 1:
        return SharedPhone(members, code)
    return SomeMember(members[0], KeyKind.PHONE) if members else None


def make_line(
    line_id: LineId, found: Found, price: Price, quantity: Quantity, batch: Batch | None = None
) -> CartLine:
    """Return the cart line of goods as found, at a price."""
    variant, code, piece = found.variant, found.barcode, found.piece
    by_amount = price.unit_price is None
    return CartLine(
        line_id=line_id,
        quantity=ONE if piece else quantity,
        kind=variant.kind,
        product=_sold_product(found, price.amount if by_amount else price.list_price or price.unit_price),
        piece=_sold_piece(piece) if piece else None,
        rung_by=RungBy.AMOUNT if by_amount else RungBy.UNIT_PRICE,
        basis=price.basis,
        unit_price=price.unit_price,
        amount=price.amount,
        components=price.components,
        barcode=code.code if code else None,
        pack_quantity=code.pack_quantity if code and code.pack_quantity != ONE else None,
        batch=batch.batch_id if batch else None,
        batch_code=batch.code if batch else None,
        expires_on=batch.expires_on if batch else None,
        net_weight_mg=piece.net_weight_mg if piece else None,
    )


def _sold_product(found: Found, list_price: Amount | None) -> SoldProduct:
    variant, code = found.variant, found.barcode
    return SoldProduct(
        variant=variant.variant_id,
        code=variant.code,
        name=variant.name,
        unit=code.unit if code and code.unit else variant.unit,
        category=variant.category,
        list_price=list_price,
        tax_code=variant.tax_code,
        tax_rate=variant.tax_rate,
        kind=variant.kind,
        by_weight=variant.flags.by_weight,
        open_price=variant.flags.open_price,
        no_discount=variant.flags.no_discount,
        lowest_price=variant.flags.lowest_price,
    )


def _sold_piece(piece: Piece) -> SoldPiece:
    return SoldPiece(
        piece=piece.piece_id,
        code=piece.code,
        net_weight_mg=piece.net_weight_mg,
        fineness=piece.fineness,
        certificate=piece.certificate,
    )


def held_code(cart: CartId) -> str:
    """Return the code on the slip of a held cart: the last 12 hex digits of its id, which are random."""
    return HELD_PREFIX + cart.hex[-12:].upper()
