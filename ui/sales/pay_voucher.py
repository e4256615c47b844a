"""Coupons of platforms: which platform, the code, and what it is worth.

Decides what is asked and when the cashier must agree: no change is given for a coupon, what is beyond the bill is lost.
"""

from functools import partial

from pos_app.documents.tender_words import platform_name
from pos_app.domain.values.money import Amount
from pos_app.domain.vouchers import VoucherPlatform, worth_on
from pos_app.words import format_amount, translate
from ui.sales.desk import Desk
from ui.sales.pay_stage import PayHost, PlainStage, PlainWay, StageView, amount_in, step_in
from ui.sales.state import ChoiceRow


class Coupon(PlainWay):
    """The row of coupons."""

    name, icon = "coupon", "ticket"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def there(self) -> bool:
        """Whether the shop takes those of any platform."""
        return bool(self._desk.shop.tenders.platforms)

    @property
    def words(self) -> str:
        """What it is called."""
        return translate("sales.tender.voucher")

    @property
    def second(self) -> str:
        """What is done before it."""
        return translate("tenders.voucher_under")

    def begin(self, pay: PayHost, typed: Amount | None) -> None:
        """Ask for the platform, unless there is only one, then for the code; `typed` is the face value."""
        worth_on(Amount(1), pay.settlement.open)
        platforms = self._desk.shop.tenders.platforms
        if len(platforms) == 1:
            pay.push(CouponCode(pay, platforms[0], typed))
        else:
            pay.push(PlatformPick(pay, platforms, typed))


class PlatformPick(PlainStage):
    """The platform is to be chosen."""

    def __init__(self, pay: PayHost, platforms: tuple[VoucherPlatform, ...], face: Amount | None) -> None:
        self._pay = pay
        self._platforms = platforms
        self._face = face
        self._chosen = 0

    @property
    def view(self) -> StageView:
        """The platforms, the first marked."""
        return StageView(
            "platform",
            translate("tenders.label_platform"),
            translate("tenders.choose"),
            choices=tuple(ChoiceRow("ticket", platform_name(each.key)) for each in self._platforms),
            chosen=self._chosen,
            writes=False,
        )

    def enter(self, text: str) -> None:
        """Take the marked one."""
        self.choose(self._chosen)

    def step(self, step: int) -> None:
        """Mark another."""
        self._chosen = step_in(len(self._platforms), self._chosen, step)

    def choose(self, place: int) -> None:
        """Ask for a code of this platform; Esc comes back here."""
        if 0 <= place < len(self._platforms):
            self._chosen = place
            self._pay.push(CouponCode(self._pay, self._platforms[place], self._face))


class CouponCode(PlainStage):
    """The code is asked, typed or scanned."""

    def __init__(self, pay: PayHost, platform: VoucherPlatform, face: Amount | None) -> None:
        self._pay = pay
        self._platform = platform
        self._face = face

    @property
    def view(self) -> StageView:
        """The code of a platform's coupon."""
        label = translate("tenders.label_code", platform=platform_name(self._platform.key))
        return StageView("coupon", label, hint=translate("tenders.code_hint"))

    def enter(self, text: str) -> None:
        """Take the code; the face value is asked next unless it was typed before."""
        desk = self._pay.desk
        code = desk.shop.tenders.voucher_code(desk.cart, self._platform.key, text)
        face = CouponFace(self._pay, self._platform, code)
        if self._face is not None:
            face.take(self._face)
        else:
            self._pay.push(face)

    def scan(self, text: str) -> bool:
        """Take a scanned code."""
        self.enter(text)
        return True


class CouponFace(PlainStage):
    """The face value is asked; an empty field is all that is open."""

    def __init__(self, pay: PayHost, platform: VoucherPlatform, code: str) -> None:
        self._pay = pay
        self._platform = platform
        self._code = code

    @property
    def view(self) -> StageView:
        """What the coupon is worth."""
        open_ = format_amount(self._pay.settlement.open, self._pay.desk.currency)
        label = translate(
            "tenders.label_face", platform=platform_name(self._platform.key), code=self._code[-4:]
        )
        return StageView("face", label, translate("tenders.face_default", amount=open_))

    def enter(self, text: str) -> None:
        """Take the face value."""
        face = amount_in(self._pay, text) if text else self._pay.settlement.open
        if face is not None:
            self.take(face)

    def take(self, face: Amount) -> None:
        """Give the coupon; what is beyond the bill is asked about first."""
        pay, currency = self._pay, self._pay.desk.currency
        worth = worth_on(face, pay.settlement.open)
        give = partial(pay.give, pay.desk.shop.tenders.voucher(self._platform.key, self._code, worth.amount))
        if not worth.forfeited:
            give()
            return
        words = translate(
            "tenders.forfeit",
            face=format_amount(face, currency),
            amount=format_amount(worth.amount, currency),
            over=format_amount(worth.forfeited, currency),
        )
        pay.ask(words, give)
