"""Alipay played: its gateway with alipay.trade.pay and what belongs to it, as `sync.payments.alipay` cites it.

Decides which words and codes each outcome has on the wire. Names and spaces of an answer stand as a hand-written
one would have them: who checks a text written anew instead of the bytes that came, finds signatures that do not fit.
"""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import msgspec

from sync.payments import alipay_wire
from sync.payments.simulator.bank import Bank, GivenBack, Refusal, Trade, Wish
from sync.payments.simulator.sides import Asked, Content, Merchant, Rejected, Request, Sealed, Spoken

_NUMBER = re.compile(r"\w{1,64}", re.ASCII)
_WHAT = {
    "alipay.trade.pay": "charge",
    "alipay.trade.query": "query",
    "alipay.trade.cancel": "reverse",
    "alipay.trade.refund": "refund",
    "alipay.trade.fastpay.refund.query": "query_refund",
}
_STATES = {
    "entering": "WAIT_BUYER_PAY",
    "paid": "TRADE_SUCCESS",
    "failed": "TRADE_CLOSED",
    "closed": "TRADE_CLOSED",
    "reversed": "TRADE_CLOSED",
}
_REFUSALS = {
    "code_expired": "ACQ.PAYMENT_AUTH_CODE_INVALID",
    "code_used": "ACQ.PAYMENT_AUTH_CODE_INVALID",
    "code_foreign": "ACQ.PAYMENT_AUTH_CODE_INVALID",
    "not_enough": "ACQ.BUYER_BALANCE_NOT_ENOUGH",
    "limit": "ACQ.BEYOND_PER_RECEIPT_RESTRICTION",
    "order_paid": "ACQ.TRADE_HAS_SUCCESS",
    "order_used": "ACQ.CONTEXT_INCONSISTENT",
    "reversed": "ACQ.TRADE_HAS_CLOSE",
    "no_trade": "ACQ.TRADE_NOT_EXIST",
    "refund_used": "ACQ.DISCORDANT_REPEAT_REQUEST",
    "refund_too_much": "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
}


class AlipaySide:
    """The wallet for one merchant."""

    wallet = "alipay"

    def __init__(self, merchant: Merchant) -> None:
        self._merchant = merchant

    def read(self, request: Request, now_ms: int) -> Asked:
        """Check signature and application, then what is asked."""
        parameters = _parameters(request)
        if parameters.get("app_id") != self._merchant.app_id:
            raise Rejected(_gateway("40002", "isv.invalid-app-id"))
        text = alipay_wire.request_text(parameters)
        if not self._merchant.merchant_key.fits(text, parameters.get("sign", "")):
            raise Rejected(_gateway("40002", "isv.invalid-signature"))
        what = _WHAT.get(parameters.get("method", ""))
        if what is None:
            raise Rejected(_gateway("40002", "isv.invalid-method"))
        content = _object(parameters.get("biz_content", ""))
        number = content.get("out_trade_no")
        if not (isinstance(number, str) and _NUMBER.fullmatch(number)):
            raise Rejected(_failed("ACQ.INVALID_PARAMETER"))
        return _asked(what, number, content)

    def do(self, bank: Bank, asked: Asked, now_ms: int, off_by: int) -> Spoken:
        """Do what is asked."""
        try:
            return self._do(bank, asked, now_ms, off_by)
        except Refusal as refusal:
            return _failed(_REFUSALS[refusal.reason])

    def error(self, busy: bool) -> Spoken:
        """Say 20000, which says nothing, or that the calls are limited."""
        if busy:
            return _gateway("40005", "isp.app-call-limited", is_signed=True)
        return Spoken(
            status=200,
            content={"code": "20000", "msg": "Service Currently Unavailable", "sub_code": "isp.unknow-error"},
        )

    def twist(self, spoken: Spoken, fault: str) -> Spoken:
        """Say something false."""
        content = dict(spoken.content)
        if fault == "other_order" and "out_trade_no" in content:
            content["out_trade_no"] = content["out_trade_no"][::-1] + "0"
        for name in ("total_amount", "refund_amount"):
            if fault == "misread" and name in content:
                content[name] = alipay_wire.yuan((alipay_wire.fen(content[name]) or 0) + 1)
        if fault == "misread" and "refund_fee" in content:
            content["refund_fee"] = "0.00"
        return Spoken(status=spoken.status, content=content, is_signed=spoken.is_signed)

    def again(self, asked: Asked) -> Spoken:
        """Say that nothing was cancelled yet, by its `retry_flag`."""
        return _done({"out_trade_no": asked.number, "retry_flag": "Y"})

    def seal(self, request: Request, spoken: Spoken, now_ms: int, spoilt: bool) -> Sealed:
        """Write and sign the node."""
        name = alipay_wire.node_name(_parameters(request).get("method", ""))
        node = b"{" + msgspec.json.encode(spoken.content)[1:-1].replace(b'","', b'", "') + b" }"
        sign = self._merchant.provider_key.sign(node + (b" " if spoilt else b"")) if spoken.is_signed else ""
        body = b'{"' + name.encode() + b'":' + node + b',"sign":"' + sign.encode() + b'"}'
        return Sealed(status=spoken.status, headers=(("Content-Type", "text/html;charset=utf-8"),), body=body)

    def _do(self, bank: Bank, asked: Asked, now_ms: int, off_by: int) -> Spoken:
        if asked.what == "charge":
            wish = Wish(
                wallet=self.wallet,
                number=asked.number,
                code=asked.code,
                amount=asked.amount,
                off_by=off_by,
            )
            return _paying(bank.charge(wish, now_ms), now_ms)
        if asked.what == "query":
            found = bank.query(self.wallet, asked.number, now_ms)
            if found is None:
                return _failed("ACQ.TRADE_NOT_EXIST")
            return _done({**_trade(found), "trade_status": _STATES[_state(found)]})
        if asked.what == "reverse":
            return _cancelled(asked.number, bank.reverse(self.wallet, asked.number, now_ms))
        if asked.what == "refund":
            given = bank.refund(self.wallet, asked.number, asked.refund_number, asked.amount, now_ms)
            return _done(
                {
                    "trade_no": given.trade.provider_number,
                    "out_trade_no": given.trade.number,
                    "fund_change": "Y" if given.is_new else "N",
                    "refund_fee": alipay_wire.yuan(given.trade.given_back),
                    "gmt_refund_pay": _when(now_ms),
                }
            )
        known = bank.query_refund(self.wallet, asked.refund_number)
        return _done(_refund(known) if known is not None else {})


def _asked(what: str, number: str, content: Content) -> Asked:
    """Read what a method needs."""
    if what == "charge":
        amount = alipay_wire.fen(str(content.get("total_amount", "")))
        subject, code = content.get("subject"), content.get("auth_code")
        is_whole = content.get("scene") == "bar_code" and isinstance(subject, str) and 0 < len(subject) <= 256
        if not (is_whole and amount and isinstance(code, str) and not set("/=&") & set(str(subject))):
            raise Rejected(_failed("ACQ.INVALID_PARAMETER"))
        return Asked(what=what, number=number, code=code, amount=amount)
    refund_number = content.get("out_request_no")
    if what in ("refund", "query_refund") and not (isinstance(refund_number, str) and refund_number):
        raise Rejected(_failed("ACQ.INVALID_PARAMETER"))
    amount = alipay_wire.fen(str(content.get("refund_amount", ""))) or 0
    return Asked(what=what, number=number, refund_number=str(refund_number or ""), amount=amount)


def _state(trade: Trade) -> str:
    is_given_back = trade.state == "paid" and trade.given_back == trade.amount
    return "closed" if is_given_back else trade.state


def _trade(trade: Trade) -> Content:
    return {
        "trade_no": trade.provider_number,
        "out_trade_no": trade.number,
        "buyer_user_id": "2088000000000000",
        "total_amount": alipay_wire.yuan(trade.amount),
        "receipt_amount": alipay_wire.yuan(trade.amount),
    }


def _paying(trade: Trade, now_ms: int) -> Spoken:
    if trade.state == "entering":
        content = {"code": "10003", "msg": "order success pay inprocess", **_trade(trade)}
        return Spoken(status=200, content=content)
    return _done({**_trade(trade), "gmt_payment": _when(now_ms)})


def _cancelled(number: str, trade: Trade | None) -> Spoken:
    content: Content = {"out_trade_no": number, "retry_flag": "N"}
    if trade is not None:
        content |= {
            "trade_no": trade.provider_number,
            "action": "refund" if trade.state == "reversed" else "close",
        }
    return _done(content)


def _refund(given: GivenBack) -> Content:
    return {
        "trade_no": given.trade.provider_number,
        "out_trade_no": given.trade.number,
        "out_request_no": given.number,
        "total_amount": alipay_wire.yuan(given.trade.amount),
        "refund_amount": alipay_wire.yuan(given.amount),
        "refund_status": "REFUND_SUCCESS",
    }


def _done(content: Content) -> Spoken:
    return Spoken(status=200, content={"code": "10000", "msg": "Success", **content})


def _failed(sub_code: str) -> Spoken:
    content = {"code": "40004", "msg": "Business Failed", "sub_code": sub_code, "sub_msg": "模拟器"}
    return Spoken(status=200, content=content)


def _gateway(code: str, sub_code: str, *, is_signed: bool = False) -> Spoken:
    content = {"code": code, "msg": "Invalid Arguments", "sub_code": sub_code, "sub_msg": "模拟器"}
    return Spoken(status=200, content=content, is_signed=is_signed)


def _parameters(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))


def _object(text: str) -> Content:
    try:
        read = msgspec.json.decode(text)
    except msgspec.DecodeError:
        read = None
    if not isinstance(read, dict):
        raise Rejected(_failed("ACQ.INVALID_PARAMETER"))
    return read


def _when(now_ms: int) -> str:
    local = datetime.fromtimestamp(now_ms // 1000, UTC) + timedelta(hours=8)
    return local.strftime("%Y-%m-%d %H:%M:%S")
