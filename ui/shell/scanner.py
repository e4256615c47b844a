"""Sees every key before any widget or input method does, and parts scans from typing.

Decides nothing about bursts itself: it turns Qt's key events into strokes for ``ScanRecogniser``, holds the
events that wait for a verdict, delivers those that were typing in their order to whoever has the focus, and
hands a scan to ``on_scan``. Keys are offered to ``on_key`` (the shop's actions) at the moment they would be
delivered, so an action never overtakes a character typed before it.

The filter stands on the application, since a window that opens later (a popup, a dialog) must not escape it.
A key event reaches it first at its ``QWindow``; it is taken there and sent again when decided. ``QTest`` on a
widget skips the window and is taken at the widget in the same way.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui.shell.key_clock import KeyClock, QtKeyClock
from ui.shell.scan_recogniser import (
    GS,
    Release,
    Scan,
    ScanRecogniser,
    ScanRules,
    Stroke,
    StrokeKind,
    Verdict,
    fold_width,
)

_PRESS, _UP, _COMPOSED = QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.InputMethod
_KEYS = frozenset({_PRESS, _UP})
_BREAKS = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.WindowDeactivate})
_ENDS = frozenset({Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value, Qt.Key.Key_Tab.value})
_MODIFIERS = frozenset(
    key.value
    for key in (
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
    )
)


@dataclass(frozen=True, slots=True, eq=False)
class _Parcel:
    """An event of our own making and where it was going."""

    event: QKeyEvent | QInputMethodEvent
    target: QObject
    had_focus: bool


class ScannerFilter(QObject):
    """The one door through which keys come in. GUI thread only."""

    def __init__(
        self,
        on_scan: Callable[[Scan], None],
        on_key: Callable[[QKeyEvent], bool],
        *,
        rules: ScanRules | None = None,
        clock: KeyClock | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._on_scan = on_scan
        self._on_key = on_key
        self._recogniser = ScanRecogniser(rules)
        self._clock: KeyClock = clock or QtKeyClock(self)
        self._ours: list[QEvent] = []
        self._down: set[int] = set()

    @property
    def clock(self) -> KeyClock:
        """Return the clock in use: tests and the tour move it by hand."""
        return self._clock

    def use_rules(self, rules: ScanRules) -> None:
        """Follow other rules from the next key on; what is held is decided by the old ones."""
        self._flush()
        self._recogniser.rules = rules

    def install(self) -> None:
        """Stand before every other receiver of keys."""
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def remove(self) -> None:
        """Step aside; what is held is delivered first."""
        self._flush()
        self._clock.silence()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _KEYS:
            if any(event is ours for ours in self._ours):
                return False
            return isinstance(watched, (QWindow, QWidget)) and self._take(watched, event)
        if kind == _COMPOSED:
            return isinstance(event, QInputMethodEvent) and self._take_composed(watched, event)
        if kind in _BREAKS and self._recogniser.held and not _is_beside(watched):
            self._flush()
        return False

    def _take(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        copy = QKeyEvent(event)
        had_focus = watched is QApplication.focusWidget()
        kind = _kind(event)
        self._feed(
            Stroke(
                kind=kind,
                time_ms=self._clock.time_of(event.timestamp()),
                text=_character(event) if kind is StrokeKind.CHARACTER else "",
                shift=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier),
                repeat=event.isAutoRepeat() and event.type() == _PRESS,
                payload=_Parcel(copy, watched, had_focus),
            )
        )
        return True

    def _take_composed(self, watched: QObject, event: QInputMethodEvent) -> bool:
        """Hold a lone plain character that an input method committed: it may be one of a scanner's."""
        text = fold_width(event.commitString())
        if any(event is ours for ours in self._ours) or event.preeditString():
            return False
        if len(text) != 1 or not text.isascii() or not text.isprintable():
            return False
        copy = QInputMethodEvent()
        copy.setCommitString(event.commitString(), event.replacementStart(), event.replacementLength())
        time_ms = self._clock.time_of(0)
        parcel = _Parcel(copy, watched, watched is QApplication.focusWidget())
        self._feed(Stroke(StrokeKind.CHARACTER, time_ms, text, shift=text.isupper(), payload=parcel))
        return True

    def _feed(self, stroke: Stroke) -> None:
        verdicts = self._recogniser.feed(stroke)
        if stroke.kind is StrokeKind.CHARACTER and self._recogniser.run_length == 3:
            self._cancel_composition()
        # The alarm is set before delivery, which may open a nested event loop.
        if not self._recogniser.held:
            self._clock.silence()
        elif stroke.kind is StrokeKind.CHARACTER:
            self._clock.alarm(self._recogniser.wait_ms, self._tick)
        self._act(verdicts)

    def _tick(self, time_ms: float) -> None:
        self._act(self._recogniser.tick(time_ms))

    def _flush(self) -> None:
        self._clock.silence()
        self._act(self._recogniser.flush(self._clock.time_of(0)))

    def _act(self, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            if isinstance(verdict, Release):
                for stroke in verdict.strokes:
                    self._deliver(stroke)
            else:
                self._on_scan(verdict)

    def _deliver(self, stroke: Stroke) -> None:
        parcel = stroke.payload
        assert isinstance(parcel, _Parcel)
        event = parcel.event
        if isinstance(event, QKeyEvent) and self._kept(event):
            return
        target = _receiver(parcel)
        if target is None:
            return
        self._ours.append(event)
        try:
            QCoreApplication.sendEvent(target, event)
        finally:
            self._ours.remove(event)

    def _kept(self, event: QKeyEvent) -> bool:
        """Say whether nobody shall see this key: an action took it, or its press was never delivered."""
        if event.type() == _UP:
            if event.key() not in self._down:
                return True
            self._down.discard(event.key())
            return False
        if self._on_key(event):
            self._down.discard(event.key())
            return True
        self._down.add(event.key())
        return False

    def _cancel_composition(self) -> None:
        """Drop what an input method was composing: the burst is not part of it."""
        QGuiApplication.inputMethod().reset()
        focus = QApplication.focusWidget()
        if focus is not None and focus.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
            clear = QInputMethodEvent()
            self._ours.append(clear)
            QCoreApplication.sendEvent(focus, clear)
            self._ours.remove(clear)


def _is_beside(watched: QObject) -> bool:
    """Whether something is of a window that takes no keys: a customer's finger on her screen breaks no scan."""
    no_keys = Qt.WindowType.WindowDoesNotAcceptFocus
    if isinstance(watched, QWindow):
        return bool(watched.flags() & no_keys)
    return isinstance(watched, QWidget) and bool(watched.window().windowFlags() & no_keys)


def _receiver(parcel: _Parcel) -> QObject | None:
    """Return who gets a delivered key: the window, or the widget that has the focus by now."""
    target = parcel.target if isValid(parcel.target) else None
    if isinstance(target, QWindow):
        return target
    focus = QApplication.focusWidget()
    if target is None or parcel.had_focus:
        return focus or target
    if isinstance(target, QWidget) and target.isWindow() and focus is not None and focus.window() is target:
        return focus
    return target


def _kind(event: QKeyEvent) -> StrokeKind:
    if event.type() == _UP or event.key() in _MODIFIERS:
        return StrokeKind.UP
    plain = event.modifiers() & ~(
        Qt.KeyboardModifier.ShiftModifier
        | Qt.KeyboardModifier.KeypadModifier
        | Qt.KeyboardModifier.GroupSwitchModifier
    )
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    if event.key() in _ENDS and not plain:
        return StrokeKind.TERMINATOR
    if event.text() in ("\r", "\n") and plain == Qt.KeyboardModifier.ControlModifier:
        return StrokeKind.TERMINATOR
    if _character(event) and (not plain or plain == both or _character(event) == GS):
        return StrokeKind.CHARACTER
    return StrokeKind.OTHER


def _character(event: QKeyEvent) -> str:
    """Return the printable character or GS of a key, else nothing. Ctrl+] is how keyboards say GS."""
    text = event.text()
    if text == GS:
        return GS
    control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    if control and event.key() == Qt.Key.Key_BracketRight:
        return GS
    return text if len(text) == 1 and text.isprintable() else ""
