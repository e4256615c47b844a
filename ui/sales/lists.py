"""The list under the box: goods, members, held carts, or the two things that one code may be.

Decides how a list is walked and chosen from: Enter takes only a row that is marked. What stands in it and what a
choice does belongs to who opens it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pos_app.words import format_count, translate
from ui.sales.state import ChoiceRow, ListView


@dataclass(frozen=True, slots=True)
class Choice:
    """A row and what choosing it does."""

    row: ChoiceRow
    choose: Callable[[], None]


class Lists:
    """The one list that is open, if any."""

    def __init__(self) -> None:
        self._title = ""
        self._foot = ""
        self._choices: tuple[Choice, ...] = ()
        self._total, self._capped = 0, False
        self._current = -1
        self.live = False
        """Whether the list follows what is typed, and so goes when the box changes."""
        self.left_words = ""
        """What to say when the list is left without a choice; set after `show`."""

    @property
    def open(self) -> bool:
        """Whether a list stands."""
        return bool(self._choices)

    @property
    def marked(self) -> bool:
        """Whether a row is marked, so that Enter takes it."""
        return 0 <= self._current < len(self._choices)

    def show(
        self,
        title: str,
        choices: Sequence[Choice],
        *,
        total: int = 0,
        capped: bool = False,
        marked: bool = False,
    ) -> None:
        """Open a list; with `marked` the first row is, so that Enter takes it.

        `total` is how many there are, with `capped` at least.
        """
        self._title, self._choices = title, tuple(choices)
        self._total, self._capped = max(total, len(self._choices)), capped
        self._current = 0 if marked and self._choices else -1
        self.live, self.left_words = False, ""
        self._foot = translate("sales.list.foot")

    def close(self) -> None:
        """Take the list away."""
        self._choices = ()
        self._current = -1
        self.live = False

    def leave(self) -> str:
        """Take the list away without a choice, and return what is to be said about that."""
        words, self.left_words = self.left_words if self.open else "", ""
        self.close()
        return words

    def step(self, step: int) -> None:
        """Mark a row further down, or up."""
        last = len(self._choices) - 1
        start = self._current if self._current >= 0 or step > 0 else last + 1
        self._current = max(0, min(last, start + step))

    def mark(self, place: int) -> None:
        """Mark a row by its place."""
        if 0 <= place < len(self._choices):
            self._current = place

    def take(self) -> None:
        """Choose the marked row; the list goes first, so that the choice may open another."""
        if self.marked:
            choice = self._choices[self._current]
            self.close()
            choice.choose()

    def view(self) -> ListView | None:
        """Return what is shown."""
        if not self._choices:
            return None
        shown = format_count(len(self._choices))
        count = translate("common.list.count", shown=shown, count=self._total)
        if self._capped:
            over = translate("members.list.over", count=format_count(self._total))
            count = translate("members.list.of", shown=shown, total=over)
        rows = tuple(choice.row for choice in self._choices)
        return ListView(self._title, rows, self._current, count, self._foot)
