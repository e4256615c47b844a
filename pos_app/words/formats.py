"""Values as people read them: ¥1,299.00, 3.260 g, 9.5折, 14:32.

Decides the written form only; every function is exact on integers and ``Decimal`` and rounds nothing except
where its docstring says so. Does not decide currency, time zone or rounding of money.
"""

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Literal

from pos_app.domain.anniversaries import MonthDay
from pos_app.domain.values.money import Currency
from pos_app.words.catalogue import language, translate

MINUS = "−"  # U+2212: as wide as a digit, so columns of amounts stay straight.

Sign = Literal["negative", "always", "never"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _signed(negative: bool, zero: bool, body: str, sign: Sign) -> str:
    if sign == "never" or zero:
        return body
    if negative:
        return MINUS + body
    return "+" + body if sign == "always" else body


def _fixed(units: int, digits: int) -> str:
    whole, part = divmod(abs(units), 10**digits)
    return f"{whole:,}.{part:0{digits}d}" if digits else f"{whole:,}"


def format_amount(amount: int, currency: Currency, *, sign: Sign = "negative", symbol: bool = True) -> str:
    """Write minor units of ``currency`` with thousands separators: 129900 fen is ``¥1,299.00``.

    ``sign`` "always" adds a plus, "never" drops the minus; zero has no sign. The minus is U+2212.
    """
    body = (currency.sign if symbol else "") + _fixed(amount, currency.digits)
    return _signed(amount < 0, amount == 0, body, sign)


def format_quantity(thousandths: int, *, sign: Sign = "negative") -> str:
    """Write integer thousandths without needless zeros: 1000 is ``1``, 2500 is ``2.5``."""
    whole, part = divmod(abs(thousandths), 1000)
    body = f"{whole:,}" + (f".{part:03d}".rstrip("0") if part else "")
    return _signed(thousandths < 0, thousandths == 0, body, sign)


def format_weight(milligrams: int, *, unit: bool = True) -> str:
    """Write integer milligrams as grams with three decimals: 3260 is ``3.260 g``."""
    body = _signed(milligrams < 0, milligrams == 0, _fixed(milligrams, 3), "negative")
    return f"{body} g" if unit else body


def format_count(number: int) -> str:
    """Write a whole number with thousands separators: points, rows, sales."""
    return _signed(number < 0, number == 0, f"{abs(number):,}", "negative")


def _plain(number: Decimal) -> str:
    text = format(abs(number), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return _signed(number < 0, number == 0, text or "0", "negative")


def format_percent(rate: Decimal) -> str:
    """Write a rate of one as a percentage without needless zeros: 0.065 is ``6.5%``."""
    return f"{_plain(rate * 100)}%"


def format_zhe(paid: Decimal) -> str:
    """Write the part of the price that is paid, 0 to 1, as the trade says: 0.95 is ``9.5折``, ``5% off``."""
    if language().startswith("zh"):
        return f"{_plain(paid * 10)}折"
    return translate("common.format.off", percent=format_percent(1 - paid))


def _local(moment: datetime, zone: tzinfo) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment must be aware of its zone")
    return moment.astimezone(zone)


def format_date(day: date | datetime, zone: tzinfo | None = None, *, year: bool = True) -> str:
    """Write a day: ``2026年11月22日`` or ``22 Nov 2026``; without ``year``, ``11月22日`` or ``22 Nov``.

    A datetime must be aware and needs ``zone``, else ValueError.
    """
    if isinstance(day, datetime):
        if zone is None:
            raise ValueError("a moment needs a zone to be a day")
        day = _local(day, zone).date()
    if language().startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日" if year else f"{day.month}月{day.day}日"
    short = f"{day.day} {_MONTHS[day.month - 1]}"
    return f"{short} {day.year}" if year else short


def format_month_day(day: MonthDay, *, by_moon: bool = False) -> str:
    """Write a day whose year is not known: ``5月3日`` or ``3 May``, by the moon ``农历四月初九``."""
    if by_moon:
        return format_lunar_day(day.month, day.day)
    return (
        f"{day.month}月{day.day}日" if language().startswith("zh") else f"{day.day} {_MONTHS[day.month - 1]}"
    )


def format_lunar_day(month: int, number: int, *, leap: bool = False) -> str:
    """Write a day of the lunar calendar, without its year: ``农历八月十五``."""
    months, days = translate("members.lunar.months").split(), translate("members.lunar.days").split()
    code = "members.lunar.leap_day" if leap else "members.lunar.day"
    return translate(code, month=months[month - 1], day=days[number - 1])


def format_time(moment: datetime, zone: tzinfo, *, seconds: bool = False) -> str:
    """Write the time of day in ``zone`` on the 24-hour clock: ``14:32``. ValueError if not aware."""
    return _local(moment, zone).strftime("%H:%M:%S" if seconds else "%H:%M")


def format_date_time(moment: datetime, zone: tzinfo, *, seconds: bool = False) -> str:
    """Write a moment in ``zone`` so that it sorts by eye: ``2026-11-22 14:32``. ValueError if not aware."""
    return f"{_local(moment, zone):%Y-%m-%d} {format_time(moment, zone, seconds=seconds)}"


def format_age(age: timedelta) -> str:
    """Write how long ago, in the largest whole unit: just now, 3 min, 2 h, 5 days. Negative counts as now."""
    minutes = max(0, int(age.total_seconds()) // 60)
    if minutes < 1:
        return translate("common.age.now")
    if minutes < 60:
        return translate("common.age.minutes", count=minutes)
    if minutes < 48 * 60:
        return translate("common.age.hours", count=minutes // 60)
    return translate("common.age.days", count=minutes // 1440)
