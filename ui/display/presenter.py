"""The customer's screen without its widgets: what the counter tells, in her words, and what she types and touches.

Decides which page is in front and what it says; what her answers bring about is the counter's. Her language holds until
the counter is idle. Qt-free.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pos_app.documents.receipt import masked_name
from pos_app.domain.display import DisplaySettings
from pos_app.domain.values import phone as phones
from pos_app.domain.values.money import Currency
from pos_app.domain.values.quantity import ONE
from pos_app.services.ports.display import (
    CustomerAnswers,
    CustomerLine,
    CustomerMember,
    CustomerStage,
    CustomerView,
)
from pos_app.words import format_amount, format_quantity, speaking, translate
from ui.display.state import LineRow, PageName, State

LEAST_DIGITS, MOST_DIGITS = 7, 15
"""Lengths of phone numbers (ITU-T E.164); shorter ones are no member's phone."""
_MESSAGES = {
    CustomerStage.SCAN: ("scan", "qr-code"),
    CustomerStage.WAIT: ("wait", "smartphone"),
}


@dataclass(frozen=True, slots=True)
class Till:
    """What the screen takes from the till: its name, money and language, and how the screen is set."""

    shop_name: str
    currency: Currency
    language: str
    display: DisplaySettings


class DisplayPresenter:
    """One method an intent; `on_change` gets each new state."""

    def __init__(self, till: Callable[[], Till], on_change: Callable[[State], None]) -> None:
        self._till = till
        self._on_change = on_change
        self._answers: CustomerAnswers | None = None
        self._view = CustomerView()
        self._language = ""
        self._typed: str | None = None
        self._problem = ""
        self._was_told = False
        self._is_over = False
        self.state = State()

    def listen(self, answers: CustomerAnswers) -> None:
        """Hand what the customer does to somebody."""
        self._answers = answers

    # -- what the counter tells ----------------------------------------------------------------------------

    def show(self, view: CustomerView) -> None:
        """Show what goes on now."""
        if view == self._view:
            return
        if view.member is not None or view.asked or view.stage in (CustomerStage.PAID, *_PAYING):
            self._close_pad()
        if view.stage is CustomerStage.IDLE and not view.asked and view.member is None:
            self._language = ""
        self._was_told = self._is_over = False
        self._view = view
        self.refresh()

    def pass_time(self) -> None:
        """Let what was paid make room for the next customer, and an unfinished number go."""
        if self._view.stage is CustomerStage.PAID:
            self._is_over, self._language = True, ""
        self._close_pad()
        self.refresh()

    def refresh(self) -> None:
        """Say everything anew: settings or language may have changed."""
        till = self._till()
        with speaking(self._language or till.display.language or till.language):
            self.state = self._state(till)
        self._on_change(self.state)

    # -- what the customer does ----------------------------------------------------------------------------

    def turn_language(self) -> None:
        """Speak English instead of Chinese, or Chinese instead of English."""
        till = self._till()
        now = self._language or till.display.language or till.language
        chinese = till.language if till.language.startswith("zh") else "zh_CN"
        self._language = chinese if now == "en" else "en"
        self.refresh()

    def open_pad(self) -> None:
        """Let her type her phone."""
        if self._view.may_type:
            self._typed, self._problem = "", ""
            self.refresh()

    def close_pad(self) -> None:
        """Leave the pad; nothing of the number is kept."""
        self._close_pad()
        self.refresh()

    def _close_pad(self) -> None:
        self._typed, self._problem = None, ""

    def digit(self, digit: str) -> None:
        """Type a digit."""
        if self._typed is not None and len(self._typed) < MOST_DIGITS:
            self._typed, self._problem = self._typed + digit, ""
            self.refresh()

    def rub_out(self) -> None:
        """Take the last digit back."""
        if self._typed is not None:
            self._typed, self._problem = self._typed[:-1], ""
            self.refresh()

    def enter(self) -> None:
        """Hand the number to the cashier."""
        number = self._typed
        if number is None:
            return
        if len(number) < LEAST_DIGITS:
            self._problem = "display.pad.short"
        elif self._answers is None or not self._answers.phone(number):
            self._problem = "display.pad.busy"
        else:
            self._close_pad()
            self._was_told = True
        self.refresh()

    def agree(self) -> None:
        """Say yes to what is asked."""
        if self._view.asked and self._answers is not None:
            self._answers.agree()

    def decline(self) -> None:
        """Say no to what is asked."""
        if self._view.asked and self._answers is not None:
            self._answers.decline()

    # -- what is shown -------------------------------------------------------------------------------------

    @property
    def _page(self) -> PageName:
        view = self._view
        if view.asked:
            return "ask"
        if self._typed is not None:
            return "pad"
        if view.stage is CustomerStage.PAID:
            return "idle" if self._is_over else "paid"
        if view.stage is CustomerStage.IDLE and view.member is None and not self._was_told:
            return "idle"
        return "counter"

    def _state(self, till: Till) -> State:
        spoken = self._language or till.display.language or till.language
        frame = State(
            page=self._page,
            shop=till.shop_name,
            welcome=translate("display.idle.welcome"),
            other_language="中文" if spoken == "en" else "English",
            type_phone=translate("display.action.phone") if self._view.may_type else "",
        )
        fill = {"ask": self._ask, "pad": self._pad, "paid": self._paid, "counter": self._counter}
        return fill[frame.page](frame, till) if frame.page in fill else frame

    def _counter(self, frame: State, till: Till) -> State:
        view, money = self._view, till.currency
        paying = view.stage in _PAYING
        notes = []
        if view.off:
            notes.append((translate("display.sum.off"), format_amount(view.off, money)))
        if paying and view.given:
            notes.append((translate("display.sum.total"), format_amount(view.total, money)))
            notes += [
                (translate(f"sales.tender.{kind.value}"), format_amount(amount, money, sign="never"))
                for kind, amount in view.given
            ]
        due_words = translate("display.sum.open" if paying and view.given else "display.sum.due")
        message, icon = self._message(view)
        return replace(
            frame,
            rows=tuple(_row(line, money) for line in view.lines),
            current=view.current,
            due_words=due_words,
            due=format_amount(view.open if paying else view.total, money),
            notes=tuple(notes),
            message=message,
            icon=icon,
            member=_member_words(view.member) if till.display.member else "",
        )

    def _message(self, view: CustomerView) -> tuple[str, str]:
        if self._was_told:
            return translate("display.message.told"), "check"
        if view.stage in _MESSAGES:
            name, icon = _MESSAGES[view.stage]
            return translate(f"display.message.{name}"), icon
        if view.stage is CustomerStage.PAY:
            code = "display.message.pay_code" if view.takes_codes else "display.message.pay"
            return translate(code), "qr-code" if view.takes_codes else "wallet"
        return "", ""

    def _paid(self, frame: State, till: Till) -> State:
        view, money = self._view, till.currency
        if view.change:
            big = (translate("display.paid.change"), format_amount(view.change, money))
        else:
            big = (translate("display.paid.paid"), format_amount(view.total, money))
        return replace(frame, big_words=big[0], big=big[1], thanks=translate("display.paid.thanks"))

    def _ask(self, frame: State, _till: Till) -> State:
        return replace(
            frame,
            ask_title=translate("display.ask.title", phone=_grouped(self._view.asked)),
            ask_text=translate("members.consent.asked"),
            yes=translate("display.ask.yes"),
            no=translate("display.ask.no"),
        )

    def _pad(self, frame: State, _till: Till) -> State:
        return replace(
            frame,
            pad_title=translate("display.pad.title"),
            typed=_grouped(self._typed or ""),
            problem=translate(self._problem) if self._problem else "",
            yes=translate("display.pad.enter"),
            no=translate("display.pad.back"),
        )


_PAYING = (CustomerStage.PAY, CustomerStage.SCAN, CustomerStage.WAIT)


def _row(line: CustomerLine, money: Currency) -> LineRow:
    quantity = format_quantity(line.quantity)
    if line.quantity % ONE and line.unit:
        quantity = f"{quantity} {line.unit}"
    off = format_amount(line.off, money) if line.off else ""
    return LineRow(line.name, quantity, format_amount(line.amount, money), off)


def _member_words(member: CustomerMember | None) -> str:
    """Return who she is, masked: others stand behind her."""
    if member is None:
        return ""
    parts = (
        masked_name(member.name) if member.name else "",
        phones.masked(member.phone) if member.phone else "",
    )
    return " ".join(part for part in parts if part) or translate("display.member.welcome")


def _grouped(number: str) -> str:
    """Return a number in groups, as it is read aloud: 138 0013 8000."""
    if len(number) > 11:
        return number
    return " ".join(part for part in (number[:3], number[3:7], number[7:]) if part)
