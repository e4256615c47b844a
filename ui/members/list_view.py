"""The list of members: columns, a row, and what an empty one says. Decides lay-out only."""

from pos_app.words import translate
from ui.kit.cards import EmptyState
from ui.kit.lists import Cell, Column, Row, RowList
from ui.members.cards import MemberRow


def members_list() -> RowList:
    """Return the list, which never takes the focus from the box."""
    columns = (
        Column("name", translate("members.column.name")),
        Column("phone", translate("common.word.phone"), 128),
        Column("last_visit", translate("members.column.last_visit"), 136),
    )
    empty = EmptyState("users", translate("members.empty.title"), translate("members.empty.text"))
    made = RowList("members_list", columns, empty, focusable=False)
    made.setAccessibleName(translate("members.title"))
    return made


def member_cells(row: MemberRow) -> Row:
    """Return a member as a row."""
    cells = (
        Cell(row.name, strong=True, under=row.under, under_tone="gold_text"),
        Cell(row.phone, "muted"),
        Cell(row.last_visit, "muted"),
    )
    return Row(row.member_id, cells)
