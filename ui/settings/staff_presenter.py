"""The staff list of the settings: who works here, as what, with which PIN and badge.

Decides what is offered and said; roles and PINs' form are the domain's. Nobody is ever removed, since the books
name her: she is set inactive. Qt-free.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from pos_app.domain.staff import Action, PinFormError, Role, Staff, check_pin_form, may
from pos_app.domain.values.ids import StaffId
from pos_app.words import translate
from ui.shell.counter import Counter
from ui.shell.wording import words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonForm:
    """What stands in the fields of one person."""

    code: str = ""
    name: str = ""
    role: Role = Role.CASHIER
    pin: str = ""
    badge: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The staff list and the person in hand."""

    people: tuple[Staff, ...] = ()
    may_change: bool = False
    staff_id: StaffId | None = None
    """The person in hand; None for a new one."""
    is_open: bool = False
    """Whether the fields of a person stand open."""
    form: PersonForm = field(default_factory=PersonForm)
    errors: tuple[tuple[str, str], ...] = ()
    note: str = ""
    problem: str = ""
    busy: bool = False


class StaffPresenter:
    """The intents of the staff list. GUI thread; PINs are hashed on the db lane."""

    def __init__(self, counter: Counter, on_change: Callable[[State], None]) -> None:
        self._counter = counter
        self._on_change = on_change
        self.state = State()

    def open(self) -> None:
        """Read who works here."""
        role = self._counter.session.who.role
        self._change(may_change=may(role, Action.MANAGE_STAFF))
        self._counter.db.run(
            self._counter.shop.staff.everybody, lambda people: self._change(people=people), self._failed
        )

    def add(self) -> None:
        """Open the fields for a new person, with the next free number as code."""
        if not self.state.may_change:
            return
        taken = {int(one.code) for one in self.state.people if one.code.isdecimal()}
        code = f"{max(taken, default=0) + 1:02d}"
        self._change(is_open=True, staff_id=None, form=PersonForm(code=code), errors=(), note="", problem="")

    def choose(self, staff_id: StaffId) -> None:
        """Open the fields of a person."""
        one = next((one for one in self.state.people if one.staff_id == staff_id), None)
        if one is None or not self.state.may_change:
            return
        form = PersonForm(code=one.code, name=one.name, role=one.role, active=one.active)
        self._change(is_open=True, staff_id=staff_id, form=form, errors=(), note="", problem="")

    def leave(self) -> None:
        """Close the fields without saving."""
        self._change(is_open=False, errors=(), problem="", form=PersonForm())

    def edit(self, form: PersonForm) -> None:
        """The fields hold other values."""
        before = self.state.form
        changed = {name for name in PersonForm.__slots__ if getattr(form, name) != getattr(before, name)}
        left = tuple(error for error in self.state.errors if error[0] not in changed)
        self._change(form=form, errors=left, problem="")

    def scan(self, text: str) -> bool:
        """Take a badge for the person in hand; say whether there was one."""
        if not self.state.is_open:
            return False
        self._change(form=replace(self.state.form, badge=text), note=translate("settings.note.badge_scanned"))
        return True

    def save(self) -> None:
        """Write the person, or say under each field what is wrong."""
        if self.state.busy or not self.state.is_open:
            return
        errors = tuple(self._wrong())
        if errors:
            self._change(errors=errors)
            return
        form, shop, who = self.state.form, self._counter.shop, self._counter.session.who
        name, code = form.name.strip(), form.code.strip()
        staff = (
            shop.staff.new_staff(code, name, form.role)
            if self.state.staff_id is None
            else Staff(self.state.staff_id, code, name, form.role, form.active)
        )

        def work() -> tuple[Staff, ...]:
            shop.staff.save(who, staff, form.pin or None)
            if form.badge.strip():
                shop.staff.give_badge(who, staff.staff_id, form.badge)
            return shop.staff.everybody()

        self._change(busy=True, errors=(), problem="")
        self._counter.db.run(
            work, lambda people: self._saved(people, name), partial(self._not_saved, staff.staff_id)
        )

    def _wrong(self) -> list[tuple[str, str]]:
        form = self.state.form
        required = translate("common.field.required")
        wrong = [(name, required) for name in ("code", "name") if not getattr(form, name).strip()]
        others = {one.code.casefold() for one in self.state.people if one.staff_id != self.state.staff_id}
        if form.code.strip().casefold() in others:
            wrong.append(("code", translate("staff.error.code_taken", text=form.code.strip())))
        if form.pin or self.state.staff_id is None:
            try:
                check_pin_form(form.pin)
            except PinFormError as problem:
                wrong.append(("pin", translate(problem.code)))
        return wrong

    def _saved(self, people: tuple[Staff, ...], name: str) -> None:
        note = translate("settings.note.staff_saved", name=name)
        self._change(busy=False, people=people, is_open=False, note=note, form=PersonForm())

    def _not_saved(self, staff_id: StaffId, problem: Exception) -> None:
        """Say why; when only the badge was refused the person stands, and the next try is about her."""
        self._failed(problem)

        def told(people: tuple[Staff, ...]) -> None:
            stands = any(one.staff_id == staff_id for one in people)
            self._change(people=people, staff_id=staff_id if stands else self.state.staff_id)

        self._counter.db.run(self._counter.shop.staff.everybody, told, self._failed)

    def _failed(self, problem: Exception) -> None:
        self._change(busy=False, problem=words_of(problem, self._counter.shop.current.value.money))

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self._on_change(self.state)
