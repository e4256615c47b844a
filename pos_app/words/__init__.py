"""Text for people: messages by code, and formats of money, dates and numbers.

Decides which language speaks and how a value is written down. Does not decide what is said: a caller names a
code such as ``sales.notice.unknown_code`` and its parameters.
"""

from pos_app.words.catalogue import (
    DEFAULT_LANGUAGE,
    LANGUAGES,
    MissingWordWarning,
    best_language,
    has_text,
    language,
    set_language,
    speaking,
    translate,
)
from pos_app.words.formats import (
    format_age,
    format_amount,
    format_count,
    format_date,
    format_date_time,
    format_lunar_day,
    format_month_day,
    format_percent,
    format_quantity,
    format_time,
    format_weight,
    format_zhe,
)

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "MissingWordWarning",
    "best_language",
    "format_age",
    "format_amount",
    "format_count",
    "format_date",
    "format_date_time",
    "format_lunar_day",
    "format_month_day",
    "format_percent",
    "format_quantity",
    "format_time",
    "format_weight",
    "format_zhe",
    "has_text",
    "language",
    "set_language",
    "speaking",
    "translate",
]
