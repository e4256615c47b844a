"""Rows, mappings and rules for the tests of imports; all people in them are invented."""

from datetime import date
from decimal import Decimal

from pos_app.domain.imports.drafts import Draft, Rules
from pos_app.domain.imports.faults import Reason, Refused
from pos_app.domain.imports.headings import match
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.imports.rows import read
from pos_app.domain.imports.table import Row
from pos_app.domain.settings import TaxClass

TODAY = date(2026, 11, 23)
RULES = Rules(
    today=TODAY,
    tax_classes=(TaxClass(code="13", rate=Decimal("0.13")), TaxClass(code="9", rate=Decimal("0.09"))),
)


def read_row(kind: Kind, cells: dict[str, str], kinds: str = "", rules: Rules = RULES) -> Draft | Refused:
    """Read one row told by its headings."""
    mapping = match(kind, tuple(cells))
    assert not mapping.unmatched, [mapping.headings[i] for i in mapping.unmatched]
    return read(Row(7, tuple(cells.values()), kinds), mapping, rules)


def reasons(read_as: Draft | Refused) -> list[tuple[str, Reason]]:
    """Return field and reason of each fault of a refused row."""
    assert isinstance(read_as, Refused), read_as
    return [(fault.field, fault.reason) for fault in read_as.faults]
