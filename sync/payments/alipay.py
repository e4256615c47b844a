"""Alipay by the customer's payment code (当面付, scene bar_code), through its gateway with plain RSA2 keys.

Decides what its answers mean. As documented:
- alipay.trade.pay (https://docs.open.alipay.com/api_1/alipay.trade.pay, https://w3cschool.cn/aliminiapp/aliminiapp-2wa52f4q.html):
  code 10000 paid, 10003 waiting for the customer, 20000 unknown, 40004 refused by `sub_code`.
- alipay.trade.query (…/api_1/alipay.trade.query): `trade_status` WAIT_BUYER_PAY, TRADE_SUCCESS, TRADE_FINISHED, or
  TRADE_CLOSED: closed unpaid, or paid and wholly given back; ACQ.TRADE_NOT_EXIST.
- alipay.trade.cancel (…/api_1/alipay.trade.cancel): closes what is unpaid, gives back what is paid; `retry_flag` Y asks
  to be called again; `trade_no` is told "when a trade was closed or given back", and a number that never came is also
  answered with success (https://blog.csdn.net/qq_39505065/article/details/84850870). Nothing says that it is void then.
- alipay.trade.refund (…/api_1/alipay.trade.refund): `fund_change` Y says that money moved now, N that it is to be
  queried; `refund_fee` is all that was given back of the trade so far.
- alipay.trade.fastpay.refund.query (…/api_1/alipay.trade.fastpay.refund.query): `refund_status` REFUND_SUCCESS, or
  nothing for what was not given back.
Codes of errors: https://jaq-doc.alibaba.com/docs/doc.htm?articleId=104632; after 20000 the trade is to be queried.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

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
from sync.payments import alipay_wire
from sync.payments.keys import MerchantKey, ProviderKey
from sync.payments.reading import Fields, object_of, refused, shown_code, shown_number, text_of, unknown
from sync.payments.wire import NoAnswer, Question, Wire

ADDRESS = "https://openapi.alipay.com"
CURRENCY = "CNY"
WAITS = "2m"
"""How long an unpaid trade waits for the customer: a code is good for a minute, a password takes another."""
_BEIJING = timedelta(hours=8)
_PLAIN = str.maketrans("/=&", "   ")
"""`subject` may not hold these."""

REFUSALS = {
    "ACQ.PAYMENT_AUTH_CODE_INVALID": "code_invalid",
    "ACQ.SOUNDWAVE_PARSER_FAIL": "code_invalid",
    "ACQ.AUTH_TOKEN_IS_NOT_EXIST": "code_invalid",
    "ACQ.BUYER_BALANCE_NOT_ENOUGH": "not_enough",
    "ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH": "not_enough",
    "ACQ.ERROR_BALANCE_PAYMENT_DISABLE": "account",
    "ACQ.BUYER_ENABLE_STATUS_FORBID": "account",
    "ACQ.BUYER_SELLER_EQUAL": "account",
    "ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR": "limit",
    "ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR": "limit",
    "ACQ.BEYOND_PAY_RESTRICTION": "limit",
    "ACQ.BEYOND_PER_RECEIPT_RESTRICTION": "limit",
    "ACQ.TOTAL_FEE_EXCEED": "limit",
    "ACQ.PULL_MOBILE_CASHIER_FAIL": "trade_error",
    "ACQ.MOBILE_PAYMENT_SWITCH_OFF": "trade_error",
    "ACQ.PAYMENT_FAIL": "trade_error",
    "ACQ.PAYMENT_REQUEST_HAS_RISK": "trade_error",
    "ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE": "card",
    "ACQ.TRADE_HAS_CLOSE": "closed",
    "ACQ.ACCESS_FORBIDDEN": "no_permission",
    "ACQ.PARTNER_ERROR": "merchant",
    "ACQ.SELLER_BEEN_BLOCKED": "merchant",
    "ACQ.INVALID_PARAMETER": "bad_request",
    "ACQ.EXIST_FORBIDDEN_WORD": "bad_request",
}
"""Codes by which no money was taken and the trade is over."""
DOUBTS = {
    "ACQ.SYSTEM_ERROR": "system_error",
    "AOP.ACQ.SYSTEM_ERROR": "system_error",
    "ISP.UNKNOW-ERROR": "system_error",
    "ACQ.TRADE_HAS_SUCCESS": "order_paid",
    "ACQ.TRADE_BUYER_NOT_MATCH": "order_used",
    "ACQ.CONTEXT_INCONSISTENT": "order_used",
    "ACQ.TRADE_NOT_EXIST": "not_found",
    "ISV.INVALID-SIGNATURE": "our_signature",
    "ISV.INVALID-APP-ID": "merchant",
    "ISV.MISSING-SIGNATURE": "our_signature",
    "AOP.INVALID-APP-AUTH-TOKEN": "merchant",
    "ISV.APP-CALL-LIMITED": "busy",
    "ISP.APP-CALL-LIMITED": "busy",
    "ISV.INSUFFICIENT-ISV-PERMISSIONS": "no_permission",
    "ACQ.SELLER_BALANCE_NOT_ENOUGH": "merchant_short",
}
_NO_REFUND = {
    "ACQ.SELLER_BALANCE_NOT_ENOUGH": "merchant_short",
    "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL": "refund_too_much",
    "ACQ.REASON_TRADE_REFUND_FEE_ERR": "refund_too_much",
    "ACQ.REFUND_FEE_ERROR": "refund_too_much",
    "ACQ.TRADE_NOT_EXIST": "no_charge",
    "ACQ.TRADE_HAS_FINISHED": "too_late",
    "ACQ.TRADE_STATUS_ERROR": "no_charge",
    "ACQ.TRADE_HAS_CLOSE": "refund_too_much",
    "ACQ.INVALID_PARAMETER": "bad_request",
    "ACQ.BUYER_ERROR": "account",
}
_TRADE_STATES = {
    "WAIT_BUYER_PAY": PaymentState.ENTERING,
    "TRADE_SUCCESS": PaymentState.PAID,
    "TRADE_FINISHED": PaymentState.PAID,
    "TRADE_CLOSED": PaymentState.REVERSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlipayMerchant:
    """Who asks."""

    app_id: str
    key: MerchantKey
    provider_key: ProviderKey


class Alipay:
    """A `PaymentProvider`."""

    def __init__(self, merchant: AlipayMerchant, wire: Wire, clock: Clock) -> None:
        self._merchant, self._wire, self._clock = merchant, wire, clock

    @property
    def kind(self) -> TenderKind:
        """Alipay."""
        return TenderKind.ALIPAY

    def charge(self, order: ChargeOrder, code: str) -> PaymentAnswer:
        """Charge the customer who showed a code."""
        _in_yuan(order.currency)
        content = {
            "out_trade_no": order.order_number,
            "scene": "bar_code",
            "auth_code": code,
            "subject": order.subject.translate(_PLAIN)[:256],
            "total_amount": alipay_wire.yuan(order.amount),
            "timeout_express": WAITS,
            "terminal_id": order.device[:32],
        }
        answer = self._answer("alipay.trade.pay", content, lambda said: _charged(said, order))
        if answer.state is PaymentState.PAID and answer.amount != order.amount:
            return unknown("amount_mismatch", answer.amount, answer.provider_number)
        return answer

    def query(self, order_number: str) -> PaymentAnswer:
        """Ask how a charge stands."""
        content = {"out_trade_no": order_number}
        answer = self._answer("alipay.trade.query", content, lambda said: _queried(said, order_number))
        # What refuses the question says nothing of the charge.
        return unknown(answer.reason or "other") if answer.state is PaymentState.REFUSED else answer

    def reverse(self, order_number: str) -> PaymentAnswer:
        """Make a charge void."""
        content = {"out_trade_no": order_number}
        answer = self._answer("alipay.trade.cancel", content, lambda said: _cancelled(said, order_number))
        if answer.state is PaymentState.REVERSED and answer.provider_number is None:
            # It names no trade: either none came yet, or it was closed before.
            answer = self.query(order_number)
        return answer if answer.state is PaymentState.REVERSED else unknown(answer.reason or "other")

    def refund(self, order: RefundOrder) -> PaymentAnswer:
        """Give money back; where Alipay only says that it has heard this before, ask it how that refund stands."""
        _in_yuan(order.currency)
        content = {
            "out_trade_no": order.order_number,
            "out_request_no": order.refund_number,
            "refund_amount": alipay_wire.yuan(order.amount),
            "refund_reason": order.reason[:256] or "退款",
        }
        answer = self._answer(
            "alipay.trade.refund", content, lambda said: _given_back(said, order), _NO_REFUND
        )
        if answer.state is not PaymentState.PENDING:
            return answer
        found = self.query_refund(order.order_number, order.refund_number)
        if found.amount is not None and found.amount != order.amount:
            return unknown("amount_mismatch", found.amount, found.provider_number)
        return found

    def query_refund(self, order_number: str, refund_number: str) -> PaymentAnswer:
        """Ask how a refund stands."""
        content = {
            "out_trade_no": order_number,
            "out_request_no": refund_number,
            "query_options": ["refund_detail_item_list"],
        }
        answer = self._answer(
            "alipay.trade.fastpay.refund.query",
            content,
            lambda said: _refund_stands(said, order_number, refund_number),
        )
        return unknown(answer.reason or "other") if answer.state is PaymentState.REFUSED else answer

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def _answer(
        self,
        method: str,
        content: Fields,
        read: Callable[[Fields], PaymentAnswer],
        refusals: dict[str, str] = REFUSALS,
    ) -> PaymentAnswer:
        """Ask, believe what is signed, and read it."""
        try:
            reply = self._wire.ask(self._signed(method, content))
            whole = object_of(reply.body)
            node = alipay_wire.node_text(reply.body, alipay_wire.node_name(method))
            text = node or alipay_wire.node_text(reply.body, "error_response")
            said = object_of(text or b"{}")
        except NoAnswer as problem:
            return unknown(problem.reason)
        is_signed = bool(text) and self._merchant.provider_key.fits(text, text_of(whole, "sign"))
        code, sub_code = text_of(said, "code"), text_of(said, "sub_code").upper()
        if not is_signed:
            # The gateway does not always sign what it says to somebody whose signature it could not read.
            told = DOUBTS.get(sub_code, "")
            return unknown(told if told in ("our_signature", "merchant") else "bad_signature")
        if node and code in ("10000", "10003"):
            return read(said)
        if code == "20000":
            return unknown("system_error")
        if sub_code in refusals and code == "40004":
            return refused(refusals[sub_code])
        return unknown(DOUBTS.get(sub_code) or shown_code(text_of(said, "sub_code") or code))

    def _signed(self, method: str, content: Fields) -> Question:
        parameters = {
            "app_id": self._merchant.app_id,
            "method": method,
            "format": "JSON",
            "charset": alipay_wire.CHARSET,
            "sign_type": "RSA2",
            "timestamp": (self._clock.now() + _BEIJING).strftime("%Y-%m-%d %H:%M:%S"),
            "version": "1.0",
            "biz_content": msgspec.json.encode(content).decode(),
        }
        parameters["sign"] = self._merchant.key.sign(alipay_wire.request_text(parameters))
        headers = (
            ("Content-Type", f"application/x-www-form-urlencoded;charset={alipay_wire.CHARSET}"),
            ("User-Agent", "shuke"),
        )
        path = f"{alipay_wire.PATH}?charset={alipay_wire.CHARSET}"
        return Question(method="POST", path=path, body=urlencode(parameters).encode(), headers=headers)


def _in_yuan(currency: str) -> None:
    if currency != CURRENCY:
        raise ProviderSettingError(field="currency", problem="only_cny")


def _amount(said: Fields, name: str) -> Amount | None:
    found = alipay_wire.fen(text_of(said, name))
    return Amount(found) if found else None


def _charged(said: Fields, order: ChargeOrder) -> PaymentAnswer:
    number = shown_number(text_of(said, "trade_no"))
    if text_of(said, "out_trade_no") != order.order_number:
        return unknown("other_order")
    if text_of(said, "code") == "10003":
        return PaymentAnswer(state=PaymentState.ENTERING, provider_number=number)
    return _paid(said, number)


def _queried(said: Fields, order_number: str) -> PaymentAnswer:
    number = shown_number(text_of(said, "trade_no"))
    if text_of(said, "out_trade_no") != order_number:
        return unknown("other_order")
    state = _TRADE_STATES.get(text_of(said, "trade_status"))
    if state is None:
        return unknown("other")
    if state is PaymentState.PAID:
        return _paid(said, number)
    reason = "closed" if state is PaymentState.REVERSED else None
    return PaymentAnswer(state=state, provider_number=number, reason=reason)


def _paid(said: Fields, number: str | None) -> PaymentAnswer:
    if said.get("trans_currency", CURRENCY) != CURRENCY:
        return unknown("other_currency")
    amount = _amount(said, "total_amount")
    if amount is None:
        return unknown("amount_mismatch")
    return PaymentAnswer(state=PaymentState.PAID, provider_number=number, amount=amount)


def _cancelled(said: Fields, order_number: str) -> PaymentAnswer:
    if text_of(said, "out_trade_no") != order_number:
        return unknown("other_order")
    if text_of(said, "retry_flag") != "N":
        return unknown("ask_again")
    number = shown_number(text_of(said, "trade_no"))
    return PaymentAnswer(state=PaymentState.REVERSED, provider_number=number)


def _given_back(said: Fields, order: RefundOrder) -> PaymentAnswer:
    number = shown_number(text_of(said, "trade_no"))
    if text_of(said, "out_trade_no") != order.order_number:
        return unknown("other_order")
    if text_of(said, "fund_change") != "Y":
        return PaymentAnswer(state=PaymentState.PENDING, provider_number=number)
    in_all = _amount(said, "refund_fee")
    if in_all is None or in_all < order.amount:
        return unknown("amount_mismatch", in_all, number)
    return PaymentAnswer(state=PaymentState.REFUNDED, provider_number=number, amount=order.amount)


def _refund_stands(said: Fields, order_number: str, refund_number: str) -> PaymentAnswer:
    number = shown_number(text_of(said, "trade_no"))
    if text_of(said, "refund_status") != "REFUND_SUCCESS":
        return unknown("not_found")
    if (text_of(said, "out_trade_no"), text_of(said, "out_request_no")) != (order_number, refund_number):
        return unknown("other_order")
    amount = _amount(said, "refund_amount")
    if amount is None:
        return unknown("amount_mismatch")
    return PaymentAnswer(state=PaymentState.REFUNDED, provider_number=number, amount=amount)
