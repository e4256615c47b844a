"""What has to hold once a run has settled: the shop's books and the wallet's own statement say the same.

Decides what is a fault; how a run comes there is `running`'s.
"""

from collections import defaultdict
from typing import Any

from pos_app.domain.payments import PaymentState
from pos_app.domain.payments.settings import WALLETS
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderRole
from tests.payments.till import RunTill


class BrokenPromise(AssertionError):  # noqa: N818 - what the run is about
    """A promise does not hold."""


def check(till: RunTill, statement: list[dict[str, Any]], sales: list[Sale], codes: list[str]) -> None:
    """Compare books and statement of one run; raise BrokenPromise."""
    charged: dict[str, int] = defaultdict(int)
    given_back: dict[str, int] = defaultdict(int)
    for move in statement:
        if move["kind"] == "refund":
            given_back[move["refund"]] -= move["amount"]
        else:
            charged[move["number"]] += move["amount"]
    attempts = till.attempts()
    for standing in attempts:
        if standing.needs_care:
            raise BrokenPromise(f"{standing.payment.purpose} is still {standing.state} ({standing.reason})")
        number, amount = standing.payment.order_number, standing.payment.amount
        if standing.is_charge:
            kept = charged.pop(number, 0)
            if kept != (amount if standing.is_paid else 0):
                raise BrokenPromise(f"the books say {standing.state} of {amount}, the wallet kept {kept}")
        elif given_back.pop(number, 0) != amount:
            raise BrokenPromise(f"a refund of {amount} is {standing.state}, the wallet says otherwise")
    if any(charged.values()) or given_back:
        raise BrokenPromise(f"the wallet moved money of which the books know nothing: {dict(charged)}")
    _check_sales(till, sales, statement)
    if not till.shop.verify().passed:
        raise BrokenPromise("the journal does not prove the books")
    _check_codes(till, codes)


def _check_sales(till: RunTill, sales: list[Sale], statement: list[dict[str, Any]]) -> None:
    """The wallets hold of this shop exactly what the tenders of its sales say, and no charge is none's tender."""
    tenders = [t for sale in sales for t in sale.tenders if t.kind in WALLETS]
    in_sales = sum(t.amount for t in tenders)
    with_wallets = sum(move["amount"] for move in statement)
    if in_sales != with_wallets:
        raise BrokenPromise(f"sales took {in_sales} by wallet, the wallets hold {with_wallets}")
    paid = {s.attempt for s in till.attempts() if s.is_charge and s.state is PaymentState.PAID}
    used = {t.attempt for t in tenders if t.role is TenderRole.GIVEN}
    if paid != used:
        raise BrokenPromise("a paid charge is not the tender of a sale")


def _check_codes(till: RunTill, codes: list[str]) -> None:
    """No customer's code stands in a file of the till."""
    till.shop.store.close()
    for file in till.folder.rglob("*"):
        if file.is_file():
            read = file.read_bytes()
            if any(code.encode() in read for code in codes):
                raise BrokenPromise(f"a payment code stands in {file.name}")
