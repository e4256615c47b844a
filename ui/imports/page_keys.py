"""What can be done by keys on the page of imports.

Decides the default keys. Each step has a scope of its own, so one key may mean two things in two steps.
"""

from ui.shell.keys import Action

SCOPE = "imports"
NEXT = Action("imports.next", "Ctrl+Return", "imports_page.action.go_on")
BACK = Action("imports.back", "Esc", "common.action.back")
PICK = Action("imports.pick", "F7", "imports_page.action.pick")
EXPORT = Action("imports.export", "F6", "imports_page.action.export")
UNDO = Action("imports.undo", "F8", "imports_page.action.undo")
SAVE = Action("imports.save_refused", "F4", "imports_page.action.save_refused")
RESUME = Action("imports.resume", "F9", "imports_page.action.resume")
TAKE_BACK = Action("imports.take_back", "F10", "imports_page.action.take_back")
CANCEL = Action("imports.cancel", "Ctrl+Del", "imports_page.action.cancel")
COLUMN = Action("imports.column", "Return", "imports_page.action.column")
CLEAR = Action("imports.clear", "Del", "imports_page.action.clear")
SHEET = Action("imports.sheet", "F3", "imports_page.action.sheet")
FORMAT = Action("imports.format", "F8", "imports_page.action.format")
KINDS = tuple(
    Action(f"imports.kind_{place}", f"F{place + 2}", f"imports_page.action.kind_{place}")
    for place in range(4)
)
NAMED = {
    **{f"kind_{place}": action for place, action in enumerate(KINDS)},
    "next": NEXT,
    "back": BACK,
    "pick": PICK,
    "export": EXPORT,
    "undo": UNDO,
    "save": SAVE,
    "resume": RESUME,
    "take_back": TAKE_BACK,
    "cancel": CANCEL,
    "column": COLUMN,
    "clear": CLEAR,
    "format": FORMAT,
    "sheet": SHEET,
}
"""The actions by the names under which views show their keys."""
