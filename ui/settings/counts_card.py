"""What is counted beside cash when a shift closes: a tick for each tender of which something lies there."""

import msgspec

from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.settings import COUNTABLE, CountRules
from pos_app.words import translate
from ui.kit.cards import Card
from ui.kit.fields import TickEdit
from ui.kit.labels import Words
from ui.shell.counter import Counter
from ui.shell.wording import words_of


class CountsCard(Card):
    """Ticks that are kept at once."""

    def __init__(self, counter: Counter) -> None:
        super().__init__()
        self._counter = counter
        self._ticks: dict[TenderKind, TickEdit] = {}
        self._problem = Words("", "body", "danger", wrap=True)
        self._problem.hide()
        self.body.addWidget(Words(translate("settings.counts.title"), "heading"))
        self.body.addWidget(Words(translate("settings.counts.hint"), "muted", wrap=True))
        for kind in COUNTABLE:
            tick = TickEdit(f"settings_count_{kind.value}", translate(f"documents.tender.{kind.value}"))
            tick.clicked.connect(self._keep)
            self._ticks[kind] = tick
            self.body.addWidget(tick)
        self.body.addWidget(self._problem)
        self._show()

    def _keep(self) -> None:
        counter = self._counter
        who = counter.session.who
        rules = CountRules(tenders=tuple(kind for kind, tick in self._ticks.items() if tick.isChecked()))
        settings = msgspec.structs.replace(counter.shop.current.value, counts=rules)

        def saved(_done: object) -> None:
            self._problem.hide()
            self._show()

        def failed(problem: Exception) -> None:
            self._problem.setText(words_of(problem, counter.shop.current.value.money))
            self._problem.show()
            self._show()

        counter.db.run(lambda: counter.shop.settings.change(who, settings), saved, failed)

    def _show(self) -> None:
        counted = self._counter.shop.current.value.counts.tenders
        for kind, tick in self._ticks.items():
            tick.setChecked(kind in counted)
