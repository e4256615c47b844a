"""What an error says to the person at the till, its amounts, quantities and days written as people read them.

Decides how each parameter of an error is written; which text stands for a code is `pos_app.words`. Qt-free, so
that presenters may take it.
"""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from pos_app.domain.errors import ShukeError, UnavailableError
from pos_app.domain.values.money import Currency
from pos_app.words import format_amount, format_date, format_quantity, has_text, translate

_AMOUNTS = frozenset({"amount", "asked", "over", "price", "short", "variance"})
_QUANTITIES = frozenset({"quantity"})
_QUANTITY_LEFT = "sales.error.return_beyond_bought"


def words_of(error: Exception, currency: Currency) -> str:
    """Return what to say of a failure; amounts are in `currency`.

    What is no error of ours is a bug, and said to be one without its text.
    """
    if not isinstance(error, ShukeError):
        return translate("common.error.bug")
    if isinstance(error, UnavailableError) and not has_text(error.code):
        return translate("common.error.unavailable")
    return translate(error.code, **_written(error, currency))


def _written(error: ShukeError, currency: Currency) -> dict[str, object]:
    """Return the parameters as words; ids say nothing to a person and become nothing."""
    return {name: _as_words(error.code, name)(value, currency) for name, value in error.params.items()}


def _as_words(code: str, name: str) -> Callable[[object, Currency], object]:
    if name in _AMOUNTS:
        return _amount
    if name in _QUANTITIES or (name == "left" and code == _QUANTITY_LEFT):
        return lambda value, _currency: format_quantity(value) if isinstance(value, int) else value
    return _plain


def _amount(value: object, currency: Currency) -> object:
    return format_amount(value, currency) if isinstance(value, int) else value


def _plain(value: object, _currency: Currency) -> object:
    if value is None or isinstance(value, UUID):
        return ""
    if isinstance(value, date) and not isinstance(value, datetime):
        return format_date(value)
    return value
