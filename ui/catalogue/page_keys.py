"""The keys of the catalogue page.

Decides which intent stands behind which key by default; the shell lets a person remap them.
"""

from ui.shell.keys import Action

SCOPE = "catalogue"
GOLD = Action("catalogue.gold", "F8", "catalogue.page.gold_action")
TAB = Action("catalogue.tab", "F4", "catalogue.page.next_tab")
SAVE = Action("catalogue.save", "Ctrl+Return", "common.action.save")
AGAIN = Action("catalogue.save_next", "F11", "catalogue.action.save_next")
LEAVE = Action("catalogue.leave", "Esc", "common.action.back")
NEW = Action("catalogue.new", "F10", "catalogue.action.new")
EDIT = Action("catalogue.edit", "Ctrl+E", "catalogue.action.edit")
ADD = Action("catalogue.add", "F5", "catalogue.action.add")
ROW = Action("catalogue.row", "F5", "catalogue.action.row")
BOX = Action("catalogue.box", "F2", "catalogue.action.box")
INTO = Action("catalogue.into", "F3", "catalogue.action.into")
FILTER = Action("catalogue.filter", "F6", "catalogue.action.filter")
CATEGORY = Action("catalogue.category", "Ctrl+G", "catalogue.action.category")
PIECES = Action("catalogue.pieces", "F7", "catalogue.action.pieces")
LABELS = Action("catalogue.labels", "F9", "catalogue.action.labels")
PRINT = Action("catalogue.print_labels", "F12", "catalogue.action.print_labels")
HUNG = Action("catalogue.labels_done", "Ctrl+Return", "catalogue.action.labels_done")
BULK = Action("catalogue.bulk", "Ctrl+B", "catalogue.action.bulk")
UNDO = Action("catalogue.undo", "Ctrl+Z", "catalogue.action.undo")
MARK = Action("catalogue.mark", "Space", "catalogue.action.mark")
MARK_UP = Action("catalogue.mark_up", "Shift+Up", "catalogue.action.mark_up")
MARK_DOWN = Action("catalogue.mark_down", "Shift+Down", "catalogue.action.mark_down")
MARK_ALL = Action("catalogue.mark_all", "Ctrl+A", "catalogue.action.mark_all")
PICTURE = Action("catalogue.picture", "Ctrl+P", "catalogue.action.picture")
PASTE = Action("catalogue.paste", "Alt+V", "catalogue.action.paste")
NO_PICTURE = Action("catalogue.no_picture", "Alt+Del", "catalogue.action.no_picture")
RECEIPT = Action("catalogue.receipt", "Ctrl+R", "catalogue.action.receipt")
COPY_GOLD = Action("catalogue.copy_gold", "F6", "catalogue.page.gold_copy")
IMPORT = Action("catalogue.import", "Ctrl+I", "catalogue.action.import")
EXPORT = Action("catalogue.export", "Ctrl+S", "catalogue.action.export")
