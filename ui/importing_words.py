"""A refused row in words: which field, what stood there, what is wrong with it, and how to mend it.

Decides how the parameters of a reason are written; for the page and for the process that writes refused rows to a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pos_app.domain.imports.faults import Fault, Reason
from pos_app.domain.imports.kinds import FIELDS, Kind, title_key
from pos_app.words import has_text, translate


@dataclass(frozen=True, slots=True)
class Refusal:
    """One fault of a row."""

    field: str
    shown: str
    why: str
    how: str


def field_title(kind: Kind, name: str) -> str:
    """Return what a field is called; the whole row for no field."""
    if name not in FIELDS[kind]:
        return translate("imports_page.report.whole_row")
    return translate(title_key(kind, name))


def words_of_fault(fault: Fault, kind: Kind) -> Refusal:
    """Return a fault in words."""
    params = {name: _written(value) for name, value in fault.params.items()}
    if fault.reason is Reason.REFUSED_BY_SHOP:
        params = {"text": _message(fault.params)}
    how = translate(fault.hint, **params) if has_text(fault.hint) else ""
    return Refusal(field_title(kind, fault.field), fault.shown, translate(fault.code, **params), how)


def _message(params: Mapping[str, object]) -> str:
    """Return the words of an error of the shop's own records."""
    code = str(params.get("code", ""))
    if not code:
        return str(params.get("text", ""))
    return translate(code, **{name: _written(value) for name, value in params.items() if name != "code"})


def _written(value: object) -> object:
    return ", ".join(str(each) for each in value) if isinstance(value, list | tuple) else value
