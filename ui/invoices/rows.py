"""Requests in words: rows of the list, and the request at hand.

Decides what is said of each state and what may be done in it. Qt-free.
"""

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from pos_app.domain.invoices import InvoiceRequest, InvoiceState, TitleKind
from pos_app.domain.invoices.amounts import InvoiceLine
from pos_app.domain.invoices.titles import InvoiceTitle
from pos_app.domain.values.money import Currency
from pos_app.domain.values.phone import masked
from pos_app.services.invoices.following import RETURNED
from pos_app.services.invoices.service import Listed
from pos_app.words import format_amount, format_count, format_date, format_date_time, translate
from ui.invoices.state import FIELDS, Deed, Detail, FilterChoice, RequestRow, Suggestion, Tone

TONES: Mapping[InvoiceState, Tone] = {
    InvoiceState.ASKED: "primary",
    InvoiceState.SENT: "muted",
    InvoiceState.ISSUED: "success",
    InvoiceState.RED_ASKED: "danger",
    InvoiceState.RED: "muted",
    InvoiceState.WITHDRAWN: "muted",
}
SHOWN: tuple[InvoiceState | None, ...] = (
    None,
    InvoiceState.ASKED,
    InvoiceState.SENT,
    InvoiceState.ISSUED,
    InvoiceState.RED_ASKED,
    InvoiceState.RED,
    InvoiceState.WITHDRAWN,
)
_DEEDS: Mapping[InvoiceState, frozenset[Deed]] = {
    InvoiceState.ASKED: frozenset({Deed.NUMBER, Deed.WITHDRAW}),
    InvoiceState.SENT: frozenset({Deed.NUMBER, Deed.HAND_BACK}),
    InvoiceState.ISSUED: frozenset({Deed.ASK_RED}),
    InvoiceState.RED_ASKED: frozenset({Deed.RED_NUMBER, Deed.ASK_RED}),
    InvoiceState.RED: frozenset({Deed.ASK_RED}),
    InvoiceState.WITHDRAWN: frozenset(),
}


def state_words(state: InvoiceState) -> str:
    """Return a state in words."""
    return translate(f"invoices.state.{state}")


def filters(counts: Mapping[InvoiceState, int], chosen: InvoiceState | None) -> tuple[FilterChoice, ...]:
    """Return the chips, each with how many it has; states that nobody is in are left out, but the first four."""
    out = []
    for place, state in enumerate(SHOWN):
        count = sum(counts.values()) if state is None else counts.get(state, 0)
        if not count and place > 3 and state is not chosen:
            continue
        name = translate("invoices.filter.all") if state is None else state_words(state)
        out.append(FilterChoice(state, f"{name} {format_count(count)}", state is chosen))
    return tuple(out)


def request_row(listed: Listed, currency: Currency, zone: tzinfo) -> RequestRow:
    """Return a row of the list."""
    request, title = listed.request, listed.title
    return RequestRow(
        invoice=request.invoice,
        receipt=request.sale_number,
        asked=format_date_time(request.asked_at, zone),
        title=title.title if title else translate("invoices.erased"),
        under=(title.tax_number or _where(title)) if title else "",
        amount=format_amount(request.amount, currency),
        state=state_words(request.state),
        state_under=_short(request, currency),
        tone=TONES[request.state],
    )


def _where(title: InvoiceTitle) -> str:
    """Return where a person's invoice goes, the phone masked: others look at the list too."""
    return title.email or (masked(title.phone) if title.phone else "")


def _short(request: InvoiceRequest, currency: Currency) -> str:
    if request.state in (InvoiceState.RED_ASKED, InvoiceState.SENT) and request.red_due:
        return translate("invoices.row.red_due", amount=format_amount(request.red_due, currency))
    if request.state is InvoiceState.RED:
        return request.red_number or ""
    return request.number or ""


def detail(listed: Listed, lines: Sequence[InvoiceLine], currency: Currency, zone: tzinfo) -> Detail:
    """Return the request at hand."""
    request, title = listed.request, listed.title
    deeds = _DEEDS[request.state]
    if not request.amount - request.red_done or request.red_due == request.amount - request.red_done:
        deeds -= {Deed.ASK_RED}
    return Detail(
        receipt=request.sale_number,
        state=state_words(request.state),
        tone=TONES[request.state],
        amount=format_amount(request.amount, currency),
        hint=_hint(request, currency),
        told=_told(request, title, currency, zone),
        lines=tuple((line.name, format_amount(line.amount, currency)) for line in lines),
        deeds=deeds,
    )


def _hint(request: InvoiceRequest, currency: Currency) -> str:
    """Return what is to be done next."""
    amount = format_amount(request.red_due, currency)
    if request.state is InvoiceState.SENT and request.red_due:
        return translate("invoices.hint.sent_red", amount=amount)
    return translate(f"invoices.hint.{request.state}", amount=amount)


def _told(
    request: InvoiceRequest, title: InvoiceTitle | None, currency: Currency, zone: tzinfo
) -> tuple[tuple[str, str], ...]:
    values: list[tuple[str, str | None]] = [("request_no", request.request_no)]
    if title is None:
        values.append(("title", translate("invoices.erased")))
    else:
        values += [(name, getattr(title, name)) for name in FIELDS if name != "phone"]
        values.append(("phone", masked(title.phone) if title.phone else None))
    asked = format_date_time(request.asked_at, zone)
    values.append(("asked_at", translate("invoices.told.later", time=asked) if request.later else asked))
    values.append(("number", request.number))
    values.append(("issued_on", format_date(request.issued_on) if request.issued_on else None))
    if request.red_done:
        values.append(("red_done", format_amount(-request.red_done, currency)))
    values.append(("red_number", request.red_number))
    values.append(("reason", _reason(request)))
    return tuple((translate(f"invoices.told.{name}"), value) for name, value in values if value)


def _reason(request: InvoiceRequest) -> str | None:
    return translate("invoices.reason.returned") if request.reason == RETURNED else request.reason


def suggestion(title: InvoiceTitle) -> Suggestion:
    """Return a former title as it is offered."""
    kind = translate(f"invoices.kind.{title.kind}")
    under = title.tax_number if title.kind is TitleKind.COMPANY else _where(title)
    return Suggestion(title.title, f"{kind} · {under}" if under else kind)
