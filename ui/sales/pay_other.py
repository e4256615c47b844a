"""The list behind F8: ways of paying that have no key of their own.

Decides the order and that a way the shop lacks is absent. What each asks for is a stage of its own.
"""

from collections.abc import Sequence

from pos_app.domain.values.money import Amount
from pos_app.words import translate
from ui.sales.pay_stage import PayHost, PlainStage, PlainWay, StageView, Way, step_in
from ui.sales.state import ChoiceRow


class Other(PlainWay):
    """The tile of the other ways."""

    name, icon = "other", "wallet"

    def __init__(self, ways: Sequence[Way]) -> None:
        self._ways = ways

    @property
    def there(self) -> bool:
        """Whether there is one of them."""
        return any(way.there for way in self._ways)

    @property
    def words(self) -> str:
        """What it is called."""
        return translate("tenders.other")

    @property
    def second(self) -> str:
        """What most look for behind it."""
        return translate("tenders.other_second")

    def scanned(self, pay: PayHost, text: str) -> bool:
        """Let each of them look at a scan."""
        return any(way.there and way.scanned(pay, text) for way in self._ways)

    def begin(self, pay: PayHost, typed: Amount | None) -> None:
        """List them."""
        pay.push(OtherList(pay, [way for way in self._ways if way.there], typed))


class OtherList(PlainStage):
    """One of the other ways is to be chosen."""

    def __init__(self, pay: PayHost, ways: Sequence[Way], typed: Amount | None) -> None:
        self._pay = pay
        self._ways = ways
        self._typed = typed
        self._chosen = 0

    @property
    def view(self) -> StageView:
        """The ways, the first marked."""
        rows = tuple(ChoiceRow(way.icon, way.words, way.second) for way in self._ways)
        return StageView(
            "other",
            translate("tenders.label_other"),
            translate("tenders.choose"),
            choices=rows,
            chosen=self._chosen,
            writes=False,
        )

    def enter(self, text: str) -> None:
        """Take the marked one."""
        self.choose(self._chosen)

    def step(self, step: int) -> None:
        """Mark another."""
        self._chosen = step_in(len(self._ways), self._chosen, step)

    def choose(self, place: int) -> None:
        """Begin to pay this way; Esc comes back to the list."""
        if 0 <= place < len(self._ways):
            self._chosen = place
            self._ways[place].begin(self._pay, self._typed)
