"""The reader of each kind: one row and its mapping in, a draft or a refusal out.

Decides which reader belongs to which kind; what they decide stands in `goods` and `people`.
"""

from collections.abc import Callable

from pos_app.domain.imports.drafts import Draft, Rules
from pos_app.domain.imports.faults import Refused
from pos_app.domain.imports.goods import read_goods, read_piece
from pos_app.domain.imports.headings import Mapping
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.imports.people import read_balance, read_member
from pos_app.domain.imports.table import Row

READERS: dict[Kind, Callable[[Row, Mapping, Rules], Draft | Refused]] = {
    Kind.CATALOGUE: read_goods,
    Kind.PIECES: read_piece,
    Kind.MEMBERS: read_member,
    Kind.BALANCES: read_balance,
}


def read(row: Row, mapping: Mapping, rules: Rules) -> Draft | Refused:
    """Return the draft of a row by the kind of its mapping, or everything that keeps it from being taken."""
    return READERS[mapping.kind](row, mapping, rules)
