"""Enrolment: the platform's address, the one-time code, and which of two ways a till comes to a merchant.

Decides what must be filled in, and beside which field a refusal is told. Qt-free; the network is on the net lane.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from pos_app.domain.staff import Action, may
from pos_app.services.ports.syncing import EnrolWay
from pos_app.words import translate
from ui.shell.counter import Counter
from ui.shell.wording import words_of
from ui.sync.ports import SyncParts
from ui.sync.state import EnrolState
from ui.sync.telling import number_in

ADDRESS, CODE, WAY = "address", "code", "way"
CODE_LENGTH = 8
_ABOUT_CODE = frozenset({2010, 2011, 2012})
_ABOUT_WAY = frozenset({2013, 2014, 2015, 2016})
_UNREACHED = 9001


class EnrolPresenter:
    """The form's intents. GUI thread."""

    def __init__(self, counter: Counter, parts: SyncParts, on_change: Callable[[EnrolState], None]) -> None:
        self._counter = counter
        self._parts = parts
        self._on_change = on_change
        self.done: Callable[[], None] = lambda: None
        """Called once the till belongs to the merchant."""
        self.state = EnrolState()

    def open(self) -> None:
        """Begin with the address that was used last, unless something was typed already."""
        actor = self._counter.session.actor
        may_enrol = actor is not None and may(actor.role, Action.MANAGE_SETTINGS)
        self._change(may_enrol=may_enrol, address=self.state.address or self._parts.remembered())

    def take_over(self, before: "EnrolPresenter") -> None:
        """Go on for a form that is gone: what was typed there stands here, and what it waits for is told here."""
        before._on_change = self._adopt
        before.done = lambda: self.done()
        self._adopt(replace(before.state, errors=()))

    def _adopt(self, state: EnrolState) -> None:
        self._change(
            address=state.address, code=state.code, way=state.way, errors=state.errors, busy=state.busy
        )

    def type_address(self, text: str) -> None:
        """The field of the address holds another text."""
        self._typed(ADDRESS, text)

    def type_code(self, text: str) -> None:
        """The field of the code holds another text; it may be spelt in any way."""
        self._typed(CODE, text)

    def choose(self, way: EnrolWay) -> None:
        """Bring this till's records along, or take the merchant's over; what was agreed to stays while it is done."""
        if self.state.busy:
            return
        self._change(way=way.value, errors=self._errors_without(WAY))

    def check(self) -> bool:
        """Say beside each field what is missing; return whether nothing is."""
        state = self.state
        errors = []
        if not state.address.strip():
            errors.append((ADDRESS, translate("common.field.required")))
        if len(_letters(state.code)) != CODE_LENGTH:
            errors.append((CODE, translate("sync.enrol.code_form")))
        if not state.way:
            errors.append((WAY, translate("sync.enrol.choose_way")))
        self._change(errors=tuple(errors))
        return not errors

    def enrol(self) -> None:
        """Look whether a platform answers there, then enrol with the code."""
        state = self.state
        if state.busy or not state.may_enrol or not self.check():
            return
        address = state.address.strip()
        self._change(busy=translate("sync.enrol.looking"))
        self._parts.net.run(
            partial(self._parts.enrolling.look, address), self._found, partial(self._refused, ADDRESS)
        )

    def _found(self, address: str) -> None:
        self._change(address=address, busy=translate("sync.enrol.enrolling"))
        code, way = _letters(self.state.code), EnrolWay(self.state.way)
        self._parts.net.run(
            partial(self._parts.enrolling.enrol, address, code, way),
            lambda _: self._enrolled(),
            partial(self._refused, CODE),
        )

    def _enrolled(self) -> None:
        self._change(busy="", code="", way="", errors=())
        self.done()

    def _refused(self, field: str, problem: Exception) -> None:
        number = number_in(problem)
        if number in _ABOUT_CODE:
            field = CODE
        elif number in _ABOUT_WAY:
            field = WAY
        elif number:
            field = ADDRESS
        words = words_of(problem, self._counter.shop.current.value.money)
        if number == _UNREACHED:
            # Nothing is synced yet that could be made up for later: it is the address, or one of two computers.
            words = translate("sync.enrol.unreached")
        self._change(busy="", errors=((field, words),))

    def _typed(self, field: str, text: str) -> None:
        self._change(**{field: text}, errors=self._errors_without(field))

    def _errors_without(self, field: str) -> tuple[tuple[str, str], ...]:
        return tuple(error for error in self.state.errors if error[0] != field)

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self._on_change(self.state)


def _letters(code: str) -> str:
    """Return a code's letters and figures without what people put between them."""
    return "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum())
