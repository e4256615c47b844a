"""An attempt in words: its row, what is told of it, and which deeds it allows. Decides no state."""

from pos_app.domain.payments import PaymentState
from pos_app.domain.payments.attempts import Standing, may_be_settled
from pos_app.domain.settings import Settings
from pos_app.services.ports.attempts import Seen
from pos_app.words import format_amount, format_date_time, format_time, has_text, translate
from ui.payments.state import AttemptRow, Deed, Detail, Tone

HANDS = {
    PaymentState.PAID: Deed.HAND_PAID,
    PaymentState.REFUSED: Deed.HAND_REFUSED,
    PaymentState.REVERSED: Deed.HAND_REVERSED,
    PaymentState.REFUNDED: Deed.HAND_REFUNDED,
}
_TONES: dict[PaymentState, Tone] = {
    PaymentState.PAID: "success",
    PaymentState.REFUNDED: "success",
    PaymentState.REFUSED: "muted",
    PaymentState.REVERSED: "muted",
}


def state_words(standing: Standing) -> str:
    """Return how an attempt stands."""
    code = standing.state.value
    if standing.flagged:
        code = "flagged"
    elif standing.to_reverse:
        code = "reversing"
    elif standing.is_owed:
        code = "owed"
    words = translate(f"payments.state.{code}")
    return translate("payments.state.by_hand", state=words) if standing.by_hand else words


def tone_of(standing: Standing) -> Tone:
    """Return the colour beside those words."""
    if standing.flagged:
        return "danger"
    return "warning" if standing.needs_care else _TONES.get(standing.state, "text")


def what_words(standing: Standing) -> str:
    """Return which wallet, and whether money came or goes back."""
    wallet = translate(f"sales.tender.{standing.payment.provider.value}")
    return translate(f"payments.what.{standing.payment.purpose.value}", wallet=wallet)


def row_of(standing: Standing, seen: Seen | None, settings: Settings) -> AttemptRow:
    """Return an attempt as a row."""
    started = standing.started_at
    return AttemptRow(
        attempt=standing.attempt,
        time=format_date_time(started, settings.zone),
        what=what_words(standing),
        number=standing.payment.order_number,
        amount=amount_words(standing, settings),
        state=state_words(standing),
        tone=tone_of(standing),
        under=_why(standing, seen),
    )


def amount_words(standing: Standing, settings: Settings) -> str:
    """Return what comes in, or with a minus what goes back."""
    amount = standing.payment.amount
    return format_amount(amount if standing.is_charge else -amount, settings.money)


def _why(standing: Standing, seen: Seen | None) -> str:
    """Return why the wallet could not be asked just now, else the reason that it gave."""
    for code in (f"payments.trouble.{seen.trouble}" if seen else "", f"payments.reason.{standing.reason}"):
        if code and has_text(code):
            return translate(code)
    return ""


def detail_of(standing: Standing, seen: Seen | None, settings: Settings) -> Detail:
    """Return what is told of the attempt at hand."""
    asked = seen.asked_at if seen is not None else None
    told = [
        (translate("payments.column.time"), format_date_time(standing.started_at, settings.zone)),
        (translate("payments.page.order"), standing.payment.order_number),
    ]
    if standing.provider_number:
        told.append((translate("payments.page.provider"), standing.provider_number))
    told.append(
        (
            translate("payments.column.asked"),
            translate("payments.page.not_asked") if asked is None else format_time(asked, settings.zone),
        )
    )
    why = _why(standing, seen)
    if why:
        told.append((translate("payments.page.why"), why))
    deeds = deeds_of(standing)
    return Detail(
        title=what_words(standing),
        amount=amount_words(standing, settings),
        state=state_words(standing),
        tone=tone_of(standing),
        told=tuple(told),
        hint=translate("payments.hand.hint") if any(d in deeds for d in HANDS.values()) else "",
        deeds=deeds,
    )


def deeds_of(standing: Standing) -> tuple[Deed, ...]:
    """Return what can be done about an attempt, the plainest first."""
    deeds = [Deed.SEND] if standing.is_owed else [Deed.ASK]
    if standing.is_open and not standing.to_reverse:
        deeds.append(Deed.REVERSE)
    return (*deeds, *(HANDS[state] for state in may_be_settled(standing)))
