"""Signing in: who, with which PIN, and where she goes.

Decides what the page says and which person a code, a tap or a badge means. The PIN is checked by a service on the
db lane; what a role may do stands in `domain.staff`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pos_app.domain.shifts import Shift
from pos_app.domain.staff import PinError, Staff
from pos_app.domain.values.money import Currency
from pos_app.services.acting import Actor
from pos_app.words import LANGUAGES, best_language, translate
from ui.shell.counter import Counter
from ui.shell.wording import words_of


@dataclass(frozen=True, slots=True)
class Person:
    """A name to choose."""

    code: str
    name: str
    role: str
    pin: str = ""
    """The PIN in words, in the demo shop only."""


@dataclass(frozen=True, slots=True)
class State:
    """The sign-in page."""

    shop: str = ""
    people: tuple[Person, ...] = ()
    code: str = ""
    name: str = ""
    """Whose code it is, once it is somebody's."""
    error: str = ""
    busy: bool = False
    demo: bool = False
    unknown: bool = False
    """Whether the error is about the code, not about the PIN."""
    asks_pin: bool = False
    """Whether the next thing to type is the PIN."""
    other_language: str = ""
    """The language that a switch leads to, by its own name."""
    dark: bool = False
    resting: bool = False
    """Whether the till clears what waited for its rest; who signs in meanwhile waits for it."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Where signing in leads, as the window decides."""

    entered: Callable[[Actor, Shift | None], None]
    """Somebody signed in; the shift that is open."""
    refused: Callable[[], None]
    """Sound the refusal."""
    dressed: Callable[[str, str], None]
    """The till speaks another language, or has another theme, from now on: (language, theme)."""


def person_of(text: str, people: Sequence[Person]) -> Person | None:
    """Return whose code it is; letters count the same with CapsLock on or off."""
    said = text.strip()
    found = [person for person in people if person.code.casefold() == said.casefold()]
    exact = [person for person in found if person.code == said]
    return next(iter(exact or found), None)


def words_of_refusal(problem: Exception, currency: Currency) -> str:
    """Return what to say when a code and PIN were not accepted."""
    if isinstance(problem, PinError) and isinstance(problem.params.get("left"), int):
        return translate("staff.error.pin_left", count=problem.params["left"])
    return words_of(problem, currency)


def people_of(staff: Sequence[Staff], pins: dict[str, str]) -> tuple[Person, ...]:
    """Return the active staff as names to choose; `pins` are those of the demo."""
    return tuple(
        Person(
            one.code,
            one.name,
            translate(f"staff.role.{one.role.value}"),
            translate("staff.sign_in.demo", pin=pins[one.code]) if one.code in pins else "",
        )
        for one in staff
        if one.active
    )


def demo_pins() -> dict[str, str]:
    """Return code → PIN of the demo's staff, which stand on its sign-in page."""
    from pos_app.services.demo_shop import demo_staff

    return {code: pin for code, _, _, pin, _ in demo_staff()}


def _language_after(language: str) -> str:
    """Return the language that follows in the list of all, the first after the last."""
    known = list(LANGUAGES)
    return known[(known.index(best_language(language)) + 1) % len(known)]


class SignInPresenter:
    """The intents of the sign-in page. GUI thread."""

    def __init__(self, counter: Counter, doors: Doors, on_change: Callable[[State], None]) -> None:
        self._counter = counter
        self._doors = doors
        self._on_change = on_change
        self.state = State()

    def open(self) -> None:
        """Sign out whoever was in, and ask who comes."""
        session = self._counter.session
        if session.actor is not None:
            leaving, session.actor = session.actor, None
            self._counter.db.run(
                lambda: self._counter.shop.staff.sign_out(leaving),
                lambda _: self._look_for_rest(),
                lambda _: None,
            )
        settings = self._counter.shop.current.value
        pins = demo_pins() if settings.demo else {}
        people = people_of(self._counter.shop.staff.everybody(), pins)
        self._show(
            State(
                shop=settings.shop_name,
                people=people,
                demo=settings.demo,
                other_language=LANGUAGES[_language_after(settings.language)],
                dark=settings.theme == "dark",
            )
        )

    def _look_for_rest(self) -> None:
        """A till that is never closed rests between two shifts, while nobody is at it."""
        if self._is_nobody_here():
            due = self._counter.shop.member_traces.between_shifts
            self._counter.db.run(due, lambda is_due: self._rest() if is_due else None, lambda _: None)

    def _rest(self) -> None:
        if self._is_nobody_here():
            self._change(resting=True)
            done = partial(self._change, resting=False)
            self._counter.db.run(self._counter.shop.member_traces.rest, lambda _: done(), lambda _: done())

    def _is_nobody_here(self) -> bool:
        return self._counter.session.actor is None and not self.state.busy

    def switch_language(self) -> None:
        """Let the till speak its next language; anybody may."""
        settings = self._counter.shop.current.value
        self._dress(_language_after(settings.language), settings.theme)

    def switch_theme(self) -> None:
        """Change between light and dark; anybody may."""
        settings = self._counter.shop.current.value
        self._dress(settings.language, "light" if settings.theme == "dark" else "dark")

    def _dress(self, language: str, theme: str) -> None:
        if self.state.busy:
            return
        self._change(busy=True, error="")
        self._counter.db.run(
            lambda: self._counter.shop.settings.set_appearance(None, language, theme),
            lambda _: self._dressed(language, theme),
            self._not_entered,
        )

    def _dressed(self, language: str, theme: str) -> None:
        self._change(busy=False, dark=theme == "dark", other_language=LANGUAGES[_language_after(language)])
        self._doors.dressed(language, theme)

    def choose(self, code: str) -> None:
        """Somebody tapped her name, or typed a code and Enter."""
        person = person_of(code, self.state.people)
        if person is None:
            words = "staff.sign_in.unknown_code" if code.strip() else "staff.sign_in.needs_code"
            self._refuse(translate(words, code=code.strip()), unknown=True)
            return
        self._change(code=person.code, name=person.name, error="", asks_pin=True)

    def type_code(self, code: str) -> None:
        """The code in its field changed."""
        person = person_of(code, self.state.people)
        self._change(code=code, name=person.name if person else "", error="", asks_pin=False)

    def scan(self, text: str) -> None:
        """A badge signs its owner in; anything else is refused and typed nowhere."""
        if not self.state.busy:
            self._sign_in(lambda: self._counter.shop.staff.sign_in_by_badge(text))

    def enter(self, code: str, pin: str) -> None:
        """Sign in; one try at a time."""
        if self.state.busy:
            return
        person = person_of(code, self.state.people)
        if not code.strip():
            self._refuse(translate("staff.sign_in.needs_code"), unknown=True)
            return
        if not pin:
            self.choose(code)
            return
        wanted = person.code if person else code
        self._change(code=wanted, name=person.name if person else "")
        self._sign_in(lambda: self._counter.shop.staff.sign_in(wanted, pin))

    def _sign_in(self, check: Callable[[], Actor]) -> None:
        self._change(busy=True, error="")
        self._counter.db.run(
            lambda: (check(), self._counter.shop.shifts.current()),
            lambda found: self._entered(*found),
            self._not_entered,
        )

    def _entered(self, actor: Actor, shift: Shift | None) -> None:
        self._counter.session.actor = actor
        self._change(busy=False, code="", name="", asks_pin=False)
        self._doors.entered(actor, shift)

    def _not_entered(self, problem: Exception) -> None:
        self._change(busy=False)
        self._refuse(
            words_of_refusal(problem, self._counter.shop.current.value.money), asks_pin=bool(self.state.name)
        )

    def _refuse(self, words: str, *, asks_pin: bool = False, unknown: bool = False) -> None:
        self._doors.refused()
        self._change(error=words, asks_pin=asks_pin, unknown=unknown)

    def _change(self, **changes: object) -> None:
        self._show(replace(self.state, **changes))  # type: ignore[arg-type]

    def _show(self, state: State) -> None:
        self.state = state
        self._on_change(state)
