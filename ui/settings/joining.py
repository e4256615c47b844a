"""The second way of the first run: a form becomes a till of a merchant whom a platform knows.

Decides what is asked, beside which field a refusal is told, and in which order the till comes to be: look, enrol, take
in what comes first, move in. Each step is one piece of work on the net lane, so that it can be cancelled between two.
Qt-free.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from pos_app.domain.errors import InvalidValueError, ShukeError
from pos_app.domain.settings import Settings
from pos_app.domain.values.money import currency
from pos_app.services.ports.lane import Lane
from pos_app.words import format_count, translate
from ui.settings.forms import MANUAL
from ui.settings.set_up_form import Arrived, Form, JoiningTill, Progress, SetUpWay, State, Unfinished
from ui.shell.wording import words_of

CODE_LENGTH = 8
OTHER_CURRENCY, TILL_CODE, UNREACHED = 2014, 2015, 9001
_ABOUT_CODE = frozenset({2010, 2011, 2012})
T = TypeVar("T")


class JoinSteps:
    """The steps of joining over the state of the page. GUI thread."""

    def __init__(
        self,
        doors: tuple[JoiningTill, Lane],
        state: Callable[[], State],
        change: Callable[..., None],
        settings: Callable[[Form], Settings],
    ) -> None:
        self._joining, self._net = doors
        self._state, self._change, self._settings = state, change, settings
        self._attempt = 0
        """Whatever comes back of an earlier one is of no interest any more."""
        self._unfinished: Unfinished | None = None
        self.finished: Callable[[], None] = lambda: None

    def open(self) -> None:
        """Look whether a till was cut off here, and offer to go on with it."""
        self._run(self._joining.unfinished, self._offer, lambda _: None)

    def _offer(self, unfinished: Unfinished | None) -> None:
        self._unfinished = unfinished
        state = self._state()
        if unfinished is None or state.busy:
            return
        here = unfinished.settings
        form = replace(
            state.form,
            way=SetUpWay.JOIN,
            shop_name="" if here.shop_name == here.shop_code else here.shop_name,
            shop_code=here.shop_code,
            till_code=here.till_code,
            platform=unfinished.platform,
        )
        self._change(form=form, notice=translate("settings.join.unfinished"))

    # -- what is asked -----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin, or say under each field what is missing."""
        form = self._state().form
        errors = tuple(self._wrong(form))
        if errors:
            self._change(errors=errors)
            return
        self._change(busy=True, errors=(), problem="", notice="")
        self._tell("looking")
        self._run(partial(self._joining.look, form.platform.strip()), self._found, self._refused)

    def _wrong(self, form: Form) -> list[tuple[str, str]]:
        required = translate("common.field.required")
        wrong = []
        for name in ("shop_code", "till_code"):
            code = getattr(form, name).strip()
            if not (code.isascii() and code.isalnum() and len(code) <= 8):
                wrong.append((name, translate("settings.error.shop_code")))
        if not form.platform.strip():
            wrong.append(("platform", required))
        if len(letters(form.one_time_code)) != CODE_LENGTH and not self._needs_no_code(form):
            wrong.append(("one_time_code", translate("settings.error.one_time_code")))
        if form.printer == MANUAL and not form.address.strip():
            wrong.append(("address", required))
        return wrong

    def _needs_no_code(self, form: Form) -> bool:
        """Whether the platform knows this till already, as it stands in the form."""
        if self._unfinished is None or form.one_time_code.strip():
            return False
        here = self._unfinished.settings
        asked = (form.shop_code.strip(), form.till_code.strip(), form.platform.strip())
        return asked == (here.shop_code, here.till_code, self._unfinished.platform)

    # -- the steps ---------------------------------------------------------------------------------------------

    def _found(self, address: str) -> None:
        self._change(form=replace(self._state().form, platform=address))
        self._tell("enrolling")
        form = self._state().form
        code, settings = letters(form.one_time_code), self._settings(form)
        self._run(
            partial(self._joining.enrol, settings, form.platform, code),
            lambda _: self._enrolled(),
            self._refused,
        )

    def _enrolled(self) -> None:
        form = self._state().form
        self._unfinished = Unfinished(self._settings(form), form.platform)
        self._change(form=replace(form, one_time_code=""))
        self._tell("preparing")
        self._step()

    def _step(self) -> None:
        self._run(self._joining.step, self._stepped, self._refused)

    def _stepped(self, arrived: Arrived) -> None:
        if not arrived.is_ready:
            if arrived.total:
                self._tell("taking_in", arrived.done, arrived.total)
            self._step()
            return
        self._change(progress=Progress(translate("settings.join.opening"), can_cancel=False))
        self._run(self._joining.move_in, lambda _: self._moved_in(), self._refused)

    def _moved_in(self) -> None:
        self._change(busy=False)
        self.finished()

    def cancel(self) -> None:
        """Stop here and show the form again; the next time it goes on from here."""
        progress = self._state().progress
        if progress is None or not progress.can_cancel:
            return
        self._attempt += 1
        notice = translate("settings.join.unfinished" if self._unfinished else "settings.join.cancelled")
        self._change(busy=False, progress=None, notice=notice)
        self._net.run(self._joining.rest, lambda _: self.open(), lambda _: None)

    # -- telling -----------------------------------------------------------------------------------------------

    def _tell(self, code: str, done: int = 0, total: int = 0) -> None:
        words = translate(f"settings.join.{code}", done=format_count(done), total=format_count(total))
        self._change(progress=Progress(words, done, total))

    def _refused(self, problem: Exception) -> None:
        self._net.run(self._joining.rest, lambda _: None, lambda _: None)
        form = self._state().form
        number, words = _number_in(problem), words_of(problem, currency(form.currency))
        named = str(_told(problem).get("field", ""))
        if number == TILL_CODE:
            field, words = (
                "till_code",
                translate("settings.error.till_code_taken", code=form.till_code.strip()),
            )
        elif number == OTHER_CURRENCY:
            field, words = "currency", translate("settings.error.other_currency")
        elif number == UNREACHED:
            field, words = "platform", translate("sync.enrol.unreached")
        elif number in _ABOUT_CODE:
            field = "one_time_code"
        elif named in Form.__slots__ and isinstance(problem, InvalidValueError):
            field = named
        else:
            field = "platform" if number else ""
        errors = ((field, words),) if field else ()
        self._change(busy=False, progress=None, errors=errors, problem="" if field else words)

    def _run(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        """Do a step; what comes back after somebody cancelled is dropped."""
        attempt = self._attempt

        def still(answer: Callable[..., None]) -> Callable[..., None]:
            return lambda told: answer(told) if attempt == self._attempt else None

        self._net.run(work, still(done), still(failed))


def letters(code: str) -> str:
    """Return a one-time code without what people put between its letters."""
    return "".join(sign for sign in code if sign.isalnum())


def _told(problem: Exception) -> dict[str, object]:
    return problem.params if isinstance(problem, ShukeError) else {}


def _number_in(problem: Exception) -> int:
    number = _told(problem).get("number")
    return number if isinstance(number, int) else 0
