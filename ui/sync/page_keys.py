"""The keys of the sync page. Decides the default keys; which of them acts now, the page says."""

from ui.shell.keys import Action

SCOPE = "sync"
NOW = Action("sync.now", "F5", "sync.action.now")
LEAVE = Action("sync.leave", "Ctrl+U", "sync.action.leave")
LIST = Action("sync.list", "F2", "sync.action.list")
SETTLED = Action("sync.settled", "F3", "sync.action.settled")
CHOICES = (
    Action("sync.choose_first", "F6", "sync.action.choose_first"),
    Action("sync.choose_second", "F7", "sync.action.choose_second"),
)
READ_ON = Action("sync.read_on", "PgDown", "sync.action.read_on")
READ_BACK = Action("sync.read_back", "PgUp", "sync.action.read_back")
TAKE_BACK = Action("sync.take_back", "Ctrl+Z", "sync.action.take_back")
BRING = Action("sync.bring_along", "F8", "sync.left.bring")
STOP = Action("sync.stop_selling", "F9", "sync.left.stop")
FOUND = Action("sync.found", "F3", "sync.enrol.found")
JOIN = Action("sync.join", "F4", "sync.enrol.join")
ENROL = Action("sync.enrol", "Ctrl+Return", "sync.enrol.go")
"""F3 means two things on this page: a till alone has no desk, and a till with a desk is enrolled."""
