"""Letters that are not out yet: how sending goes, and what a person may do with each. Hidden while there are none.

Decides the words; when a letter is tried is the runner's.
"""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout

from pos_app.services.mail import WaitingLetter
from pos_app.services.ports.mail import MailJobId
from pos_app.words import format_count, translate
from ui.devices.mail_runner import MailRunner, MailState
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card
from ui.kit.labels import Words
from ui.kit.lists import Cell, Column, Row, RowList
from ui.shell.counter import Counter
from ui.shell.keys import Action
from ui.shell.window import Shell
from ui.shell.wording import words_of

SCOPE = "devices"
AGAIN = Action("devices.mail_again", "F7", "devices.mail.again")
DROP = Action("devices.mail_drop", "Del", "devices.mail.drop")


class MailCard(Card):
    """Shows the state of `MailRunner`."""

    def __init__(self, counter: Counter, runner: MailRunner, shell: Shell) -> None:
        super().__init__(margin=24, spacing=12)
        self._counter, self._runner = counter, runner
        self._count, self._problem = Words("", "muted"), Words("", "body", "danger", wrap=True)
        self._list = RowList("devices_letters", _columns())
        self._list.setAccessibleName(translate("devices.mail.title"))
        self._list.setMinimumHeight(200)
        self._problem.setObjectName("devices_mail_problem")
        self._count.setObjectName("devices_mail_count")
        self.body.addWidget(Words(translate("devices.mail.title"), "secondary"))
        self.body.addWidget(self._count)
        self.body.addWidget(self._problem)
        self.body.addWidget(self._list)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        for action, icon, run in ((AGAIN, "refresh-cw", self.again), (DROP, "trash-2", self.drop)):
            button = KeyButton(translate(action.label), shell.keys.key_of(action), icon=icon)
            button.setObjectName(action.id.replace(".", "_"))
            button.clicked.connect(lambda _checked=False, run=run: run())
            acts.addWidget(button)
            shell.keys.bind(SCOPE, action, run, self.isVisible)
        acts.addStretch(1)
        self.body.addLayout(acts)
        self.destroyed.connect(partial(runner.unwatch, self._show))
        self.hide()

    def open(self) -> None:
        """Begin to show how letters stand."""
        self._runner.unwatch(self._show)
        self._runner.watch(self._show)
        self._runner.wake()

    def again(self) -> None:
        """Send the chosen letter now, or all that wait."""
        chosen = self._chosen()
        mailing = self._counter.shop.mailing
        self._counter.db.run(
            partial(mailing.try_again, chosen), lambda _none: self._runner.wake(), self._failed
        )

    def drop(self) -> None:
        """Send the chosen letter no more."""
        chosen = self._chosen()
        if chosen is None:
            return
        who, mailing = self._counter.session.who, self._counter.shop.mailing
        self._counter.db.run(
            lambda: mailing.drop(who, chosen), lambda _none: self._runner.wake(), self._failed
        )

    def _chosen(self) -> MailJobId | None:
        return self._list.current_key()  # type: ignore[no-any-return]

    def _failed(self, problem: Exception) -> None:
        self._problem.setText(words_of(problem, self._counter.shop.current.value.money))
        self._problem.show()

    def _show(self, state: MailState) -> None:
        queue = state.queue
        self.setVisible(bool(queue.letters))
        words = translate(
            "devices.mail.counts", waiting=format_count(queue.waiting), refused=format_count(queue.refused)
        )
        self._count.setText(translate("devices.mail.sending") if state.sending else words)
        problem = translate(state.problem.code) if state.problem is not None else ""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._list.set_rows([_row(letter) for letter in queue.letters])


def _columns() -> tuple[Column, ...]:
    return (
        Column("number", translate("devices.mail.column_number"), 232),
        Column("to", translate("devices.mail.column_to"), 240),
        Column("state", translate("devices.mail.column_state")),
    )


def _row(letter: WaitingLetter) -> Row:
    words = translate(letter.problem) if letter.problem else translate("devices.mail.waiting")
    tone = "danger" if letter.is_refused else "warning" if letter.problem else "muted"
    cells = (Cell(letter.number, strong=True), Cell(letter.to), Cell(words, tone))  # type: ignore[arg-type]
    return Row(letter.job_id, cells)
