"""WeChat Pay by the customer's payment code (付款码支付), API v3 for a merchant of its own (普通商户).

Decides what its answers mean. As documented:
- charge: POST /v3/pay/transactions/codepay, https://pay.weixin.qq.com/docs/merchant/apis/code-payment-v3/direct/code-pay.html;
  200 is a transaction, 202 `{"trade_state": "USERPAYING"}` (github.com/binarywang/WxJava/issues/4050).
- query: GET /v3/pay/transactions/out-trade-no/{out_trade_no}?mchid=, https://pay.weixin.qq.com/doc/v3/merchant/4013070356;
  states SUCCESS, REFUND, NOTPAY, CLOSED, REVOKED, USERPAYING, PAYERROR, ACCEPT (wechatpay-java, model/Transaction).
- reverse: POST …/out-trade-no/{out_trade_no}/reverse, https://pay.weixin.qq.com/docs/merchant/apis/code-payment-v3/direct/reverse.html:
  an unpaid order is closed and can never be paid, a paid one is given back. It asks for fifteen seconds after a charge.
  Its answer does not tell whether there was an order, and one of nobody's is reversed too
  (https://developers.weixin.qq.com/community/pay/doc/000a04965342889c925846c7f56400): how it stands then is asked.
- refunds: POST /v3/refund/domestic/refunds and GET …/{out_refund_no}, https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter4_2_10.shtml,
  states https://pay.weixin.qq.com/doc/v3/merchant/4013071031.
Codes of errors are those of API v3 and of its forerunner (https://pay.weixin.qq.com/doc/v2/merchant/4011937125), which
differ in underscores; what stands in neither list leaves the charge UNKNOWN.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import msgspec

from pos_app.domain.payments import PaymentState
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.money import Amount
from pos_app.services.ports.clock import Clock
from pos_app.services.ports.payments import (
    ChargeOrder,
    PaymentAnswer,
    ProviderSettingError,
    RefundOrder,
)
from sync.payments import wechat_wire
from sync.payments.keys import MerchantKey, ProviderKey
from sync.payments.reading import (
    Fields,
    fields_of,
    object_of,
    refused,
    shown_code,
    shown_number,
    text_of,
    unknown,
)
from sync.payments.wire import NoAnswer, Question, Reply, Wire

ADDRESS = "https://api.mch.weixin.qq.com"
CURRENCY = "CNY"
DEVICE_ADDRESS = "127.0.0.1"
"""`device_ip` is required; a till behind the shop's router has none that would tell the wallet anything."""
_TRADES, _REFUNDS = "/v3/pay/transactions", "/v3/refund/domestic/refunds"

REFUSALS = {
    "NOTENOUGH": "not_enough",
    "AUTHCODEEXPIRE": "code_expired",
    "AUTHCODEEXPIRED": "code_expired",
    "AUTHCODEINVALID": "code_invalid",
    "AUTHCODEERROR": "code_invalid",
    "RULELIMIT": "limit",
    "ACCOUNTERROR": "account",
    "ACCOUNTABNORMAL": "account",
    "BUYERMISMATCH": "code_invalid",
    "NOTSUPORTCARD": "card",
    "NOTSUPPORTCARD": "card",
    "TRADEERROR": "trade_error",
    "ORDERCLOSED": "closed",
    "ORDERREVERSED": "reversed",
    "NOAUTH": "no_permission",
    "APPIDMCHIDNOTMATCH": "merchant",
    "APPIDNOTEXIST": "merchant",
    "MCHNOTEXISTS": "merchant",
    "MCHIDNOTEXIST": "merchant",
    "PARAMERROR": "bad_request",
    "LACKPARAMS": "bad_request",
}
"""Codes without their underscores by which no money was taken and the order is over."""
DOUBTS = {
    "USERPAYING": "entering",
    "SYSTEMERROR": "system_error",
    "BANKERROR": "system_error",
    "ORDERPAID": "order_paid",
    "OUTTRADENOUSED": "order_used",
    "FREQUENCYLIMITED": "busy",
    "RATELIMITED": "busy",
    "ORDERNOTEXIST": "not_found",
    "ORDERNOTEXISTS": "not_found",
    "RESOURCENOTEXISTS": "not_found",
    "SIGNERROR": "our_signature",
    "REVERSEEXPIRE": "too_late",
    "INVALIDREQUEST": "bad_request",
}
"""Codes that leave open what became of the money: ask."""
_NO_REFUND = {
    "NOTENOUGH": "merchant_short",
    "RESOURCENOTEXISTS": "no_charge",
    "ORDERNOTEXIST": "no_charge",
    "MCHNOTEXISTS": "merchant",
    "NOAUTH": "no_permission",
    "PARAMERROR": "bad_request",
    "INVALIDREQUEST": "refund_too_much",
    "REFUNDFEEMISMATCH": "refund_too_much",
}
_TRADE_STATES = {
    "SUCCESS": (PaymentState.PAID, None),
    "REFUND": (PaymentState.REFUNDED, None),
    "USERPAYING": (PaymentState.ENTERING, None),
    "REVOKED": (PaymentState.REVERSED, None),
    "CLOSED": (PaymentState.REFUSED, "closed"),
    "PAYERROR": (PaymentState.REFUSED, "pay_error"),
    "NOTPAY": (PaymentState.UNKNOWN, "not_paid"),
    "ACCEPT": (PaymentState.UNKNOWN, "accepted"),
}
_REFUND_STATES = {
    "SUCCESS": (PaymentState.REFUNDED, None),
    "PROCESSING": (PaymentState.PENDING, None),
    "CLOSED": (PaymentState.REFUSED, "refund_closed"),
    "ABNORMAL": (PaymentState.UNKNOWN, "refund_abnormal"),
}
_MONEY_STANDS = (PaymentState.PAID, PaymentState.REFUNDED)
_VOID = (PaymentState.REVERSED, PaymentState.REFUSED, PaymentState.REFUNDED)
"""How a reversed order stands: REVOKED, CLOSED or PAYERROR, REFUND."""
_WERE_VOID = ("closed", "reversed")
"""Why a reversal is refused that was made before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WechatMerchant:
    """Who asks. The serials name the merchant's certificate, and the wallet's key (or its certificate)."""

    app_id: str
    merchant_id: str
    merchant_serial: str
    provider_serial: str
    key: MerchantKey
    provider_key: ProviderKey


class WechatPay:
    """A `PaymentProvider`; `nonce` returns 32 random letters or digits."""

    def __init__(self, merchant: WechatMerchant, wire: Wire, clock: Clock, nonce: Callable[[], str]) -> None:
        self._merchant, self._wire, self._clock, self._nonce = merchant, wire, clock, nonce

    @property
    def kind(self) -> TenderKind:
        """WeChat Pay."""
        return TenderKind.WECHAT_PAY

    def charge(self, order: ChargeOrder, code: str) -> PaymentAnswer:
        """Charge the customer who showed a code."""
        _in_yuan(order.currency)
        body = {
            "appid": self._merchant.app_id,
            "mchid": self._merchant.merchant_id,
            "description": order.subject[:127],
            "out_trade_no": order.order_number,
            "payer": {"auth_code": code},
            "amount": {"total": int(order.amount), "currency": order.currency},
            "scene_info": {
                "device_id": order.device[:16],
                "device_ip": DEVICE_ADDRESS,
                "store_info": {"out_id": order.device[:32]},
            },
        }
        answer = self._answer(
            "POST", f"{_TRADES}/codepay", body, lambda said: self._trade(said, order.order_number)
        )
        if answer.state is PaymentState.PAID and answer.amount != order.amount:
            return unknown("amount_mismatch", answer.amount, answer.provider_number)
        return answer

    def query(self, order_number: str) -> PaymentAnswer:
        """Ask how a charge stands."""
        path = (
            f"{_TRADES}/out-trade-no/{quote(order_number, safe='')}?mchid={quote(self._merchant.merchant_id)}"
        )
        answer = self._answer("GET", path, None, lambda said: self._trade(said, order_number))
        # What refuses the question says nothing of the charge.
        is_of_the_charge = answer.state is not PaymentState.REFUSED or answer.reason in (
            "closed",
            "pay_error",
        )
        return answer if is_of_the_charge else unknown(answer.reason or "other")

    def reverse(self, order_number: str) -> PaymentAnswer:
        """Make a charge void."""
        body = {"appid": self._merchant.app_id, "mchid": self._merchant.merchant_id}
        path = f"{_TRADES}/out-trade-no/{quote(order_number, safe='')}/reverse"
        answer = self._answer("POST", path, body, lambda said: self._reversed(said, order_number))
        if answer.state is not PaymentState.REVERSED and answer.reason not in _WERE_VOID:
            return unknown(answer.reason or "other")
        stands = self.query(order_number)
        if stands.state not in _VOID:
            return unknown(stands.reason or "other")
        return PaymentAnswer(state=PaymentState.REVERSED, provider_number=stands.provider_number)

    def refund(self, order: RefundOrder) -> PaymentAnswer:
        """Give money back."""
        _in_yuan(order.currency)
        body = {
            "out_trade_no": order.order_number,
            "out_refund_no": order.refund_number,
            "reason": order.reason[:80] or "退款",
            "amount": {"refund": int(order.amount), "total": int(order.paid), "currency": order.currency},
        }
        numbers = (order.order_number, order.refund_number)
        answer = self._answer("POST", _REFUNDS, body, lambda said: self._refunded(said, *numbers), _NO_REFUND)
        if answer.amount is not None and answer.amount != order.amount:
            return unknown("amount_mismatch", answer.amount, answer.provider_number)
        return answer

    def query_refund(self, order_number: str, refund_number: str) -> PaymentAnswer:
        """Ask how a refund stands."""
        path = f"{_REFUNDS}/{quote(refund_number, safe='')}"
        answer = self._answer(
            "GET", path, None, lambda said: self._refunded(said, order_number, refund_number)
        )
        asked_in_vain = answer.state is PaymentState.REFUSED and answer.reason != "refund_closed"
        return unknown(answer.reason or "other") if asked_in_vain else answer

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def _answer(
        self,
        method: str,
        path: str,
        content: Fields | None,
        read: Callable[[Fields], PaymentAnswer],
        refusals: dict[str, str] = REFUSALS,
    ) -> PaymentAnswer:
        """Ask, believe what is signed, and read it."""
        body = msgspec.json.encode(content) if content is not None else b""
        try:
            reply = self._wire.ask(self._signed(method, path, body))
            doubt = self._doubt_of(reply)
            said = object_of(reply.body)
            if reply.status in (200, 202) and not doubt:
                return read(said)
        except NoAnswer as problem:
            return unknown(problem.reason)
        return _error(text_of(said, "code"), doubt, refusals)

    def _signed(self, method: str, path: str, body: bytes) -> Question:
        timestamp, nonce = str(int(self._clock.now().timestamp())), self._nonce()
        text = wechat_wire.request_text(method, path, timestamp, nonce, body)
        authorization = wechat_wire.authorization(
            {
                "mchid": self._merchant.merchant_id,
                "nonce_str": nonce,
                "timestamp": timestamp,
                "serial_no": self._merchant.merchant_serial,
                "signature": self._merchant.key.sign(text),
            }
        )
        headers = [
            ("Authorization", authorization),
            ("Accept", "application/json"),
            ("User-Agent", "shuke"),
            ("Wechatpay-Serial", self._merchant.provider_serial),
        ]
        if body:
            headers.append(("Content-Type", "application/json"))
        return Question(method=method, path=path, body=body, headers=tuple(headers))

    def _doubt_of(self, reply: Reply) -> str:
        """Return why an answer cannot be believed; empty for one that is the wallet's, and of now."""
        heads = reply.headers
        timestamp, nonce = heads.get(wechat_wire.TIMESTAMP, ""), heads.get(wechat_wire.NONCE, "")
        if heads.get(wechat_wire.SERIAL, "") != self._merchant.provider_serial:
            return "other_key"
        text = wechat_wire.answer_text(timestamp, nonce, reply.body)
        if not self._merchant.provider_key.fits(text, heads.get(wechat_wire.SIGNATURE, "")):
            return "bad_signature"
        now = self._clock.now().timestamp()
        is_of_now = timestamp.isdigit() and abs(now - int(timestamp)) <= wechat_wire.OLDEST_S
        return "" if is_of_now else "stale"

    def _trade(self, said: Fields, order_number: str) -> PaymentAnswer:
        """Read a transaction; of one that waits for a password the wallet may tell its state alone."""
        state, reason = _TRADE_STATES.get(text_of(said, "trade_state"), (PaymentState.UNKNOWN, "other"))
        bare = state is PaymentState.ENTERING
        if not (bare and "out_trade_no" not in said) and text_of(said, "out_trade_no") != order_number:
            return unknown("other_order")
        if not (bare and "mchid" not in said) and text_of(said, "mchid") != self._merchant.merchant_id:
            return unknown("other_merchant")
        amount = _amount(fields_of(said, "amount"), "total")
        if state in _MONEY_STANDS:
            if fields_of(said, "amount").get("currency", CURRENCY) != CURRENCY:
                return unknown("other_currency")
            if amount is None:
                return unknown("amount_mismatch")
        number = shown_number(text_of(said, "transaction_id"))
        return PaymentAnswer(state=state, provider_number=number, amount=amount, reason=reason)

    def _reversed(self, said: Fields, order_number: str) -> PaymentAnswer:
        if text_of(said, "out_trade_no") != order_number:
            return unknown("other_order")
        if text_of(said, "mchid") != self._merchant.merchant_id:
            return unknown("other_merchant")
        return PaymentAnswer(state=PaymentState.REVERSED)

    def _refunded(self, said: Fields, order_number: str, refund_number: str) -> PaymentAnswer:
        state, reason = _REFUND_STATES.get(text_of(said, "status"), (PaymentState.UNKNOWN, "other"))
        if (text_of(said, "out_trade_no"), text_of(said, "out_refund_no")) != (order_number, refund_number):
            return unknown("other_order")
        moved = fields_of(said, "amount")
        if moved.get("currency", CURRENCY) != CURRENCY:
            return unknown("other_currency")
        amount = _amount(moved, "refund")
        if amount is None:
            return unknown("amount_mismatch")
        number = shown_number(text_of(said, "refund_id"))
        return PaymentAnswer(state=state, provider_number=number, amount=amount, reason=reason)


def _in_yuan(currency: str) -> None:
    if currency != CURRENCY:
        raise ProviderSettingError(field="currency", problem="only_cny")


def _amount(fields: Fields, name: str) -> Amount | None:
    value = fields.get(name)
    return Amount(value) if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _error(code: str, doubt: str, refusals: dict[str, str]) -> PaymentAnswer:
    """Read an error; one that nobody signed refuses nothing, though it may say why."""
    plain = code.replace("_", "")
    if doubt:
        # The wallet signs no answer to a request whose signature it could not read.
        return unknown("our_signature" if plain == "SIGNERROR" else doubt)
    if plain in refusals:
        return refused(refusals[plain])
    if plain == "USERPAYING":
        return PaymentAnswer(state=PaymentState.ENTERING)
    return unknown(DOUBTS.get(plain) or shown_code(code) or "other")
