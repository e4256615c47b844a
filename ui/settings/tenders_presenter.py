"""The tab of other ways of paying: the printed code, and the platforms whose coupons the shop takes.

Decides how a typed fee becomes a rate and what is said of one that cannot be taken. Qt-free.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

import msgspec

from pos_app.documents.tender_words import platform_name
from pos_app.domain.values.barcode import fold
from pos_app.domain.vouchers import KNOWN, LONGEST_NAME, VoucherPlatform, VoucherSettings
from pos_app.words import translate
from ui.shell.counter import Counter
from ui.shell.wording import words_of


@dataclass(frozen=True, slots=True)
class PlatformRow:
    """A platform as it is being set; `rate` is what is typed, in percent."""

    key: str
    name: str
    on: bool
    rate: str
    error: str = ""

    @property
    def own(self) -> bool:
        """Whether the shop named it itself: only those can be removed."""
        return self.key not in KNOWN


@dataclass(frozen=True, slots=True)
class State:
    """What the tab shows."""

    static_code: bool
    rows: tuple[PlatformRow, ...]
    changed: bool = False
    busy: bool = False
    note: str = ""
    new_error: str = ""
    problem: str = ""


class TendersPresenter:
    """Everything that the tab does."""

    def __init__(self, counter: Counter, on_change: Callable[[State], None]) -> None:
        self._counter = counter
        self._on_change = on_change
        self.state = self._standing()

    def _standing(self) -> State:
        settings = self._counter.shop.current.value
        rows = (
            PlatformRow(each.key, platform_name(each.key), each.on, _percent(each.fee_rate))
            for each in settings.vouchers.platforms
        )
        return State(settings.payments.static_code, tuple(rows))

    def _show(self, state: State) -> None:
        self.state = state
        self._on_change(state)

    def open(self) -> None:
        """Show what is set, unless something is being changed."""
        if not self.state.changed:
            self._show(self._standing())

    def take_over(self, carried: State) -> None:
        """Go on with what was being changed, its names in the language of now."""
        rows = tuple(replace(row, name=platform_name(row.key), error="") for row in carried.rows)
        self._edit(replace(carried, rows=rows, busy=False))

    def turn_static(self, on: bool) -> None:
        """Take payments to the printed code, or not."""
        self._edit(replace(self.state, static_code=on))

    def turn(self, key: str, on: bool) -> None:
        """Take the coupons of a platform, or not."""
        self._edit_row(key, on=on)

    def type_rate(self, key: str, text: str) -> None:
        """Follow the fee of a platform."""
        self._edit_row(key, rate=text, error="")

    def _edit_row(self, key: str, **values: object) -> None:
        rows = tuple(replace(row, **values) if row.key == key else row for row in self.state.rows)  # type: ignore[arg-type]
        if rows != self.state.rows:
            self._edit(replace(self.state, rows=rows))

    def _edit(self, state: State) -> None:
        self._show(replace(state, changed=True, note="", new_error="", problem=""))

    def add(self, text: str) -> bool:
        """Add a platform by its name; say whether it could be."""
        name = text.strip()
        taken = {row.key for row in self.state.rows} | {row.name for row in self.state.rows}
        if not name or len(name) > LONGEST_NAME or name in taken:
            code = "twice" if name in taken else "name"
            self._show(
                replace(self.state, new_error=translate(f"settings.tenders.{code}", most=LONGEST_NAME))
            )
            return False
        self._edit(replace(self.state, rows=(*self.state.rows, PlatformRow(name, name, True, "0"))))
        return True

    def remove(self, key: str) -> None:
        """Remove a platform that the shop named itself; what it paid keeps its name."""
        self._edit(replace(self.state, rows=tuple(row for row in self.state.rows if row.key != key)))

    def revert(self) -> None:
        """Show again what is set."""
        self._show(self._standing())

    def save(self) -> None:
        """Put it in force; a fee that cannot be read is said beside it."""
        state, counter = self.state, self._counter
        if not state.changed or state.busy:
            return
        read = [_rate(row.rate) for row in state.rows]
        if None in read:
            wrong = translate("settings.tenders.rate")
            rows = tuple(
                replace(row, error=wrong if rate is None else "")
                for row, rate in zip(state.rows, read, strict=True)
            )
            self._show(replace(state, rows=rows))
            return
        platforms = tuple(
            VoucherPlatform(key=row.key, fee_rate=rate or Decimal(0), on=row.on)
            for row, rate in zip(state.rows, read, strict=True)
        )
        self._show(replace(state, busy=True))
        counter.db.run(lambda: self._write(platforms, state.static_code), self._saved, self._failed)

    def _write(self, platforms: tuple[VoucherPlatform, ...], static_code: bool) -> None:
        counter = self._counter
        # Read on the lane: another tab may have changed something meanwhile.
        now = counter.shop.current.value
        payments = msgspec.structs.replace(now.payments, static_code=static_code)
        vouchers = VoucherSettings(platforms=platforms)
        changed = msgspec.structs.replace(now, payments=payments, vouchers=vouchers)
        counter.shop.settings.change(counter.session.who, changed)

    def _saved(self, _none: None) -> None:
        self._show(replace(self._standing(), note=translate("settings.note.saved")))

    def _failed(self, error: Exception) -> None:
        money = self._counter.shop.current.value.money
        self._show(replace(self.state, busy=False, problem=words_of(error, money)))


def _percent(rate: Decimal) -> str:
    """Write a rate in percent as it is typed: 0.065 is 6.5."""
    return f"{(rate * 100).normalize():f}"


def _rate(text: str) -> Decimal | None:
    """Read a percentage of at most two decimals, 0 to 100; None for anything else."""
    try:
        percent = Decimal(fold(text).removesuffix("%").strip() or "0")
    except InvalidOperation:
        return None
    if not percent.is_finite() or not 0 <= percent <= 100 or percent != round(percent, 2):
        return None
    return (percent / 100).normalize()
