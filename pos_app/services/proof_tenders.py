"""Proof of deposits and coupons: what the journal's sales come to is what the tables say, and nothing else."""

from collections.abc import Iterator

from pos_app.domain.deposits import Deposit, after_sale
from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind, TenderRole
from pos_app.domain.values.ids import SaleId
from pos_app.services.ports.store import Tx


class ToldTenders:
    """The deposits and the coupons that a walk through the journal tells of."""

    def __init__(self) -> None:
        self._deposits: dict[SaleId, Deposit] = {}
        self._vouchers: dict[tuple[str, str], SaleId] = {}

    def take(self, sale: Sale) -> bool:
        """Follow a sale; say whether it spends no more than there was, and no coupon twice."""
        try:
            self._deposits.update(after_sale(self._deposits, sale))
        except ExpectedError:
            return False
        fine = True
        for tender in sale.tenders:
            coupon = tender.voucher
            if tender.kind is TenderKind.VOUCHER and tender.role is TenderRole.GIVEN and coupon is not None:
                first = self._vouchers.setdefault((coupon.platform, coupon.code), sale.sale_id)
                fine = fine and first == sale.sale_id
        return fine

    def differences(self, tx: Tx) -> Iterator[tuple[str, str]]:
        """Yield a code of `words` (`proof.…`) and a place for each row that the journal does not tell so."""
        told = dict(self._deposits)
        for deposit in tx.deposits.all():
            if told.pop(deposit.sale, None) != deposit:
                yield "proof.deposit_rows", deposit.number
        yield from (("proof.deposit_rows", deposit.number) for deposit in told.values())
        coupons = dict(self._vouchers)
        for platform, code, sale in tx.vouchers.all():
            if coupons.pop((platform, code), None) != sale:
                yield "proof.voucher_rows", f"{platform} {code}"
        yield from (("proof.voucher_rows", f"{platform} {code}") for platform, code in coupons)
