"""What can be done by keys on the page of invoices.

Decides the default keys. The form has a scope of its own.
"""

from ui.invoices.state import Deed
from ui.shell.keys import Action

SCOPE, FORM = "invoices", "invoices.form"
HAND_OVER = Action("invoices.hand_over", "F6", "invoices.action.hand_over")
ANSWER = Action("invoices.answer", "F7", "invoices.action.answer")
FILTER = Action("invoices.filter", "F3", "invoices.action.filter")
DEEDS = {
    Deed.NUMBER: Action("invoices.number", "F4", "invoices.action.number"),
    Deed.RED_NUMBER: Action("invoices.red_number", "F4", "invoices.action.red_number"),
    Deed.ASK_RED: Action("invoices.ask_red", "F8", "invoices.action.ask_red"),
    Deed.HAND_BACK: Action("invoices.hand_back", "F9", "invoices.action.hand_back"),
    Deed.WITHDRAW: Action("invoices.withdraw", "Del", "invoices.action.withdraw"),
}
SAVE = Action("invoices.save", "Ctrl+Return", "invoices.action.save")
SAVE_PAD = Action("invoices.save_pad", "Ctrl+Enter", "invoices.action.save")
KIND = Action("invoices.kind", "F2", "invoices.action.kind")
FORMER = Action("invoices.former", "F3", "invoices.action.former")
BACK = Action("invoices.back", "Esc", "common.action.back")
