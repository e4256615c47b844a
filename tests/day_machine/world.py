"""One sequence: a shop on disk, the books of the model, and who stands at the till."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import msgspec

from pos_app.domain.vouchers import VoucherPlatform, VoucherSettings
from pos_app.services.acting import Actor
from pos_app.services.shifts import ZReport
from tests.day_machine.checks import check_totals
from tests.day_machine.journal import JournalBooks
from tests.day_machine.model import ShiftBooks, TillBooks, same
from tests.support.shop_on_disk import FLOAT, open_shop, place_shop

_DAY_STARTS, _ZONE = timedelta(hours=5), ZoneInfo("Asia/Shanghai")


class World:
    """The till of one seed."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.chance = Random(seed)
        place_shop(folder)
        self.at = open_shop(folder)
        self.people: tuple[Actor, ...] = (self.at.owner, self.at.manager, self.at.cashier)
        self.who = self.at.cashier
        step = self.chance.choice((1, 1, 10, 50))
        coupons = VoucherSettings(platforms=(VoucherPlatform(key="meituan", fee_rate=Decimal("0.06")),))
        shop = self.at.shop
        shop.settings.change(
            self.at.owner, msgspec.structs.replace(shop.current.value, cash_step=step, vouchers=coupons)
        )
        self.till = TillBooks(step=step, drawer=FLOAT)
        self.till.shift = ShiftBooks(FLOAT, str(self.who.staff_id), self.today)
        self.reports: list[bytes] = []
        self.journal = JournalBooks()

    @property
    def today(self) -> str:
        """The business date, reckoned here."""
        return (self.at.clock.now().astimezone(_ZONE) - _DAY_STARTS).date().isoformat()

    def change_cashier(self) -> None:
        """Let somebody work the till."""
        self.who = self.chance.choice(self.people)

    def drop_cart(self) -> None:
        """Let the open cart be nobody's."""
        with self.at.store.write() as tx:
            cart = tx.carts.open_cart()
            if cart is not None:
                tx.carts.drop(cart.cart_id)

    def note_close(self, report: ZReport, counted: int) -> None:
        """Hold a Z against the books, and remember it for ever."""
        shift = self.till.now
        same("number of the Z", report.closed.z_number, len(self.till.closed) + 1)
        same("counted", report.closed.counted, counted)
        same("variance", report.closed.variance, counted - shift.expected)
        same("business date of the shift", report.shift.business_date.isoformat(), shift.day)
        check_totals("Z", report.closed.totals, shift)
        self.journal.read(self.at.store)
        self.journal.check("Z", report.closed.shift, report.closed.totals)
        self.reports.append(msgspec.json.encode(report.closed))
        self.till.closed.append(shift)
        self.till.shift = None
