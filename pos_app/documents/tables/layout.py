"""Where in a sheet the table is: which row holds the headings, and which rows are totals or remarks.

Decides by the texts alone, with the help of a function that counts the headings it knows.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from pos_app.documents.tables.errors import EmptyTableError, NoHeadingError
from pos_app.documents.tables.workbook import Workbook
from pos_app.domain.imports.table import CellKind, Row

HEADING_WITHIN = 30
"""Headings stand among the first rows that hold anything."""
REMARK = "# "
"""How a line begins that exports write for people, such as who exported when."""

_TOTALS = re.compile(
    r"(?:(?:本页|本单|本期|以上)?(?:合\s*计|总\s*计|小\s*计|共计|累计|总合计|汇总)|(?:grand\s+|sub\s*)?totals?|sum)"
    r"\s*(?:[:：(（].*|[¥￥0-9][0-9,，.\s]*[^\s0-9]{0,4})?",
    re.IGNORECASE | re.DOTALL,
)
_FOOTER = re.compile(
    r"共\s*[0-9,]+\s*(?:条|行|个|位|人|笔|项|件|种|款|名|张|页).*|第\s*[0-9]+\s*页.*"
    r"|(?:制表|制单|打印|导出|审核|操作)(?:人|员|时间|日期)\s*[:：].*|page\s+[0-9]+.*",
    re.IGNORECASE | re.DOTALL,
)
_VALUE = re.compile(r"[¥￥$]?\s*[-+]?[0-9][0-9,.\s/\-年月日:]*%?")


_MARKS = frozenset("合总小共累本以汇第制打导审操#tTgGsSpP")
"""How the first filled cell of a totals row or a remark begins."""


def is_totals(row: Row) -> bool:
    """Whether a row adds the others up, or is a remark below or above the table; such rows are left out and told."""
    first = next((cell for cell in row.cells if cell and not cell.isspace()), "").strip()
    if not first or first[0] not in _MARKS:
        return False
    is_sum = _TOTALS.fullmatch(first) is not None
    if not (is_sum or first.startswith(REMARK) or _FOOTER.fullmatch(first)):
        return False
    others = {cell.strip() for cell in row.cells} - {first, ""}
    return all(map(_is_value, others)) if is_sum else not others


def _is_value(text: str) -> bool:
    return _VALUE.fullmatch(text) is not None or text in ("-", "/", "—") or text.startswith(("=", "#"))


def _heading_score(row: Row, known: Callable[[Sequence[str]], int] | None) -> int:
    """Return how much a row looks like headings: every known heading counts more than all unknown ones; 0 for none."""
    if row.cells and row.cells[0].startswith(REMARK):
        return 0
    texts = [cell.strip() for i, cell in enumerate(row.cells) if cell.strip() and i not in row.merged]
    kinds = {row.kind(i) for i, cell in enumerate(row.cells) if cell.strip()}
    score = known([cell.strip() for cell in row.cells]) * 1000 if known is not None else 0
    is_worded = not any(_is_value(text) for text in texts) and not kinds & {CellKind.NUMBER, CellKind.DATE}
    if len(set(texts)) >= 2 and is_worded:
        score += len(set(texts))
    return score


class Table:
    """The table of one sheet: its heading row, what stood above, and its rows.

    `known` counts the headings of a row that the program knows. Raises EmptyTableError or NoHeadingError.
    """

    def __init__(
        self, workbook: Workbook, sheet: int = 0, known: Callable[[Sequence[str]], int] | None = None
    ) -> None:
        self._workbook = workbook
        self._sheet = sheet
        filled = (row for row in workbook.rows(sheet) if not row.is_blank)
        first = list(islice(filled, HEADING_WITHIN))
        if not first:
            raise EmptyTableError()
        scores = [_heading_score(row, known) for row in first]
        best = max(scores)
        if best == 0:
            raise NoHeadingError()
        place = scores.index(best)
        self.heading = first[place]
        self.headings = tuple(cell.strip() for cell in self.heading.cells)
        self.above = tuple(first[:place])
        self.sample = tuple(row for row in first[place + 1 :] if not is_totals(row))
        self.left_out: list[int] = []

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the headings that hold anything; totals and remarks are put in `left_out` instead.

        Hidden rows are among them. Raises DamagedTableError.
        """
        self.left_out.clear()
        start = self.heading.number
        for row in self._workbook.rows(self._sheet):
            if row.number <= start or row.is_blank:
                continue
            if is_totals(row):
                self.left_out.append(row.number)
            else:
                yield row


def main_sheet(workbook: Workbook, known: Callable[[Sequence[str]], int] | None = None) -> int:
    """Return the first shown sheet that has headings, best one known; the first of all when none has."""
    best, found = 0, 0
    for index, sheet in enumerate(workbook.sheets):
        if sheet.hidden:
            continue
        filled = (row for row in workbook.rows(index) if not row.is_blank)
        score = max((_heading_score(row, known) for row in islice(filled, HEADING_WITHIN)), default=0)
        if score > best:
            best, found = score, index
    return found
