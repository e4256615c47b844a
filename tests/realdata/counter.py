"""Ring a basket through the very services that a cashier's keys call.

Decides which call stands for which key; every amount of a sale is made by the product.
"""

import msgspec

from pos_app.domain.sales.cart import Cart, CartLine, MemberRef, add_line
from pos_app.domain.sales.discount import parse_discount
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE, Quantity
from pos_app.services.acting import Actor
from pos_app.services.carts import PriceAsk
from pos_app.services.members import SignUp
from pos_app.services.ringing import PriceNeededError, SomeMember
from pos_app.services.shop import Shop
from tests.realdata.chain import Basket, Rung

REASON = "source"
"""Why a price is zero and a discount given: the source says so."""


class RingError(Exception):
    """The till did something else than a cashier ringing real goods expects; the text says what."""


class ServiceCounter:
    """A cashier who calls the use cases."""

    def __init__(self, shop: Shop, who: Actor) -> None:
        self._shop = shop
        self._who = who
        self.signed_up = 0

    def ring(self, basket: Basket) -> None:
        """Ring one basket and pay it in cash; raise RingError when the till disagrees."""
        shop = self._shop
        cart = self._with_member(shop.carts.new(), basket)
        for rung in basket.lines:
            cart = self._with_line(cart, rung)
        due = shop.checkout.settlement(cart)
        if due.total > 0:
            cash = shop.checkout.tender(TenderKind.CASH, due.open_cash)
            cart = msgspec.structs.replace(cart, tenders=(cash,))
        done = shop.checkout.commit(self._who, cart)
        if done.again or done.change:
            raise RingError(f"basket {basket.basket_id}: {done.sale.number} was there, or gave change")

    def close(self) -> None:
        """Go home; every call was answered before the next."""

    def _with_member(self, cart: Cart, basket: Basket) -> Cart:
        """Attach the household's member, signing it up at its first visit."""
        meaning = self._shop.ringing.meaning(basket.phone)
        if isinstance(meaning, SomeMember):
            member = meaning.member
        else:
            member = self._shop.members.register(self._who, SignUp(phone=basket.phone, agreed=True))
            self.signed_up += 1
        cart = msgspec.structs.replace(cart, member=MemberRef(member=member.member_id, found_by="phone"))
        self._shop.carts.keep(cart)
        return cart

    def _with_line(self, cart: Cart, rung: Rung) -> Cart:
        """Scan, type the price, and take off what the source takes off."""
        cart, line_id = add_line(cart, self._line(rung))
        self._shop.carts.keep(cart)
        if not rung.off:
            return cart
        digits = self._shop.settings.value.money.digits
        asked = parse_discount(f"-{rung.off // 100}.{rung.off % 100:02d}", digits)
        return self._shop.carts.change_price(self._who, cart, PriceAsk(asked, line=line_id), reason=REASON)

    def _line(self, rung: Rung) -> CartLine:
        ringing = self._shop.ringing
        quantity = Quantity(rung.count * ONE)
        reason = REASON if rung.regular == 0 else None
        try:
            meaning = ringing.meaning(rung.barcode, quantity)
        except PriceNeededError as needed:
            if rung.unit is None:
                return ringing.amount_line(needed.found, Amount(rung.regular), reason, quantity)
            return ringing.open_price_line(needed.found, Amount(rung.unit), reason, quantity)
        raise RingError(f"{rung.barcode} is {meaning}, not goods at an open price")
