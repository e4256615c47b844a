"""Questions in place: a field that opens under the box, says live what its text would do, and goes.

Decides how a question lives: one at a time, an error stays beside what was typed, Esc gives up. What is asked and
what an answer does belongs to who asks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ui.sales.state import AskView


@dataclass(frozen=True, slots=True)
class Preview:
    """What a text would do: words, or why it cannot be taken."""

    words: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something to ask in place.

    `submit(text, chosen)` returns why the answer cannot be taken, or "" when it was. `choices` are the parts a
    figure is for, or with `choice_answers` the answers themselves. Nothing typed is offered to `preview` too.
    """

    title: str
    label: str
    submit: Callable[[str, int], str]
    kind: Literal["amount", "words"] = "amount"
    hint: str = ""
    text: str = ""
    choices: tuple[str, ...] = ()
    choice_answers: bool = False
    chosen: int = -1
    preview: Callable[[str, int], Preview] | None = None


class Asks:
    """The one question that is open, if any."""

    def __init__(self, show: Callable[[], None]) -> None:
        self._show = show
        self._question: Question | None = None
        self._text = ""
        self._chosen = -1
        self._preview = Preview()
        self._error = ""
        self._serial = 0

    @property
    def open(self) -> bool:
        """Whether a question stands."""
        return self._question is not None

    def ask(self, question: Question) -> None:
        """Open a question in place of an earlier one."""
        self._question = question
        self._text, self._chosen, self._error = question.text, question.chosen, ""
        self._serial += 1
        self._look()

    def close(self) -> None:
        """Give the question up."""
        self._question = None

    def typed(self, text: str) -> None:
        """Show what the text would do."""
        if self._question is None or text == self._text:
            return
        self._text, self._error = text, ""
        self._look()
        self._show()

    def _look(self) -> None:
        question = self._question
        if question is not None and question.preview is not None:
            self._preview = question.preview(self._text, self._chosen)
        else:
            self._preview = Preview()

    def refuse(self, words: str) -> None:
        """Say beside the field why something else was not taken; what was typed stays."""
        self._error = words

    def choose(self, place: int) -> None:
        """Choose a part, or answer with a ready answer."""
        question = self._question
        if question is None or not 0 <= place < len(question.choices):
            return
        if question.choice_answers:
            self.submit(question.choices[place])
            return
        self._chosen = place
        self._error = ""
        self._look()

    def submit(self, text: str) -> None:
        """Give the answer; it stays open with words when it cannot be taken."""
        question, self._text = self._question, text
        if question is None:
            return
        error = question.submit(text.strip(), self._chosen)
        if error:
            self._error = error
        elif self._question is question:
            self._question = None

    def view(self) -> AskView | None:
        """Return what is shown."""
        question = self._question
        if question is None:
            return None
        return AskView(
            title=question.title,
            label=question.label,
            kind=question.kind,
            serial=self._serial,
            text=self._text,
            hint=question.hint,
            preview=self._preview.words,
            error=self._error or self._preview.error,
            choices=question.choices,
            chosen=self._chosen,
        )
