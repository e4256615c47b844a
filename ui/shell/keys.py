"""Actions and their keys: which key does what now, window-wide, also while a field has the focus.

Decides which action a key event means: the binding of the innermost open scope whose ``enabled`` says yes.
Scopes are the page in front, what it has opened inside itself (``sales.pay``) and an overlay, which shuts out
all others. Does not decide what actions do. A key that means nothing here goes on to the focused widget.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

_HELD_DOWN = frozenset(
    getattr(Qt.Key, f"Key_{name}")
    for name in ("Shift", "Control", "Alt", "AltGr", "Meta", "CapsLock", "NumLock", "ScrollLock")
)
EVERYWHERE = ""
"""The scope that is always open."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something a key can do: a stable id, the default key in Qt's portable text, a code of ``words``."""

    id: str
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class _Binding:
    action: Action
    scope: str
    run: Callable[[], None]
    enabled: Callable[[], bool]


def _always() -> bool:
    return True


class Keys:
    """The registry of one window. GUI thread only."""

    def __init__(self) -> None:
        self._bindings: dict[tuple[str, str], _Binding] = {}
        self._remapped: dict[str, str] = {}
        self._page = EVERYWHERE
        self._inner: list[str] = []
        self._modal: list[str] = []
        self._wanted: Callable[[str], None] | None = None

    def bind(
        self, scope: str, action: Action, run: Callable[[], None], enabled: Callable[[], bool] = _always
    ) -> None:
        """Let ``action`` run inside ``scope``; binding the same action there again replaces it."""
        self._bindings[scope, action.id] = _Binding(action, scope, run, enabled)

    def unbind(self, scope: str) -> None:
        """Forget every binding of a scope and of those inside it, as when its page is built anew."""
        inside = f"{scope}."
        self._inner = [name for name in self._inner if not f"{name}.".startswith(inside)]
        self._bindings = {
            key: made for key, made in self._bindings.items() if not f"{key[0]}.".startswith(inside)
        }

    def remap(self, keys: Mapping[str, str]) -> None:
        """Replace the person's own keys: action id → portable key text; an empty text takes the key away."""
        self._remapped = {action: _portable(key) for action, key in keys.items()}

    def key_of(self, action: Action) -> str:
        """Return the key as the buttons show it, empty if the action has none."""
        return _native(self._portable_of(action))

    @staticmethod
    def shown(key: str) -> str:
        """Return a key of portable text as the buttons show it."""
        return _native(key)

    def bound(self) -> list[tuple[str, Action]]:
        """Return every action that was ever bound, with its scope, in the order of binding; its key is portable."""
        return [
            (made.scope, replace(made.action, key=_portable(made.action.key)))
            for made in self._bindings.values()
        ]

    def capture(self, then: Callable[[str], None] | None) -> None:
        """Hand the next key to ``then`` as portable text instead of acting on it; None gives that up."""
        self._wanted = then

    def clashes(self) -> list[tuple[str, str, str]]:
        """Return (key, action id, action id) for each key that two actions of one scope share."""
        seen: dict[tuple[str, str], str] = {}
        found = []
        for binding in self._bindings.values():
            key = self._portable_of(binding.action)
            if key and (binding.scope, key) in seen:
                found.append((key, seen[binding.scope, key], binding.action.id))
            seen[binding.scope, key] = binding.action.id
        return found

    def turn_to(self, page: str) -> None:
        """Make a page's scope the one in front; what it opened inside itself is open again."""
        self._page = page

    def enter(self, scope: str) -> None:
        """Open a scope inside the page that its first part names, in front of its others: ``sales.pay``."""
        self.leave(scope)
        self._inner.append(scope)

    def leave(self, scope: str) -> None:
        """Close an inner scope; nothing happens if it is not open."""
        if scope in self._inner:
            self._inner.remove(scope)

    def shut_in(self, scope: str) -> None:
        """Let only ``scope`` act until ``let_out``: an approval is on the screen."""
        self._modal.append(scope)

    def let_out(self, scope: str) -> None:
        """End ``shut_in``."""
        if scope in self._modal:
            self._modal.remove(scope)

    def press(self, event: QKeyEvent) -> bool:
        """Run what the key means now and say whether it meant anything. Auto-repeat is taken and runs nothing."""
        key = _key_of_event(event)
        if key and self._wanted is not None:
            if not event.isAutoRepeat() and event.key() not in _HELD_DOWN:
                wanted, self._wanted = self._wanted, None
                wanted(key)
            return True
        binding = self._meaning(key) if key else None
        if binding is None:
            return False
        if not event.isAutoRepeat():
            binding.run()
        return True

    def active(self) -> list[Action]:
        """Return the actions that a key reaches now, innermost scope first, without those shadowed."""
        found: dict[str, Action] = {}
        for scope in self._open_scopes():
            for binding in self._bindings.values():
                key = self._portable_of(binding.action)
                if binding.scope == scope and key and binding.enabled():
                    found.setdefault(key, binding.action)
        return list(found.values())

    def _open_scopes(self) -> Iterable[str]:
        if self._modal:
            return [self._modal[-1]]
        inner = [scope for scope in reversed(self._inner) if scope.partition(".")[0] == self._page]
        return [*inner, self._page, EVERYWHERE]

    def _portable_of(self, action: Action) -> str:
        return self._remapped.get(action.id, _portable(action.key))

    def _meaning(self, key: str) -> _Binding | None:
        for scope in self._open_scopes():
            for binding in self._bindings.values():
                if binding.scope == scope and self._portable_of(binding.action) == key and binding.enabled():
                    return binding
        return None


def _native(key: str) -> str:
    # Qt tells the two Enter keys apart; people do not.
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "Enter")


def _portable(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def _key_of_event(event: QKeyEvent) -> str:
    if event.key() in (Qt.Key.Key_unknown, 0):
        return ""
    modifiers = event.modifiers() & ~(
        Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier
    )
    # "+" or "*" on one layout needs Shift and on another does not: a printable key is named by its character.
    if event.text().isprintable() and event.text() and not event.text().isalnum():
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    sequence = QKeySequence(modifiers.value | event.key())
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)
