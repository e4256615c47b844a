"""Deposits that pay: the member's are listed, any other is found by its receipt or the end of its number.

Decides that a deposit of somebody else is asked about, and that it pays no more than is open.
"""

from collections.abc import Sequence
from functools import partial

from pos_app.domain.deposits import Deposit, DepositSpentError
from pos_app.domain.errors import ExpectedError
from pos_app.domain.values.money import Amount
from pos_app.domain.values.phone import masked
from pos_app.words import format_amount, format_date, translate
from ui.sales.pay_stage import PayHost, PlainStage, PlainWay, StageView, open_amount, step_in
from ui.sales.state import ChoiceRow
from ui.shell.wording import words_of


class SpendDeposit(PlainWay):
    """The row of deposits."""

    name, icon = "spend_deposit", "hand-coins"

    @property
    def words(self) -> str:
        """What it is called."""
        return translate("tenders.deposit")

    @property
    def second(self) -> str:
        """How one is found."""
        return translate("tenders.deposit_under")

    def begin(self, pay: PayHost, typed: Amount | None) -> None:
        """Ask which deposit pays the typed amount, or all that is open."""
        open_amount(pay, typed)
        pay.push(DepositPick(pay, typed))

    def scanned(self, pay: PayHost, text: str) -> bool:
        """Take the receipt of a deposit that is scanned before anything was given."""
        tenders = pay.desk.shop.tenders
        try:
            if tenders.named_deposit(text) is None:
                return False
            open_amount(pay, None)
            pick = DepositPick(pay, None)
            pay.push(pick)
            pick.scan(text)
        except ExpectedError as error:
            pay.refuse(words_of(error, pay.desk.currency))
        return True


class DepositPick(PlainStage):
    """Which deposit it is, is asked; the member's own stand in the list."""

    def __init__(self, pay: PayHost, typed: Amount | None) -> None:
        self._pay = pay
        self._typed = typed
        desk = pay.desk
        member = desk.member.member_id if desk.member is not None else None
        self._own = self._usable(desk.shop.tenders.deposits_of(member))
        self._found: Sequence[Deposit] = self._own
        self._chosen = 0 if self._own else -1

    def _usable(self, found: Sequence[Deposit]) -> Sequence[Deposit]:
        desk = self._pay.desk
        return [each for each in found if desk.shop.tenders.left_for(desk.cart, each) > 0]

    @property
    def view(self) -> StageView:
        """The deposits found so far."""
        desk = self._pay.desk
        most = self._typed if self._typed is not None else self._pay.settlement.open
        return StageView(
            "deposit",
            translate("tenders.label_deposit"),
            self._default(),
            hint=translate("tenders.deposit_hint", amount=format_amount(most, desk.currency)),
            choices=tuple(map(self._row, self._found)),
            chosen=self._chosen,
        )

    def _default(self) -> str:
        """Return what Enter on the empty field does."""
        if not 0 <= self._chosen < len(self._found):
            return ""
        amount = format_amount(self._amount(self._found[self._chosen]), self._pay.desk.currency)
        return translate("tenders.enter_deposit", amount=amount)

    def _amount(self, deposit: Deposit) -> Amount:
        """Return what a deposit would pay: what was typed, else as much as is open and left."""
        desk = self._pay.desk
        left = desk.shop.tenders.left_for(desk.cart, deposit)
        return self._typed if self._typed is not None else Amount(min(left, self._pay.settlement.open))

    def _row(self, deposit: Deposit) -> ChoiceRow:
        desk = self._pay.desk
        left = desk.shop.tenders.left_for(desk.cart, deposit)
        under = translate(
            "tenders.deposit_left_of",
            day=format_date(deposit.taken_on),
            amount=format_amount(deposit.amount, desk.currency),
        )
        return ChoiceRow("hand-coins", deposit.number, under, format_amount(left, desk.currency))

    def typed(self, text: str) -> None:
        """Begin to look for another: nothing is marked then."""
        if text:
            self._chosen = -1

    def enter(self, text: str) -> None:
        """Take the marked one, or look for what was typed."""
        if not text and 0 <= self._chosen < len(self._found):
            self._take(self._found[self._chosen])
            return
        found = self._pay.desk.shop.tenders.find_deposits(text)
        if len(found) == 1:
            self._take(found[0])
            return
        self._found, self._chosen = found, 0
        self._pay.empty_field()

    def scan(self, text: str) -> bool:
        """Take the receipt of a deposit."""
        self.enter(text)
        return True

    def step(self, step: int) -> None:
        """Mark another."""
        self._chosen = step_in(len(self._found), self._chosen, step)

    def choose(self, place: int) -> None:
        """Take a row that was clicked."""
        if 0 <= place < len(self._found):
            self._take(self._found[place])

    def back(self) -> bool:
        """Leave what was found for the member's own."""
        if self._found is self._own:
            return False
        self._found, self._chosen = self._own, 0 if self._own else -1
        return True

    def _take(self, deposit: Deposit) -> None:
        desk = self._pay.desk
        left = desk.shop.tenders.left_for(desk.cart, deposit)
        if left <= 0:
            raise DepositSpentError(number=deposit.number, amount=left)
        tender = desk.shop.tenders.deposit(desk.cart, deposit, self._amount(deposit))
        whose = self._whose(deposit)
        if whose:
            self._pay.ask(whose, partial(self._pay.give, tender))
        else:
            self._pay.give(tender)

    def _whose(self, deposit: Deposit) -> str:
        """Return what to ask about a deposit of somebody else; empty when it is hers, or nobody's."""
        desk = self._pay.desk
        if deposit.member is None or any(each.sale == deposit.sale for each in self._own):
            return ""
        member = desk.shop.members.get(deposit.member)
        if member is None:
            return ""
        phone = masked(member.phone) if member.phone else ""
        name = member.profile.name or phone or translate("sales.member.nameless")
        code = "tenders.deposit_of_member" if desk.member is None else "tenders.deposit_of_other"
        return translate(code, number=deposit.number, name=name)
