"""A file as an import takes it: its sheets, its headings with the columns that were matched, and its rows as drafts.

Decides which mapping is proposed: what was chosen for the same headings before, else what the headings say.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path

from pos_app.documents.tables.layout import Table as Sheet
from pos_app.documents.tables.layout import main_sheet
from pos_app.documents.tables.opening import open_table
from pos_app.documents.tables.workbook import Workbook
from pos_app.domain.imports import headings
from pos_app.domain.imports.drafts import Draft, Rules
from pos_app.domain.imports.faults import Refused
from pos_app.domain.imports.headings import Mapping
from pos_app.domain.imports.kinds import FIELDS, Kind
from pos_app.domain.imports.rehearsal import Rehearsal
from pos_app.domain.imports.rows import READERS
from pos_app.domain.imports.synonyms import names_of
from pos_app.domain.imports.table import Row
from pos_app.services.imports.values import ColumnUnknownError, MappingNeededError
from pos_app.services.ports.imports import BatchPlan
from pos_app.services.ports.store import Store

SAMPLE = 20
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file that was looked at: which sheet is meant, its headings and first rows, and the proposed mapping."""

    path: Path
    kind: Kind
    sheets: tuple[str, ...]
    sheet: int
    headings: tuple[str, ...]
    heading_row: int
    mapping: Mapping
    remembered: bool
    sample: tuple[Row, ...]
    above: tuple[Row, ...] = ()
    hidden_sheets: tuple[str, ...] = ()

    def with_columns(self, columns: Table[str, int]) -> "Opened":
        """Return the file under another mapping; raise MappingError."""
        return replace(self, mapping=headings.chosen(self.kind, self.headings, columns))

    def with_headings(self, chosen: Table[str, str]) -> "Opened":
        """Return the file with some fields taken from the columns of other headings; an empty one takes none.

        Raises ColumnUnknownError, MappingError.
        """
        columns = dict(self.mapping.columns)
        names = [names_of(heading)[0] for heading in self.headings]
        for field, heading in chosen.items():
            columns.pop(field, None)
            if not heading:
                continue
            wanted = names_of(heading)[0]
            if wanted not in names:
                raise ColumnUnknownError(text=heading)
            column = names.index(wanted)
            columns = {f: c for f, c in columns.items() if c != column}
            columns[field] = column
        return self.with_columns(columns)

    @property
    def plan(self) -> BatchPlan:
        """How the file is to be read, as a batch keeps it."""
        return BatchPlan(
            sheet=self.sheets[self.sheet], heading_row=self.heading_row, columns=dict(self.mapping.columns)
        )

    @property
    def chosen_headings(self) -> dict[str, str]:
        """The heading of each field, as it is remembered."""
        return {field: names_of(self.headings[c])[0] for field, c in self.mapping.columns.items()}

    def check(self) -> None:
        """Raise MappingNeededError when a required field has no column."""
        if self.mapping.missing:
            raise MappingNeededError(fields=self.mapping.missing, kind=self.kind)


def open_file(store: Store, path: Path, kind: Kind, sheet: int | None = None) -> Opened:
    """Look at a file; raise what `open_table` raises, EmptyTableError, NoHeadingError."""
    with open_table(path) as workbook:
        index = main_sheet(workbook, _Known(kind)) if sheet is None else sheet
        table = Sheet(workbook, index, _Known(kind))
        names = tuple(each.name for each in workbook.sheets)
        hidden = tuple(each.name for each in workbook.sheets if each.hidden)
    with store.read() as tx:
        kept = tx.imports.mapping(kind, headings.key_of(table.headings))
    columns = _columns_of(kept, table.headings) if kept else None
    if columns is None:
        mapping = headings.match(kind, table.headings)
    else:
        mapping = headings.chosen(kind, table.headings, columns)
    return Opened(
        path=path,
        kind=kind,
        sheets=names,
        sheet=index,
        headings=table.headings,
        heading_row=table.heading.number,
        mapping=mapping,
        remembered=columns is not None,
        sample=tuple(islice(table.sample, SAMPLE)),
        above=table.above,
        hidden_sheets=hidden,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """How many fields of a kind a row of texts names."""

    kind: Kind

    def __call__(self, texts: Sequence[str]) -> int:
        return headings.known_count(self.kind, texts)


def _columns_of(kept: Table[str, str], found: Sequence[str]) -> dict[str, int] | None:
    """Return the columns of remembered headings; None when one is there no more."""
    names = [names_of(heading)[0] for heading in found]
    if any(heading not in names for heading in kept.values()):
        return None
    return {field: names.index(heading) for field, heading in kept.items()}


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hex."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def place_of(path: Path) -> str:
    """Return where a file stands, so that it is found again; empty for a name that is no text (bytes, on Linux)."""
    place = str(path.absolute())
    try:
        place.encode()
    except UnicodeEncodeError:
        return ""
    return place


def stamp_of(path: Path) -> tuple[int, int]:
    """Return the time and size of a file, to tell that it was written to."""
    told = path.stat()
    return told.st_mtime_ns, told.st_size


class Drafts:
    """The rows of an opened file as drafts and refusals, in the file's order; what is odd about rows is noted."""

    def __init__(self, opened: Opened, rules: Rules, gathered: Rehearsal) -> None:
        self._opened = opened
        self._rules = rules
        self._gathered = gathered
        self._workbook: Workbook | None = None

    def thousandths(self) -> int:
        """Return how much of the file is read, in thousandths."""
        return self._workbook.progress() if self._workbook is not None else 0

    def read(self) -> Iterator[Draft | Refused]:
        """Yield each row; raise DamagedTableError where the file breaks off."""
        opened, gathered = self._opened, self._gathered
        reader, mapping, rules = READERS[opened.kind], opened.mapping, self._rules
        for index, name in enumerate(opened.sheets):
            if index != opened.sheet:
                gathered.unread_sheet(name)
        with open_table(opened.path) as workbook:
            self._workbook = workbook
            table = Sheet(workbook, opened.sheet, _Known(opened.kind))
            for row in table.rows():
                if row.hidden:
                    gathered.hidden(row.number)
                if row.merged:
                    gathered.merged(row.number)
                yield reader(row, mapping, rules)
            for number in table.left_out:
                gathered.left_out(number)


def field_order(kind: Kind) -> tuple[str, ...]:
    """Return the fields of a kind in the order in which exports write them."""
    return tuple(FIELDS[kind])
