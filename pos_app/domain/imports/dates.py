"""Cells of dates: however a person or a spreadsheet writes a day, a lunar day included.

Decides which spellings name one day without a guess. A day without its year (but for birthdays), a year in two digits
and 05/03/2024 are refused; ISO, Chinese and English forms and Excel's day numbers (ECMA-376, 18.17.4.1, 1900 system)
are taken.
"""

import re
from datetime import date, timedelta

from pos_app.domain.anniversaries import MonthDay, is_month_day
from pos_app.domain.imports.faults import CellError, Reason
from pos_app.domain.values import lunar
from pos_app.domain.values.barcode import fold

_EXCEL_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 3654, 73050
"""1910-01-02 and 2099-12-31."""

_TIME = r"(?:(?:t|\s+)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:\s*[ap]m)?z?)?"
_YMD = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*[日号]?" + _TIME)
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile(r"([0-9]{4,5})(?:\.[0-9]+)?")
_DMY = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})" + _TIME)
_MONTH = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*月?")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}年?")
_NO_YEAR = re.compile(r"[0-9]{1,2}\s*[-/.月]\s*[0-9]{1,2}\s*[日号]?")
_MONTH_DAY = re.compile(r"([0-9]{1,2})\s*(月|-|/)\s*([0-9]{1,2})\s*[日号]?")
_DAY_MONTH = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3})[a-z]*\.?")
_MOON_ONLY = re.compile(r"[正冬腊臘]月|[初廿卅]")
"""What is only ever said of lunar days: 正月, 初九, 廿三."""
_SHORT = re.compile(r"[0-9]{2}\s*[-/.年]\s*[0-9]{1,2}\s*[-/.月]\s*[0-9]{1,2}\s*[日号]?")
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3})[a-z]*\.?,?[\s-]+([0-9]{4}|[0-9]{2})" + _TIME
)
_AMERICAN = re.compile(r"([a-z]{3})[a-z]*\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})" + _TIME)
_LUNAR_MARK = re.compile(r"[\s(\[【]*(?:农历|農曆|阴历|陰曆|旧历|lunar)[\s)\]】:]*")
_SOLAR_MARK = re.compile(r"[\s(\[【]*(?:公历|公曆|阳历|陽曆|国历|新历|solar)[\s)\]】:]*")
_LUNAR_DAY = re.compile(r"(?:闰|閏)?(?:[0-9]{1,2}|[正冬腊臘一二三四五六七八九十]{1,2})[月\-/.].+")


def day(text: str) -> date:
    """Return the one day that a text names, at whatever hour. Raises CellError."""
    if len(text) == 10 and text[4] == "-" == text[7]:
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    written = _SOLAR_MARK.sub("", fold(text).casefold())
    found = _YMD.fullmatch(written) or _COMPACT.fullmatch(written)
    if found:
        return _made(int(found[1]), int(found[2]), int(found[3]))
    serial = _SERIAL.fullmatch(written)
    if serial and _FIRST_SERIAL <= int(serial[1]) <= _LAST_SERIAL and not _YEAR.fullmatch(written):
        return _EXCEL_EPOCH + timedelta(days=int(serial[1]))
    return _foreign(written)


def _foreign(written: str) -> date:
    """Read days as they are written in English, or say what is missing."""
    english = _ENGLISH.fullmatch(written)
    if english and english[2] in _NAMES:
        if len(english[3]) == 2:
            raise CellError(Reason.SHORT_YEAR)
        return _made(int(english[3]), _NAMES.index(english[2]) + 1, int(english[1]))
    american = _AMERICAN.fullmatch(written)
    if american and american[1] in _NAMES:
        return _made(int(american[3]), _NAMES.index(american[1]) + 1, int(american[2]))
    mixed = _DMY.fullmatch(written)
    if mixed:
        first, second, year = int(mixed[1]), int(mixed[2]), int(mixed[3])
        if first == second or (first > 12) != (second > 12):
            return _made(year, *((second, first) if first > 12 else (first, second)))
        raise CellError(Reason.DATE_AMBIGUOUS)
    raise CellError(_missing(written))


def _missing(written: str) -> Reason:
    """Say what a text lacks to be a day."""
    if _MONTH.fullmatch(written) or _YEAR.fullmatch(written):
        return Reason.NO_DAY
    if _NO_YEAR.fullmatch(written):
        return Reason.NO_YEAR
    return Reason.SHORT_YEAR if _SHORT.fullmatch(written) else Reason.DATE


def _made(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise CellError(Reason.NO_SUCH_DAY) from None


def day_or_month(text: str) -> tuple[date, bool]:
    """Return a day, or the first of a month such as 2024-05 or 2024年5月 and True. Raises CellError."""
    month = _MONTH.fullmatch(fold(text))
    if month:
        return _made(int(month[1]), int(month[2]), 1), True
    return day(text), False


def birthday(text: str, is_lunar: bool = False) -> tuple[date | MonthDay, bool]:
    """Return the solar date of a day of birth, and whether it is kept by the lunar calendar.

    Lunar when the text says so (农历1988年八月十五, 四月初九) or `is_lunar`; its numbers are then those of the lunar
    calendar. Without a year (5月3日, 05-03, 农历四月初九) the month and the day, in the calendar by which it is kept.
    Raises CellError.
    """
    written = fold(text).casefold()
    unmarked, marks = _LUNAR_MARK.subn("", written)
    if not marks and not is_lunar:
        if _MOON_ONLY.search(written):
            return _by_moon_without_year(written.replace(" ", ""), Reason.DATE), True
        return _without_year(_SOLAR_MARK.sub("", written)) or day(text), False
    written = unmarked.replace(" ", "").partition("t00:00")[0].removesuffix("00:00:00")
    try:
        return lunar.to_solar(lunar.parse(written)), True
    except lunar.LunarDateError:
        pass
    if _LUNAR_DAY.fullmatch(written):
        return _by_moon_without_year(written, Reason.NO_YEAR), True
    if re.fullmatch(r"[0-9]{8}|[0-9]{5}", written):
        plain = day(written)
        try:
            return lunar.to_solar(lunar.LunarDate(plain.year, plain.month, plain.day)), True
        except lunar.LunarDateError:
            pass
    raise CellError(Reason.LUNAR)


def _without_year(written: str) -> MonthDay | None:
    """Return the month and the day of a text without a year, None for any other; raise CellError for what may be two.

    Month and day in this order but for 5/3, of which nobody knows whether it is American; see 05/03/2024 in `day`.
    """
    english = _DAY_MONTH.fullmatch(written)
    if english and english[2] in _NAMES:
        return _told(_NAMES.index(english[2]) + 1, int(english[1]))
    found = _MONTH_DAY.fullmatch(written)
    if found is None:
        return None
    first, second = int(found[1]), int(found[3])
    if found[2] == "月":
        return _told(first, second)
    if found[2] == "/" and first > 12 >= second:
        return _told(second, first)
    if first > 12 >= second or (found[2] == "/" and first != second <= 12):
        raise CellError(Reason.DATE_AMBIGUOUS)
    return _told(first, second)


def _told(month: int, number: int) -> MonthDay:
    told = MonthDay(month=month, day=number)
    if not is_month_day(told):
        raise CellError(Reason.NO_SUCH_DAY)
    return told


def _by_moon_without_year(written: str, otherwise: Reason) -> MonthDay:
    try:
        month, number = lunar.parse_month_day(written)
    except lunar.LunarDateError:
        raise CellError(otherwise) from None
    return MonthDay(month=month, day=number)


_LUNAR_WORDS = frozenset(("农历", "農曆", "阴历", "陰曆", "旧历", "lunar", "农", "阴"))
_SOLAR_WORDS = frozenset(("公历", "公曆", "阳历", "陽曆", "新历", "solar", "公", "阳", "国历"))


def birthday_kind(text: str) -> bool:
    """Return whether 农历 or 公历 is said; raise CellError for numbers: programs disagree on what 0 and 1 are."""
    word = fold(text).casefold()
    if word in _LUNAR_WORDS:
        return True
    if word in _SOLAR_WORDS:
        return False
    raise CellError(Reason.NOT_UNDERSTOOD)
