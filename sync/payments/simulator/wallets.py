"""The played wallets as one thing: a request goes in, what goes over the line comes out, faults included.

Decides in which order a fault, the money and the answer happen. Calls come one at a time.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256

from pos_app.domain.payments.settings import WALLET_RULES
from sync.payments.simulator import faults
from sync.payments.simulator.alipay_side import AlipaySide
from sync.payments.simulator.bank import CODE_LIVES_MS, Bank, Wish
from sync.payments.simulator.faults import Faults
from sync.payments.simulator.papers import Papers
from sync.payments.simulator.sides import Asked, Rejected, Request, Sealed, Side, Spoken
from sync.payments.simulator.wechat_side import WechatSide

BALANCE, PASSWORD_OVER = 100_000_00, 1_000_00
"""What a customer has at first, and from where she is asked for her password, in fen."""
_LENGTHS = {"wechat_pay": 18, "alipay": 18}
_SPOILT = Sealed(
    status=502,
    headers=(("Content-Type", "text/html"),),
    body=b"<html><body>502 Bad Gateway</body></html>",
)


class Wallets:
    """Both wallets; `die` ends the process at once, as a power cut would."""

    def __init__(self, bank: Bank, papers: Papers, trouble: Faults, die: Callable[[], None]) -> None:
        self.bank, self.faults = bank, trouble
        self._die, self._secret = die, papers.secret
        self._sides: Mapping[str, Side] = {
            "wechat_pay": WechatSide(papers.wechat_pay.merchant()),
            "alipay": AlipaySide(papers.alipay.merchant()),
        }
        for wallet in self._sides:
            if bank.customer_of(wallet) is None:
                bank.add_customer(wallet, BALANCE, PASSWORD_OVER, None)

    def new_code(self, wallet: str, customer: int, now_ms: int) -> str:
        """A customer shows a new code, good for a minute."""
        rule = next(rule for rule in WALLET_RULES if rule.provider == wallet)
        drawn = sha256(f"{self._secret}:{self.bank.count('code')}".encode()).digest()
        digits = str(int.from_bytes(drawn))[:40].rjust(40, "0")
        prefix = rule.prefixes[int(digits[:2]) % len(rule.prefixes)]
        code = prefix + digits[2 : 2 + _LENGTHS[wallet] - len(prefix)]
        self.bank.show_code(code, wallet, customer, now_ms)
        return code

    def code_lives_s(self) -> int:
        """Return how long a code is good."""
        return CODE_LIVES_MS // 1000

    def answer(self, request: Request, now_ms: int) -> Sealed | None:
        """Work on a request of a shop; None is no answer at all."""
        self.bank.let_arrive(now_ms)
        side = self._sides["alipay" if request.path.startswith("/gateway.do") else "wechat_pay"]
        try:
            asked = side.read(request, now_ms)
        except Rejected as rejected:
            return side.seal(request, rejected.spoken, now_ms, spoilt=False)
        name = f"{asked.what}:{side.wallet}:{asked.number or asked.refund_number}"
        fault = self.faults.draw(asked.what, asked.number or asked.refund_number, self.bank.count(name))
        spoken = self._before(side, asked, fault, now_ms)
        if spoken is None:
            return None
        if fault == faults.DIE_AFTER:
            self._die()
        if fault in (faults.LOST_AFTER, faults.DIE_AFTER):
            return None
        if fault == faults.NOT_JSON:
            return _SPOILT
        return side.seal(request, spoken, now_ms, spoilt=fault == faults.BAD_SIGNATURE)

    def _before(self, side: Side, asked: Asked, fault: str, now_ms: int) -> Spoken | None:
        """Do what is asked, unless the fault comes first; None for a request that never came."""
        if fault == faults.DIE_BEFORE:
            self._die()
        if fault in (faults.LOST_BEFORE, faults.DIE_BEFORE):
            return None
        if fault == faults.LATE:
            wish = Wish(wallet=side.wallet, number=asked.number, code=asked.code, amount=asked.amount)
            self.bank.set_aside(wish, now_ms + self.faults.late_ms(asked.number))
            return None
        if fault in (faults.SYSTEM_BEFORE, faults.BUSY):
            return side.error(busy=fault == faults.BUSY)
        if fault == faults.RETRY:
            return side.again(asked)
        off_by = 0
        if fault == faults.OTHER_AMOUNT:
            off_by = 1 if asked.amount == 1 else -1
        spoken = side.do(self.bank, asked, now_ms, off_by)
        if fault == faults.SYSTEM_AFTER:
            return side.error(busy=False)
        if fault in (faults.MISREAD, faults.OTHER_ORDER):
            return side.twist(spoken, fault)
        return spoken
