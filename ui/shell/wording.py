"""An error in the words of the person at the till, its amounts, days and quantities written out.

Decides how the parameters of an error are written. What is said stands in the catalogues of words.
"""

from datetime import date, datetime

from pos_app.domain.errors import ShukeError
from pos_app.domain.values.money import Currency
from pos_app.services.ports.syncing import PlatformUnavailableError
from pos_app.words import format_amount, format_date, format_quantity, has_text, translate

_AMOUNTS = frozenset({"amount", "asked", "limit", "over", "price", "short", "variance"})
_NAMED = {
    "field": "settings.field.{}",
    "why": "common.file.{}",
    "wallet": "sales.tender.{}",
    "state": "invoices.state.{}",
}


def words_of(error: Exception, currency: Currency) -> str:
    """Return what to tell the person at the till about an error; a bug says that nothing was lost.

    `currency` is that of the amounts among the error's parameters.
    """
    if not isinstance(error, ShukeError):
        return translate("common.error.bug")
    if isinstance(error, PlatformUnavailableError):
        return _platform_words(error)
    params = {name: _written(name, value, currency) for name, value in error.params.items()}
    return translate(error.code, **params)


def _platform_words(error: PlatformUnavailableError) -> str:
    """Return what the platform's number means and what to do; 0 is a till that has nobody to ask."""
    number = error.params.get("number") or "alone"
    code = f"sync.trouble.{number}"
    if not has_text(f"{code}.what"):
        return translate(error.code, number=number)
    return translate("sync.trouble.whole", what=translate(f"{code}.what"), cure=translate(f"{code}.do"))


def _written(name: str, value: object, currency: Currency) -> object:
    if value is None:
        return ""
    if name in _AMOUNTS and isinstance(value, int):
        return format_amount(value, currency)
    if name == "quantity" and isinstance(value, int):
        return format_quantity(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return format_date(value)
    code = _NAMED.get(name, "").format(value)
    return translate(code) if code and has_text(code) else value
