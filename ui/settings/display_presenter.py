"""The settings of the customer's screen without their widgets.

Decides what is being set, and that a folder of pictures is looked into before it is kept. Qt-free.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec

from pos_app.domain.display import LANGUAGES, LEAST_SECONDS, MOST_SECONDS, PREVIEW, DisplaySettings
from pos_app.domain.errors import ExpectedError
from pos_app.words import translate
from ui.shell.counter import Counter
from ui.shell.wording import words_of


class NoFolderError(ExpectedError):
    """The folder of pictures is not there, or is no folder."""

    code = "display.settings.no_folder"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen, and how it is called."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class State:
    """What the tab shows."""

    display: DisplaySettings
    seconds: str
    screens: tuple[Choice, ...] = ()
    languages: tuple[Choice, ...] = ()
    problem: str = ""
    note: str = ""
    hint: str = ""
    changed: bool = False
    busy: bool = False


class DisplayPresenter:
    """One method an intent; `on_change` gets each new state."""

    def __init__(self, counter: Counter, on_change: Callable[[State], None]) -> None:
        self._counter, self._on_change = counter, on_change
        self.state = self._fresh()

    def _fresh(self) -> State:
        display = self._counter.shop.current.value.display
        return State(
            display=display,
            seconds=str(display.seconds),
            screens=self._screens(display),
            languages=tuple(
                Choice(lang, translate(f"display.settings.language_{lang or 'till'}")) for lang in LANGUAGES
            ),
            hint=self._hint(display),
        )

    def _screens(self, display: DisplaySettings) -> tuple[Choice, ...]:
        there = self._counter.display.screens()
        choices = [Choice("", translate("display.settings.any_screen"))]
        choices += [Choice(name, words) for name, words in there]
        if display.screen not in ("", PREVIEW, *(name for name, _ in there)):
            away = translate("display.settings.unplugged", name=display.screen)
            choices.append(Choice(display.screen, away))
        return (*choices, Choice(PREVIEW, translate("display.settings.preview")))

    def _hint(self, display: DisplaySettings) -> str:
        if display.screen == PREVIEW or self._counter.display.screens():
            return ""
        return translate("display.settings.one_screen")

    def opened(self) -> None:
        """Look which screens are plugged in now; what is being set stays."""
        display = self.state.display
        self._show(replace(self.state, screens=self._screens(display), hint=self._hint(display)))

    def turn(self, on: bool) -> None:
        """Have a customer's screen, or none."""
        self._set(on=on)

    def turn_member(self, on: bool) -> None:
        """Let the customer see who she is taken for, or not."""
        self._set(member=on)

    def choose_screen(self, key: str) -> None:
        """Choose where it is shown."""
        self._set(screen=key)

    def choose_language(self, key: str) -> None:
        """Choose what it speaks."""
        self._set(language=key)

    def type_pictures(self, text: str) -> None:
        """Type the folder of pictures."""
        if text != self.state.display.pictures:
            self._set(pictures=text)

    def type_seconds(self, text: str) -> None:
        """Type how long each picture stays."""
        if text != self.state.seconds:
            self._show(replace(self.state, seconds=text, changed=True, problem="", note=""))

    def _set(self, **fields: object) -> None:
        display = msgspec.structs.replace(self.state.display, **fields)
        state = replace(self.state, display=display, changed=True, problem="", note="")
        self._show(replace(state, hint=self._hint(display)))

    def revert(self) -> None:
        """Give up what was being set."""
        self._show(self._fresh())

    def save(self) -> None:
        """Put it in force."""
        if not self.state.changed or self.state.busy:
            return
        counter, seconds = self._counter, self.state.seconds.strip()
        if not (seconds.isascii() and seconds.isdigit() and LEAST_SECONDS <= int(seconds) <= MOST_SECONDS):
            words = translate("display.settings.seconds_range", least=LEAST_SECONDS, most=MOST_SECONDS)
            self._show(replace(self.state, problem=words))
            return
        display = msgspec.structs.replace(
            self.state.display, seconds=int(seconds), pictures=self.state.display.pictures.strip()
        )
        self._show(replace(self.state, busy=True, problem=""))
        lane = counter.slow or counter.db
        lane.run(partial(_check_folder, display.pictures), lambda _none: self._keep(display), self._failed)

    def _keep(self, display: DisplaySettings) -> None:
        counter = self._counter
        who = counter.session.who
        settings = msgspec.structs.replace(counter.shop.current.value, display=display)
        counter.db.run(lambda: counter.shop.settings.change(who, settings), self._saved, self._failed)

    def _saved(self, _done: object) -> None:
        self._counter.display.settle()
        self._show(replace(self._fresh(), note=translate("display.settings.saved")))

    def _failed(self, problem: Exception) -> None:
        words = words_of(problem, self._counter.shop.current.value.money)
        self._show(replace(self.state, busy=False, problem=words))

    def _show(self, state: State) -> None:
        self.state = state
        self._on_change(state)


def _check_folder(folder: str) -> None:
    try:
        there = not folder or Path(folder).expanduser().is_dir()
    except (OSError, ValueError, RuntimeError):  # A null byte, a name too long, the home of nobody.
        there = False
    if not there:
        raise NoFolderError(folder=folder)
