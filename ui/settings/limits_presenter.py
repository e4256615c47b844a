"""The limits of the roles, edited in place: a table of what is typed, read into limits when it is saved.

Decides how a limit is written and read, and what is said under a cell. Which limits can be set stands in
`domain.staff_limits`. Qt-free.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

import msgspec

from pos_app.domain.errors import ExpectedError, InvalidValueError
from pos_app.domain.staff import Action, Role, may
from pos_app.domain.staff_limits import (
    AMOUNTS,
    DEFAULT_LIMITS,
    MOST_OPENINGS,
    RATES,
    Limits,
    RoleLimits,
    falling,
)
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.money import LIMIT, Currency, parse_amount
from pos_app.words import format_amount, translate
from ui.shell.counter import Counter
from ui.shell.wording import words_of

ROWS = (*RATES, *AMOUNTS, "drawer_openings", "gold_price")
ROLES = (Role.CLERK, Role.CASHIER, Role.MANAGER)
"""The owner has no limits and so no column to type in."""
Cell = tuple[str, str]
"""The row and the role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The tab."""

    texts: Mapping[Cell, str] = field(default_factory=dict)
    """Empty is no limit; of the gold price "1" is may, "" asks."""
    errors: Mapping[Cell, str] = field(default_factory=dict)
    may_change: bool = False
    changed: bool = False
    busy: bool = False
    note: str = ""
    problem: str = ""


class LimitsPresenter:
    """The intents of the tab. GUI thread; saving runs on the db lane."""

    def __init__(self, counter: Counter, on_change: Callable[[State], None]) -> None:
        self._counter = counter
        self._on_change = on_change
        self.state = State()

    def open(self) -> None:
        """Show what is in force, unless something typed waits to be saved."""
        actor = self._counter.session.actor
        allowed = actor is not None and may(actor.role, Action.MANAGE_STAFF)
        if not self.state.changed:
            self._change(texts=self._standing(), errors={}, note="", problem="")
        self._change(may_change=allowed)

    def _standing(self) -> dict[Cell, str]:
        settings = self._counter.shop.current.value
        return texts_of(settings.limits, settings.money)

    def edit(self, cell: Cell, text: str) -> None:
        """A cell holds another text."""
        if not self.state.may_change:
            return
        texts = {**self.state.texts, cell: text}
        errors = {at: words for at, words in self.state.errors.items() if at != cell}
        self._change(texts=texts, errors=errors, changed=texts != self._standing(), note="", problem="")

    def revert(self) -> None:
        """Forget what was not saved."""
        self._change(texts=self._standing(), errors={}, changed=False, note="", problem="")

    def defaults(self) -> None:
        """Put the limits of a new shop into the cells; they hold once they are saved."""
        if self.state.may_change:
            texts = texts_of(DEFAULT_LIMITS, self._counter.shop.current.value.money)
            self._change(texts=texts, errors={}, changed=texts != self._standing(), note="", problem="")

    def save(self) -> None:
        """Put the limits in force, or say in each cell what is wrong."""
        if self.state.busy or not self.state.may_change or not self.state.changed:
            return
        shop, who = self._counter.shop, self._counter.session.who
        limits, errors = read(self.state.texts, shop.current.value.limits, shop.current.value.money)
        if errors:
            self._change(errors=errors)
            return
        self._change(busy=True, errors={}, problem="")

        def work() -> None:
            shop.settings.change(who, msgspec.structs.replace(shop.current.value, limits=limits))

        def done(_done: None) -> None:
            note = translate("limits.note.saved")
            self._change(busy=False, changed=False, texts=self._standing(), note=note)

        def failed(problem: Exception) -> None:
            self._change(busy=False, problem=words_of(problem, shop.current.value.money))

        self._counter.db.run(work, done, failed)

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self._on_change(self.state)


def texts_of(limits: Limits, money: Currency) -> dict[Cell, str]:
    """Return what stands in each cell."""
    found = {}
    for each in limits:
        if each.role in ROLES:
            for name in ROWS:
                found[name, each.role.value] = _text(name, getattr(each, name), money)
    return found


def _text(name: str, value: object, money: Currency) -> str:
    if name == "gold_price":
        return "1" if value else ""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{(value * 100).normalize():f}"
    assert isinstance(value, int)
    if name in AMOUNTS:
        return format_amount(value, money, symbol=False).replace(",", "")
    return str(value)


def read(texts: Mapping[Cell, str], before: Limits, money: Currency) -> tuple[Limits, dict[Cell, str]]:
    """Return the limits as typed, and what is wrong with which cell; the owner's stay as they are."""
    errors: dict[Cell, str] = {}
    made: list[RoleLimits] = []
    for each in before:
        values: dict[str, object] = {}
        for name in ROWS if each.role in ROLES else ():
            try:
                values[name] = value_of(name, texts.get((name, each.role.value), ""), money)
            except InvalidValueError:
                errors[name, each.role.value] = translate(f"limits.error.{_kind(name)}")
        made.append(msgspec.structs.replace(each, **values))
    for name in ROWS if not errors else ():
        role = falling(made, name)
        if role is not None:
            errors[name, role.value] = translate("limits.error.falling")
    return tuple(made), errors


def value_of(name: str, text: str, money: Currency) -> object:
    """Return the limit that a text says; raise InvalidValueError."""
    if name == "gold_price":
        return bool(text)
    typed = fold(text).strip().rstrip("%").strip()
    if not typed:
        return None
    kind = _kind(name)
    try:
        if kind == "rate":
            return _rate(typed)
        if kind == "amount":
            amount = parse_amount(typed, money.digits)
            if 0 <= amount < LIMIT:
                return amount
        elif typed.isascii() and typed.isdigit() and int(typed) <= MOST_OPENINGS:
            return int(typed)
    except (ExpectedError, InvalidOperation):
        raise InvalidValueError(field=name, text=text) from None
    raise InvalidValueError(field=name, text=text)


def _kind(name: str) -> str:
    """Say how the limits of a row are written."""
    return "rate" if name in RATES else "amount" if name in AMOUNTS else "count"


def _rate(typed: str) -> Decimal:
    value = Decimal(typed)
    places = value.as_tuple().exponent
    if not value.is_finite() or not 0 <= value <= 100 or (isinstance(places, int) and places < -3):
        raise InvalidValueError(field="rate", text=typed)
    return value / 100
