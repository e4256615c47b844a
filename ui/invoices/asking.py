"""The form of one request: title kind, title, tax number, where it goes; former titles to take.

Decides what the form shows and when it is sent; whether a value is right is `domain.invoices.titles`, told field by
field. A tax number that is whole is checked as it is typed. Qt-free.
"""

from collections.abc import Callable
from dataclasses import replace

from pos_app.domain.errors import ExpectedError
from pos_app.domain.invoices import InvoiceRequest, TitleKind
from pos_app.domain.invoices.tax_numbers import (
    TaxNumberLengthError,
    TaxNumberMissingError,
    folded,
    tax_number,
)
from pos_app.domain.invoices.titles import InvoiceTitle, TitleError
from pos_app.domain.values.ids import SaleId
from pos_app.domain.values.money import Currency
from pos_app.services.invoices.service import Offer
from pos_app.words import format_amount, translate
from ui.invoices.rows import suggestion
from ui.invoices.state import COMPANY_ONLY, FIELDS, Form
from ui.shell.counter import Counter
from ui.shell.wording import words_of

WHOLE = 18
"""Characters from which a tax number is looked at while it is typed."""


class Asking:
    """The form while it is open."""

    def __init__(
        self,
        counter: Counter,
        on_change: Callable[[], None],
        asked: Callable[[InvoiceRequest], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._counter = counter
        self._on_change = on_change
        self._asked = asked
        self._failed = failed
        self._offer: Offer | None = None
        self._later = False
        self._known: tuple[InvoiceTitle, ...] = ()
        self.form: Form | None = None

    @property
    def _currency(self) -> Currency:
        return self._counter.shop.current.value.money

    @property
    def is_touched(self) -> bool:
        """Whether something was filled in that would be lost."""
        offer, form = self._offer, self.form
        if offer is None or form is None:
            return False
        return any(value != self._first(offer)[name] for name, value in form.values.items())

    def open(self, offer: Offer, *, later: bool) -> None:
        """Open the form of a sale; a member's own last title is filled in at once."""
        self._offer, self._later = offer, later
        money = self._currency
        left_out = translate("invoices.form.left_out", amount=format_amount(offer.left_out, money))
        self.form = Form(
            receipt=offer.number,
            amount=format_amount(offer.amount, money),
            left_out=left_out if offer.left_out else "",
            kind=TitleKind.COMPANY,
            values=self._first(offer),
            serial=(self.form.serial if self.form else 0) + 1,
        )
        self._suggest()
        self._on_change()

    @staticmethod
    def _first(offer: Offer) -> dict[str, str]:
        values = dict.fromkeys(FIELDS, "")
        return {**values, "phone": offer.phone or "", "email": offer.email or ""}

    def close(self) -> None:
        """Give the form up."""
        self._offer, self.form = None, None

    def choose_kind(self, kind: TitleKind) -> None:
        """Ask for a person's or a company's invoice; what was typed stays."""
        if self.form is not None and not self.form.busy and kind is not self.form.kind:
            self.form = replace(self.form, kind=kind, faults={})
            self._suggest()
            self._on_change()

    def turn_kind(self) -> None:
        """Turn to the other kind."""
        if self.form is not None:
            company = self.form.kind is TitleKind.COMPANY
            self.choose_kind(TitleKind.PERSONAL if company else TitleKind.COMPANY)

    def typed(self, name: str, text: str) -> None:
        """Follow a field; what was said against it goes, and a whole tax number is checked."""
        form = self.form
        if form is None or form.values.get(name) == text:
            return
        faults = {each: words for each, words in form.faults.items() if each != name}
        if name == "tax_number" and len(folded(text)) >= WHOLE:
            faults |= self._tax_fault(text)
        self.form = replace(form, values={**form.values, name: text}, faults=faults)
        if name == "title":
            self._suggest()
        self._on_change()

    def _tax_fault(self, text: str) -> dict[str, str]:
        try:
            tax_number(text)
        except (TaxNumberMissingError, TaxNumberLengthError) as error:
            # It may still grow to 20.
            return {} if len(folded(text)) < 20 else {"tax_number": words_of(error, self._currency)}
        except ExpectedError as error:
            return {"tax_number": words_of(error, self._currency)}
        return {}

    def _suggest(self) -> None:
        """Offer former titles of this kind that hold what is typed."""
        assert self.form is not None and self._offer is not None
        part = self.form.values["title"].strip().casefold()
        self._known = tuple(
            title
            for title in self._offer.titles
            if title.kind is self.form.kind
            and (part in title.title.casefold() or part in (title.tax_number or "").casefold())
        )
        self.form = replace(self.form, suggestions=tuple(suggestion(title) for title in self._known))

    def take(self, place: int) -> None:
        """Fill in a former title; an e-mail or phone that is there stays where it had none."""
        form = self.form
        if form is None or not 0 <= place < len(self._known):
            return
        title = self._known[place]
        values = {name: getattr(title, name) or "" for name in FIELDS}
        for name in ("email", "phone"):
            values[name] = values[name] or form.values[name]
        self.form = replace(form, values=values, faults={}, serial=form.serial + 1)
        self._on_change()

    def submit(self) -> None:
        """Ask for the invoice; faults are told by their fields."""
        form, offer = self.form, self._offer
        if form is None or offer is None or form.busy:
            return
        company = form.kind is TitleKind.COMPANY
        values = {n: v if company or n not in COMPANY_ONLY else "" for n, v in form.values.items()}
        title = InvoiceTitle(kind=form.kind, **values)
        try:
            who = self._counter.session.who
        except ExpectedError as error:
            self._failed(error)
            return
        self.form = replace(form, busy=True, faults={})
        self._on_change()
        invoices, later, sale = self._counter.shop.invoices, self._later, offer.sale
        self._counter.db.run(lambda: invoices.ask(who, sale, title, later=later), self._asked, self._refused)

    @property
    def sale(self) -> SaleId | None:
        """The sale that is asked for."""
        return None if self._offer is None else self._offer.sale

    def _refused(self, error: Exception) -> None:
        if self.form is None:
            return
        self.form = replace(self.form, busy=False)
        if isinstance(error, TitleError):
            money = self._currency
            faults = {name: words_of(fault, money) for name, fault in error.faults.items()}
            self.form = replace(self.form, faults=faults)
            self._on_change()
            return
        self._on_change()
        self._failed(error)
