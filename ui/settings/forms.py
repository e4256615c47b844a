"""What the forms of the settings share: regions, choices, and how typed text becomes a setting.

Decides which currencies, zones and rates are offered and what is said of a text that cannot be taken. Qt-free.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.printer_options import address_of
from pos_app.domain.settings import TaxClass
from pos_app.domain.values.money import CURRENCIES
from pos_app.words import LANGUAGES, format_percent, translate

NO_PRINTER = "none"
MANUAL = "?"
"""The choice of typing a printer's address."""

Choice = tuple[str, object]


@dataclass(frozen=True, slots=True)
class Region:
    """What a currency lets one guess; each can be chosen otherwise."""

    region: str
    time_zone: str
    rates: tuple[str, ...]
    """Tax rates in percent, the usual one first."""


REGIONS = {
    "CNY": Region("CN", "Asia/Shanghai", ("13", "9", "6", "0")),
    "HKD": Region("HK", "Asia/Hong_Kong", ("0",)),
    "TWD": Region("TW", "Asia/Taipei", ("5", "0")),
    "MOP": Region("MO", "Asia/Macau", ("0",)),
    "SGD": Region("SG", "Asia/Singapore", ("9", "0")),
    "MYR": Region("MY", "Asia/Kuala_Lumpur", ("10", "5", "0")),
    "USD": Region("US", "America/New_York", ("0",)),
    "EUR": Region("DE", "Europe/Berlin", ("19", "7", "0")),
    "GBP": Region("GB", "Europe/London", ("20", "5", "0")),
    "JPY": Region("JP", "Asia/Tokyo", ("10", "8", "0")),
    "KRW": Region("KR", "Asia/Seoul", ("10", "0")),
}
_MORE_ZONES = (
    "Asia/Urumqi",
    "Asia/Bangkok",
    "Asia/Jakarta",
    "Asia/Manila",
    "Asia/Ho_Chi_Minh",
    "Asia/Dubai",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Europe/Paris",
    "Europe/Madrid",
    "Europe/Rome",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Toronto",
    "America/Vancouver",
    "UTC",
)


def currency_choices() -> list[Choice]:
    """Return the currencies the product knows."""
    return [(f"{translate(f'settings.currency.{code}')} {code}", code) for code in CURRENCIES]


def zone_choices(own: str) -> list[Choice]:
    """Return time zones, the machine's `own` among them."""
    zones = dict.fromkeys([*(region.time_zone for region in REGIONS.values()), *_MORE_ZONES, own])
    return [(zone.replace("_", " "), zone) for zone in zones]


def rate_choices(currency: str) -> list[Choice]:
    """Return the tax rates usual with a currency, by their code."""
    rates = REGIONS[currency].rates
    return [(format_percent(Decimal(rate) / 100), rate) for rate in rates]


def tax_classes_of(currency: str) -> tuple[TaxClass, ...]:
    """Return the tax classes of a new shop."""
    return tuple(TaxClass(code=rate, rate=Decimal(rate) / 100) for rate in REGIONS[currency].rates)


def language_choices() -> list[Choice]:
    """Return the languages, each by its own name."""
    return [(own, name) for name, own in LANGUAGES.items()]


def theme_choices() -> list[Choice]:
    """Return the themes."""
    return [(translate("shell.theme.light"), "light"), (translate("shell.theme.dark"), "dark")]


def paper_choices() -> list[Choice]:
    """Return the widths of paper."""
    return [("80 mm", 80), ("58 mm", 58)]


def printer_choices(found: tuple[tuple[str, str], ...], chosen: str) -> list[Choice]:
    """Return no printer, those that were found, and typing an address (also what stands now, if it is none)."""
    choices: list[Choice] = [(translate("settings.printer.none"), NO_PRINTER)]
    # The one that stands keeps what is said of it: how it cuts, which serial number it has.
    here = {address_of(chosen): chosen}
    choices += [(name, here.get(address_of(setting), setting)) for setting, name in found]
    if chosen not in {value for _, value in choices} and chosen != MANUAL:
        choices.append((chosen, chosen))
    return [*choices, (translate("settings.printer.manual"), MANUAL)]


def whole_number(text: str, field: str) -> int:
    """Read a whole number that is not negative; raise InvalidValueError."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise InvalidValueError(field=field, text=text) from None
    if number != number.to_integral_value() or not 0 <= number < 10**9:
        raise InvalidValueError(field=field, text=text)
    return int(number)
