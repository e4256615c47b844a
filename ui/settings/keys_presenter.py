"""Whose key does what: every action with its key, to be given another one.

Decides which keys may be given, and what is said when two actions would share one. Each change is in force and on the
disk at once, and can be undone. Which keys act where is known to `ui.shell.keys`. Qt-free.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from pos_app.words import language, translate
from ui.shell.counter import Counter
from ui.shell.wording import words_of

TYPED = ("+", "-", "*", "/")
"""Plain characters that may be keys: the number pad's, while the box is empty."""
_FIELDS = {"Return", "Enter", "Esc", "Tab", "Shift+Tab", "Backtab", "Shift+Backtab", "Backspace", "Space"}
_MOVING = {"Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDown"}
_SYSTEM = {"Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+A", "Alt+F4", "Ctrl+Shift+Esc", "Shift+Return", "Shift+Enter"}
NEEDED = frozenset(_FIELDS | _MOVING | _SYSTEM)
"""Keys that fields, lists and the system need everywhere."""


@dataclass(frozen=True, slots=True)
class Bound:
    """An action as it is bound: where (scope, and that in words), its id, its code of words, its own key."""

    scope: str
    where: str
    action: str
    label: str
    default: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDoors:
    """What the window does: keys are portable texts, `shown` says one as buttons do."""

    bound: Callable[[], Sequence[Bound]]
    capture: Callable[[Callable[[str], None] | None], None]
    shown: Callable[[str], str]
    apply: Callable[[Mapping[str, str]], None]


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A row of the list; `alone` is False when another action of the same place has the same key."""

    action: str
    where: str
    words: str
    key: str
    default: str
    changed: bool
    alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the tab shows; `waiting`: the next key is the new one. `question`: another action would lose its key."""

    rows: tuple[KeyRow, ...] = ()
    count: str = ""
    search: str = ""
    chosen: KeyRow | None = None
    waiting: bool = False
    question: str = ""
    problem: str = ""
    note: str = ""
    clashes: str = ""
    may_undo: bool = False
    any_changed: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """What the tab that is built anew goes on with.

    `before` is the keys before the last change, `note` what was said of it. `bound` saves building every page again
    only to know its keys; it holds words, so it is good for its language only.
    """

    search: str
    chosen: str
    before: Mapping[str, str] | None
    note: str
    bound: tuple[Bound, ...]
    language: str


class KeysPresenter:
    """The intents of the tab. GUI thread."""

    def __init__(self, counter: Counter, doors: KeyDoors, on_change: Callable[[State], None]) -> None:
        self._counter = counter
        self._doors = doors
        self._on_change = on_change
        self._bound: tuple[Bound, ...] = ()
        self._chosen = ""
        self._wanted = ""
        self._before: Mapping[str, str] | None = None
        self.state = State()

    def carry(self) -> Carried:
        """Return what the presenter of the page that is built anew goes on with."""
        return Carried(
            self.state.search, self._chosen, self._before, self.state.note, self._bound, language()
        )

    def take_over(self, carried: Carried) -> None:
        """Go on with it."""
        self._chosen, self._before = carried.chosen, carried.before
        if carried.language == language():
            self._bound = carried.bound
        self.open()
        self._show(search=carried.search, note=carried.note)

    def knows(self, page: str) -> bool:
        """Whether any key of a page is known."""
        return any(each.scope.partition(".")[0] == page for each in self._bound)

    # -- showing -------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Show every action that is known by now; one of a page that stands no more is the one it was."""
        found: dict[str, Bound] = {}
        for each in (*self._doors.bound(), *self._bound):
            found.setdefault(each.action, each)
        self._bound = tuple(sorted(found.values(), key=lambda each: each.scope))
        self._show()

    def search(self, text: str) -> None:
        """Show actions whose words, place, key or own key hold the text."""
        self._show(search=text)

    def _map(self) -> Mapping[str, str]:
        return self._counter.shop.current.value.key_map

    def _key_of(self, bound: Bound) -> str:
        return self._map().get(bound.action, bound.default)

    def _is_moved(self, bound: Bound) -> bool:
        return self._key_of(bound) != bound.default

    def _rows(self) -> tuple[KeyRow, ...]:
        # Two that share their own key are never open at once: their pages see to that. One that was moved there is.
        sharing: dict[tuple[str, str], list[bool]] = {}
        for each in self._bound:
            sharing.setdefault((each.scope, self._key_of(each)), []).append(self._is_moved(each))
        return tuple(
            KeyRow(
                action=each.action,
                where=each.where,
                words=translate(each.label),
                key=self._doors.shown(self._key_of(each)),
                default=self._doors.shown(each.default),
                changed=self._is_moved(each),
                alone=not self._key_of(each) or not _clash(sharing[each.scope, self._key_of(each)]),
            )
            for each in self._bound
        )

    def _show(self, **changes: object) -> None:
        search = str(changes.get("search", self.state.search))
        rows = self._rows()
        wanted = search.strip().casefold()
        # Found by its own key, an action that was given another one stays where it was found.
        shown = tuple(
            row for row in rows if wanted in f"{row.words}\n{row.where}\n{row.key}\n{row.default}".casefold()
        )
        shared = sorted({row.key for row in rows if not row.alone})
        told = {
            "rows": shown,
            "count": translate("settings.keys.count", shown=len(shown), all=len(rows)),
            "chosen": next((row for row in rows if row.action == self._chosen), None),
            "clashes": translate("settings.keys.clashes", keys=", ".join(shared)) if shared else "",
            "may_undo": self._before is not None,
            "any_changed": any(row.changed for row in rows),
            **changes,
        }
        self.state = replace(self.state, **told)  # type: ignore[arg-type]
        self._on_change(self.state)

    # -- giving a key --------------------------------------------------------------------------------------

    def choose(self, action: str) -> None:
        """Take an action in hand; what was begun with another one is given up."""
        if action != self._chosen:
            self._stop_waiting()
            self._chosen = action
            self._show(question="", problem="", note="")

    def change(self) -> None:
        """Take the next key as the new one."""
        if not self._chosen or self.state.waiting:
            return
        self._show(waiting=True, question="", problem="", note="")
        self._doors.capture(self._captured)

    def cancel(self) -> None:
        """Give up what was begun."""
        self._stop_waiting()
        self._show(question="", problem="")

    def _stop_waiting(self) -> None:
        self._wanted = ""
        if self.state.waiting:
            self._doors.capture(None)
            self._show(waiting=False)

    def _captured(self, key: str) -> None:
        self._show(waiting=False)
        if key == "Esc":
            return
        if (
            key in NEEDED
            or (len(key) == 1 and key not in TYPED)
            or (key.startswith("Shift+") and len(key) == 7)
        ):
            self._show(problem=translate("settings.keys.needed", key=self._doors.shown(key)))
            return
        other = self._other(key)
        if other is None:
            self._give(key)
            return
        self._wanted = key
        words = translate("settings.keys.taken", key=self._doors.shown(key), other=translate(other.label))
        self._show(question=words)

    def _mine(self) -> Bound | None:
        return next((each for each in self._bound if each.action == self._chosen), None)

    def _other(self, key: str) -> Bound | None:
        """Return the other action that the key stands for in the same place."""
        mine = self._mine()
        return next(
            (
                each
                for each in self._bound
                if mine is not None
                and each.action != mine.action
                and each.scope == mine.scope
                and self._key_of(each) == key
            ),
            None,
        )

    def confirm(self) -> None:
        """Say yes to the question: the other action is left without a key."""
        if self._wanted:
            self._give(self._wanted)

    def take_away(self) -> None:
        """Leave the action in hand without a key."""
        if self._chosen:
            self._give("")

    def reset(self) -> None:
        """Give the action in hand its own key back; one that has it by now is asked about first."""
        mine = self._mine()
        if mine is not None:
            self._captured(mine.default) if self._other(mine.default) else self._give(mine.default)

    def reset_all(self) -> None:
        """Give every action its own key back."""
        self._save({}, translate("settings.keys.all_reset"))

    def undo(self) -> None:
        """Take the last change back."""
        if self._before is not None:
            before, self._before = self._before, None
            self._save(before, translate("settings.keys.undone"), undoes=True)

    def _give(self, key: str) -> None:
        mine = self._mine()
        if mine is None:
            return
        changed = dict(self._map())
        other = self._other(key) if key else None
        if other is not None:
            changed[other.action] = ""
        changed[mine.action] = key
        for each in (mine, other):
            if each is not None and changed.get(each.action) == each.default:
                del changed[each.action]
        action = translate(mine.label)
        given = translate("settings.keys.given", key=self._doors.shown(key), action=action)
        self._save(changed, given if key else translate("settings.keys.taken_away", action=action))

    def _save(self, keys: Mapping[str, str], note: str, *, undoes: bool = False) -> None:
        before = dict(self._map())
        self._wanted = ""
        who, shop = self._counter.session.who, self._counter.shop
        settings = msgspec.structs.replace(shop.current.value, key_map=dict(keys))

        def saved(_done: object) -> None:
            self._before = None if undoes else before
            self._show(question="", problem="", note=note)
            self._doors.apply(keys)

        def failed(problem: Exception) -> None:
            self._show(question="", problem=words_of(problem, shop.current.value.money))

        self._counter.db.run(lambda: shop.settings.change(who, settings), saved, failed)


def _clash(moved: list[bool]) -> bool:
    """Whether actions on one key are in each other's way: one of several was moved there."""
    return len(moved) > 1 and any(moved)
