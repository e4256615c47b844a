"""Messages by code, in the language of the shop.

Decides which text stands for a code: the first part of the code names the gettext domain
(``sales.notice.unknown_code`` is looked up in ``sales.mo``), the languages of the fallback chain are asked
in order, and a code without a text is shown as it is, with a ``MissingWordWarning`` that fails any test. Does
not decide formats of values (see ``formats``), and never raises: a wrong text must not stop a sale.
"""

import gettext
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import resources

DEFAULT_LANGUAGE = "zh_CN"

LANGUAGES: dict[str, str] = {"zh_CN": "简体中文", "en": "English", "zh_TW": "繁體中文"}
"""Languages that a person can choose, each named in itself."""

_CHAINS: dict[str, tuple[str, ...]] = {
    "zh_CN": ("zh_CN",),
    "zh_TW": ("zh_TW", "zh_CN"),
    "en": ("en", "zh_CN"),
}


class MissingWordWarning(UserWarning):
    """A code has no text, or its text and its parameters do not agree."""


class _Speech:
    """The process-wide language and the catalogues read so far."""

    def __init__(self) -> None:
        self.language = DEFAULT_LANGUAGE
        self._catalogues: dict[tuple[str, str], gettext.NullTranslations | None] = {}

    def catalogue(self, lang: str, domain: str) -> gettext.NullTranslations | None:
        key = (lang, domain)
        if key not in self._catalogues:
            self._catalogues[key] = _read_catalogue(lang, domain)
        return self._catalogues[key]


def _read_catalogue(lang: str, domain: str) -> gettext.NullTranslations | None:
    # The domain comes from a code, which may be misspelt; it must never climb out of the folder.
    if not domain.isidentifier():
        return None
    place = resources.files("resources").joinpath("translations", lang, "LC_MESSAGES", f"{domain}.mo")
    if not place.is_file():
        return None
    with place.open("rb") as file:
        return gettext.GNUTranslations(file)


_speech = _Speech()
_override: ContextVar[str | None] = ContextVar("shuke_language", default=None)


def best_language(tag: str) -> str:
    """Return the language we speak that is nearest to a tag such as ``zh-Hant-HK`` or ``en_GB``."""
    plain = tag.replace("-", "_")
    if plain in _CHAINS:
        return plain
    lower = plain.lower()
    if lower.startswith("zh"):
        traditional = any(mark in lower for mark in ("hant", "_tw", "_hk", "_mo"))
        return "zh_TW" if traditional else "zh_CN"
    return "en" if lower.startswith("en") else DEFAULT_LANGUAGE


def set_language(lang: str) -> None:
    """Make ``lang`` the language of the whole process; a tag we do not speak becomes the nearest we do."""
    _speech.language = best_language(lang)


def language() -> str:
    """Return the language spoken here and now."""
    return _override.get() or _speech.language


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Speak ``lang`` inside the block only, in this thread only: a receipt for a guest, a test."""
    token = _override.set(best_language(lang))
    try:
        yield
    finally:
        _override.reset(token)


def _find(code: str, count: object) -> str | None:
    domain = code.partition(".")[0]
    for lang in _CHAINS[language()]:
        catalogue = _speech.catalogue(lang, domain)
        if catalogue is None:
            continue
        if isinstance(count, int):
            text = catalogue.ngettext(code, code, abs(count))
            if text != code:
                return text
        text = catalogue.gettext(code)
        if text != code:
            return text
    return None


def has_text(code: str) -> bool:
    """Say whether any language of the current chain has a text for ``code``."""
    return _find(code, None) is not None or _find(code, 1) is not None


def translate(code: str, /, **params: object) -> str:
    """Return the text of ``code`` in the current language with ``params`` put in by ``str.format``.

    An integer parameter named ``count`` also chooses the plural form. Values are written as they are given:
    format amounts, quantities and dates first. A code without a text is returned unchanged.
    """
    text = _find(code, params.get("count"))
    if text is None:
        warnings.warn(f"no text for {code!r}", MissingWordWarning, stacklevel=2)
        return code
    if not params:
        return text.replace("{{", "{").replace("}}", "}") if "{{" in text else _whole(text, code)
    try:
        return text.format(**params)
    except (KeyError, IndexError, ValueError, AttributeError) as problem:
        warnings.warn(f"text of {code!r} wants {problem}", MissingWordWarning, stacklevel=2)
        return text


def _whole(text: str, code: str) -> str:
    if "{" in text:
        warnings.warn(f"text of {code!r} wants parameters", MissingWordWarning, stacklevel=3)
    return text
