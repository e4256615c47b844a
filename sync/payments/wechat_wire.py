"""How WeChat Pay's API v3 signs: the texts that are signed, and the headers that carry signatures.

Decides nothing of payments; both the adapter and the simulator speak through it. Sources: https://wechatpay-api.gitbook.io/wechatpay-api-v3/qian-ming-zhi-nan-1
(signing of requests) and https://pay.weixin.qq.com/wiki/doc/apiv3/wechatpay/wechatpay4_1.shtml (checking of answers):
three or five lines, each ended by a line feed, an empty body being an empty line.
"""

import re

SCHEMA = "WECHATPAY2-SHA256-RSA2048"
SIGNATURE, SERIAL = "wechatpay-signature", "wechatpay-serial"
TIMESTAMP, NONCE = "wechatpay-timestamp", "wechatpay-nonce"
OLDEST_S = 300
"""Seconds that a clock may be off: the wallet refuses older requests, and the merchant has to refuse older answers."""
_PARTS = re.compile(r'(\w+)="([^"]*)"')


def request_text(method: str, path: str, timestamp: str, nonce: str, body: bytes) -> bytes:
    """Return what signs a request; `path` with its query."""
    return f"{method}\n{path}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"


def answer_text(timestamp: str, nonce: str, body: bytes) -> bytes:
    """Return what signs an answer."""
    return f"{timestamp}\n{nonce}\n".encode() + body + b"\n"


def authorization(parts: dict[str, str]) -> str:
    """Return the header Authorization of a request."""
    return SCHEMA + " " + ",".join(f'{name}="{value}"' for name, value in parts.items())


def authorization_parts(header: str) -> dict[str, str]:
    """Return what a header Authorization says; empty when it is of another kind."""
    schema, _, rest = header.partition(" ")
    return dict(_PARTS.findall(rest)) if schema == SCHEMA else {}
