"""The field of Pay and the stages in front of it: what stands in it, and what was said of that.

Decides which stage is in front. Knows no money.
"""

from collections.abc import Callable

from pos_app.domain.errors import ExpectedError
from pos_app.words import translate
from ui.sales.desk import Desk
from ui.sales.pay_stage import Confirm, Stage, StageView
from ui.shell.wording import words_of


class PayField:
    """The part of Pay that stages are put on; `Pay` is made of it and is their host."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.open = False
        self._box, self._error, self._hint = "", "", ""
        self._stages: list[Stage] = []

    @property
    def desk(self) -> Desk:
        """What the sell page shares."""
        return self._desk

    @property
    def _stage(self) -> Stage | None:
        return self._stages[-1] if self._stages else None

    def push(self, stage: Stage) -> None:
        """Put a stage in front; what was said of an earlier input must not stand in front of its question."""
        self._stages.append(stage)
        self.empty_field()

    def leave(self, stage: Stage) -> None:
        """Take a stage away with all that stands in front of it."""
        if stage in self._stages:
            del self._stages[self._stages.index(stage) :]

    def clear_stages(self) -> None:
        """Take every stage away."""
        self._stages.clear()

    def holds(self, stage: Stage) -> bool:
        """Whether a stage still stands."""
        return self.open and stage in self._stages

    def ask(self, words: str, act: Callable[[], None]) -> None:
        """Ask for an Enter before something is done."""
        placeholder, label = translate("sales.pay.enter_confirm"), translate("sales.pay.label_confirm")
        self.push(Confirm(self.leave, StageView("confirm", label, placeholder, words, "warning"), act))

    def refuse(self, words: str) -> None:
        """Say why not, with the refused tone."""
        self._error = words
        self._desk.front.sound("refused")

    def refuse_text(self, words: str) -> None:
        """Say why not, and empty the field."""
        self._box = ""
        self.refuse(words)

    def empty_field(self) -> None:
        """Empty the field and take back what was said under it."""
        self._box, self._error = "", ""

    def _stage_typed(self, stage: Stage, text: str) -> None:
        """Follow the field of a stage: where nothing is to be written, a digit takes the choice of that number."""
        view = stage.view
        if view.writes:
            stage.typed(text)
            return
        self._box = ""
        if text.isdecimal() and 1 <= int(text) <= len(view.choices):
            self._do(lambda: stage.choose(int(text) - 1))

    def _do(self, act: Callable[[], None]) -> None:
        """Act for a stage, and say what stands against it under the field."""
        try:
            act()
        except ExpectedError as error:
            self.refuse(words_of(error, self._desk.currency))
