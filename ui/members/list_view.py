"""The list of members: columns, a row, and what an empty one says. Decides lay-out only."""

from pos_app.words import translate
from ui.kit.cards import EmptyState
from ui.kit.lists import Cell, Column, Row, RowList
from ui.members.cards import MemberRow


def members_columns(*, narrow: bool) -> tuple[Column, ...]:
    """Return the columns; where there is little room the last visit stands under the phone."""
    name = Column("name", translate("members.column.name"))
    if narrow:
        both = f"{translate('common.word.phone')} · {translate('members.column.last_visit')}"
        return (name, Column("phone", both, 144))
    return (
        name,
        Column("phone", translate("common.word.phone"), 128),
        Column("last_visit", translate("members.column.last_visit"), 136),
    )


def members_list() -> RowList:
    """Return the list, which never takes the focus from the box."""
    empty = EmptyState("users", translate("members.empty.title"), translate("members.empty.text"))
    made = RowList("members_list", members_columns(narrow=False), empty, focusable=False)
    made.setAccessibleName(translate("members.title"))
    return made


def member_cells(row: MemberRow, *, narrow: bool = False) -> Row:
    """Return a member as a row."""
    name = Cell(row.name, strong=True, under=row.under, under_tone="gold_text")
    if narrow:
        return Row(row.member_id, (name, Cell(row.phone, "muted", under=row.last_visit)))
    return Row(row.member_id, (name, Cell(row.phone, "muted"), Cell(row.last_visit, "muted")))
