"""The keys of the members page and when each of them acts.

Decides which intent stands behind which key by default; the shell lets a person remap them.
"""

from ui.shell.keys import Action

SCOPE = "members"
NEW = Action("members.new", "F10", "members.action.new")
EDIT = Action("members.edit", "Ctrl+E", "members.action.edit")
ERASE = Action("members.erase", "Ctrl+Del", "members.action.erase")
SELL = Action("members.sell", "F12", "members.action.sell")
TAB = Action("members.tab", "F4", "members.action.tab")
SAVE = Action("members.save", "Ctrl+Return", "members.action.save")
CHILD = Action("members.child", "F8", "members.action.child")
DATE = Action("members.date", "F7", "members.action.date")
LEAVE = Action("members.leave", "Esc", "members.action.back")
ADD_KEY = Action("members.add_key", "F5", "members.action.add_key")
CARD = Action("members.card", "F6", "members.action.card")
REVEAL = Action("members.reveal", "Ctrl+R", "members.action.reveal")
EXPORT = Action("members.export", "Ctrl+S", "members.action.export")
PRINT = Action("members.print_card", "Ctrl+P", "members.action.print_card")
UNDO = Action("members.undo", "Ctrl+Z", "members.undo.edit")
REMOVE = Action("members.remove_key", "Del", "members.action.remove_key")
BOX = Action("members.box", "F2", "members.action.box")
INTO = Action("members.into", "F3", "members.action.into")
IMPORTS = Action("members.imports", "Ctrl+I", "imports_page.entry")
ASK = Action("members.ask_online", "F11", "members.action.ask_online")
MERGE = Action("members.merge", "Ctrl+M", "members.action.merge")
UNMERGE = Action("members.unmerge", "Ctrl+B", "members.action.unmerge")
