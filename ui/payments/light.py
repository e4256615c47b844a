"""What the status bar says of payments by code: that all is clear, or how many are undecided and what is owed.

Decides the words and the colour of the light; a click on it opens the page.
"""

from collections.abc import Sequence

from pos_app.domain.settings import Settings
from pos_app.services.ports.attempts import Seen
from pos_app.services.shop import Shop
from pos_app.words import format_amount, format_count, translate
from ui.payments.page import PAYMENTS
from ui.payments.runner import PaymentRunner
from ui.shell.status import StatusTone
from ui.shell.window import Shell


def light_of(in_care: Sequence[Seen], settings: Settings) -> tuple[str, StatusTone]:
    """Return words and colour; no words where the shop takes no payment codes and nothing is left over."""
    undecided = [x for x in in_care if x.standing.is_charge]
    owed = sum(x.standing.payment.amount for x in in_care if x.standing.is_owed)
    said = []
    if undecided:
        said.append(translate("payments.line.open", count=format_count(len(undecided))))
    if owed:
        said.append(translate("payments.line.owed", amount=format_amount(owed, settings.money)))
    if said:
        return " · ".join(said), "danger" if any(x.standing.flagged for x in in_care) else "warning"
    return (translate("payments.line.clear"), "success") if settings.payments.enabled else ("", "muted")


def show_payments(shell: Shell, runner: PaymentRunner, shop: Shop) -> None:
    """Let the status bar tell of payments; a click on it opens the page."""

    def tell(_seen: object = None) -> None:
        shell.status.set_payments(*light_of(runner.in_care, shop.current.value))

    runner.watch(tell)
    runner.watch_end(tell)
    shell.language_changed.connect(tell)
    shell.status.clicked.connect(lambda part: _open_page(part, shell))
    tell()


def _open_page(part: str, shell: Shell) -> None:
    if part == "payments" and shell.navigation.has(PAYMENTS):
        shell.navigation.open(PAYMENTS)
