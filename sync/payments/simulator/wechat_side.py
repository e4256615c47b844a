"""WeChat Pay played: API v3 of the payment code, as `sync.payments.wechat` cites it.

Decides which words and status each outcome has on the wire.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from sync.payments import wechat_wire
from sync.payments.simulator.bank import Bank, GivenBack, Refusal, Trade, Wish
from sync.payments.simulator.sides import Asked, Content, Merchant, Rejected, Request, Sealed, Spoken

_TRADES, _REFUNDS = "/v3/pay/transactions", "/v3/refund/domestic/refunds"
_NUMBER = re.compile(r"[0-9A-Za-z_\-*]{1,32}")
_STATES = {
    "entering": "USERPAYING",
    "paid": "SUCCESS",
    "failed": "PAYERROR",
    "closed": "CLOSED",
    "reversed": "REVOKED",
}
_REFUSALS = {
    "code_expired": (400, "AUTHCODEEXPIRE"),
    "code_used": (400, "AUTH_CODE_INVALID"),
    "code_foreign": (400, "AUTH_CODE_INVALID"),
    "not_enough": (403, "NOT_ENOUGH"),
    "limit": (403, "RULE_LIMIT"),
    "order_paid": (400, "ORDER_PAID"),
    "order_used": (403, "OUT_TRADE_NO_USED"),
    "reversed": (400, "ORDER_REVERSED"),
    "no_trade": (404, "RESOURCE_NOT_EXISTS"),
    "refund_used": (400, "INVALID_REQUEST"),
    "refund_too_much": (400, "INVALID_REQUEST"),
}


class WechatSide:
    """The wallet for one merchant."""

    wallet = "wechat_pay"

    def __init__(self, merchant: Merchant) -> None:
        self._merchant = merchant

    def read(self, request: Request, now_ms: int) -> Asked:
        """Check signature, time and merchant, then what is asked."""
        self._check_signature(request, now_ms)
        where = urlsplit(request.path)
        body = _object(request.body) if request.body else {}
        if where.path == f"{_TRADES}/codepay" and request.method == "POST":
            return self._charge(body)
        if where.path.startswith(f"{_TRADES}/out-trade-no/"):
            number = unquote(where.path.removeprefix(f"{_TRADES}/out-trade-no/"))
            if request.method == "GET" and parse_qs(where.query).get("mchid") == [self._merchant.merchant_id]:
                return Asked(what="query", number=number)
            if request.method == "POST" and number.endswith("/reverse") and self._is_ours(body):
                return Asked(what="reverse", number=number.removesuffix("/reverse"))
        if where.path == _REFUNDS and request.method == "POST":
            return _refund_of(body)
        if where.path.startswith(f"{_REFUNDS}/") and request.method == "GET":
            refund_number = unquote(where.path.removeprefix(f"{_REFUNDS}/"))
            return Asked(what="query_refund", number="", refund_number=refund_number)
        raise Rejected(_error(400, "PARAM_ERROR"))

    def do(self, bank: Bank, asked: Asked, now_ms: int, off_by: int) -> Spoken:
        """Do what is asked."""
        try:
            return self._do(bank, asked, now_ms, off_by)
        except Refusal as refusal:
            return _error(*_REFUSALS[refusal.reason])

    def error(self, busy: bool) -> Spoken:
        """Say SYSTEM_ERROR, or FREQUENCY_LIMITED."""
        return _error(429, "FREQUENCY_LIMITED") if busy else _error(500, "SYSTEM_ERROR")

    def twist(self, spoken: Spoken, fault: str) -> Spoken:
        """Say something false."""
        content = dict(spoken.content)
        if fault == "other_order" and "out_trade_no" in content:
            content["out_trade_no"] = content["out_trade_no"][::-1] + "0"
        if fault == "misread" and isinstance(content.get("amount"), dict):
            amount = dict(content["amount"])
            name = "refund" if "refund" in amount else "total"
            amount[name] += 1
            content["amount"] = amount
        return Spoken(status=spoken.status, content=content, is_signed=spoken.is_signed)

    def again(self, asked: Asked) -> Spoken:
        """Say that the system has a fault: nothing was reversed."""
        return self.error(busy=False)

    def seal(self, request: Request, spoken: Spoken, now_ms: int, spoilt: bool) -> Sealed:
        """Write and sign it."""
        body = msgspec.json.encode(spoken.content)
        headers = [("Content-Type", "application/json; charset=utf-8")]
        if spoken.is_signed:
            timestamp, nonce = str(now_ms // 1000), f"{now_ms:032x}"
            signed = wechat_wire.answer_text(timestamp, nonce, body + (b" " if spoilt else b""))
            headers += [
                ("Wechatpay-Timestamp", timestamp),
                ("Wechatpay-Nonce", nonce),
                ("Wechatpay-Serial", self._merchant.provider_serial),
                ("Wechatpay-Signature", self._merchant.provider_key.sign(signed)),
            ]
        return Sealed(status=spoken.status, headers=tuple(headers), body=body)

    def _check_signature(self, request: Request, now_ms: int) -> None:
        parts = wechat_wire.authorization_parts(request.headers.get("authorization", ""))
        timestamp = parts.get("timestamp", "")
        text = wechat_wire.request_text(
            request.method, request.path, timestamp, parts.get("nonce_str", ""), request.body
        )
        is_fresh = timestamp.isdigit() and abs(now_ms // 1000 - int(timestamp)) <= wechat_wire.OLDEST_S
        is_ours = (parts.get("mchid"), parts.get("serial_no")) == (
            self._merchant.merchant_id,
            self._merchant.merchant_serial,
        )
        if not (is_fresh and is_ours and self._merchant.merchant_key.fits(text, parts.get("signature", ""))):
            raise Rejected(_error(401, "SIGN_ERROR", is_signed=False))

    def _is_ours(self, body: Content) -> bool:
        return (body.get("appid"), body.get("mchid")) == (self._merchant.app_id, self._merchant.merchant_id)

    def _charge(self, body: Content) -> Asked:
        if not self._is_ours(body):
            raise Rejected(_error(400, "APPID_MCHID_NOT_MATCH"))
        amount, payer, scene = body.get("amount"), body.get("payer"), body.get("scene_info")
        number, code = body.get("out_trade_no"), (payer or {}).get("auth_code")
        is_whole = (
            isinstance(amount, dict)
            and _is_amount(amount.get("total"))
            and amount.get("currency") == "CNY"
            and isinstance(scene, dict)
            and scene.get("device_ip")
            and isinstance(body.get("description"), str)
            and 0 < len(body["description"]) <= 127
        )
        if not (is_whole and isinstance(number, str) and _NUMBER.fullmatch(number) and isinstance(code, str)):
            raise Rejected(_error(400, "PARAM_ERROR"))
        assert isinstance(amount, dict)
        return Asked(what="charge", number=number, code=code, amount=amount["total"])

    def _do(self, bank: Bank, asked: Asked, now_ms: int, off_by: int) -> Spoken:
        if asked.what == "charge":
            wish = Wish(
                wallet=self.wallet,
                number=asked.number,
                code=asked.code,
                amount=asked.amount,
                off_by=off_by,
            )
            trade = bank.charge(wish, now_ms)
            if trade.state == "entering":
                return Spoken(status=202, content={"trade_state": "USERPAYING"})
            return Spoken(status=200, content=self._transaction(trade, now_ms))
        if asked.what == "query":
            found = bank.query(self.wallet, asked.number, now_ms)
            if found is None:
                return _error(404, "ORDER_NOT_EXIST")
            return Spoken(status=200, content=self._transaction(found, now_ms))
        if asked.what == "reverse":
            bank.reverse(self.wallet, asked.number, now_ms)
            names = {"appid": self._merchant.app_id, "mchid": self._merchant.merchant_id}
            return Spoken(status=200, content={**names, "out_trade_no": asked.number})
        if asked.what == "refund":
            given = bank.refund(self.wallet, asked.number, asked.refund_number, asked.amount, now_ms)
            return Spoken(status=200, content=_refund(given, now_ms))
        known = bank.query_refund(self.wallet, asked.refund_number)
        if known is None:
            return _error(404, "RESOURCE_NOT_EXISTS")
        return Spoken(status=200, content=_refund(known, now_ms))

    def _transaction(self, trade: Trade, now_ms: int) -> Content:
        state = "REFUND" if trade.state == "paid" and trade.given_back else _STATES[trade.state]
        content: Content = {
            "appid": self._merchant.app_id,
            "mchid": self._merchant.merchant_id,
            "out_trade_no": trade.number,
            "trade_state": state,
            "trade_state_desc": "支付成功" if state == "SUCCESS" else "订单状态",
        }
        if state in ("SUCCESS", "REFUND"):
            content |= {
                "transaction_id": trade.provider_number,
                "trade_type": "MICROPAY",
                "bank_type": "OTHERS",
                "success_time": _when(now_ms),
                "payer": {"openid": "oShukePlayed0000000000000000"},
                "amount": {
                    "total": trade.amount,
                    "payer_total": trade.amount,
                    "currency": "CNY",
                    "payer_currency": "CNY",
                },
            }
        return content


def _refund(given: GivenBack, now_ms: int) -> Content:
    return {
        "refund_id": given.provider_number,
        "out_refund_no": given.number,
        "transaction_id": given.trade.provider_number,
        "out_trade_no": given.trade.number,
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "success_time": _when(now_ms),
        "create_time": _when(now_ms),
        "status": "SUCCESS",
        "funds_account": "UNAVAILABLE",
        "amount": {
            "total": given.trade.amount,
            "refund": given.amount,
            "payer_total": given.trade.amount,
            "payer_refund": given.amount,
            "settlement_refund": given.amount,
            "settlement_total": given.trade.amount,
            "discount_refund": 0,
            "currency": "CNY",
        },
    }


def _refund_of(body: Content) -> Asked:
    amount = body.get("amount")
    numbers = body.get("out_trade_no"), body.get("out_refund_no")
    if not (
        isinstance(amount, dict) and _is_amount(amount.get("refund")) and _is_amount(amount.get("total"))
    ):
        raise Rejected(_error(400, "PARAM_ERROR"))
    if amount.get("currency") != "CNY" or not all(isinstance(each, str) and each for each in numbers):
        raise Rejected(_error(400, "PARAM_ERROR"))
    return Asked(what="refund", number=numbers[0], refund_number=numbers[1], amount=amount["refund"])  # type: ignore[arg-type]


def _is_amount(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _object(body: bytes) -> Content:
    try:
        read = msgspec.json.decode(body)
    except msgspec.DecodeError:
        read = None
    if not isinstance(read, dict):
        raise Rejected(_error(400, "PARAM_ERROR"))
    return read


def _error(status: int, code: str, *, is_signed: bool = True) -> Spoken:
    return Spoken(status=status, content={"code": code, "message": "模拟器"}, is_signed=is_signed)


def _when(now_ms: int) -> str:
    local = datetime.fromtimestamp(now_ms // 1000, UTC) + timedelta(hours=8)
    return local.strftime("%Y-%m-%dT%H:%M:%S+08:00")
