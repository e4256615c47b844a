"""How Alipay's gateway signs: the text of a request, and the very bytes of an answer that were signed.

Decides nothing of payments; both the adapter and the simulator speak through it. Sources:
get_sign_content of github.com/alipay/alipay-sdk-python-all (parameters sorted by name, joined with `&`, unescaped,
without `sign`); an answer's signature is over the text of its node as it was sent, so that it must never be written
anew (https://blog.csdn.net/zlxzlf88/article/details/53218036 tells what becomes of who does).
"""

from collections.abc import Mapping

PATH = "/gateway.do"
CHARSET = "utf-8"
_BLANKS = b" \t\r\n"


def request_text(parameters: Mapping[str, str]) -> bytes:
    """Return what signs a request."""
    named = sorted((name, value) for name, value in parameters.items() if name != "sign" and value)
    return "&".join(f"{name}={value}" for name, value in named).encode()


def node_name(method: str) -> str:
    """Return the name of the node that answers a method."""
    return method.replace(".", "_") + "_response"


def node_text(body: bytes, name: str) -> bytes:
    """Return the bytes of a node's object as they stand in an answer, from `{` to its `}`; empty where it has none.

    Only the first place counts at which the name is a key: the same text inside a string is none.
    """
    wanted = b'"' + name.encode() + b'"'
    place, depth = 0, 0
    while place < len(body):
        at = body[place : place + 1]
        if at == b'"':
            end = _string_end(body, place)
            if depth == 1 and body[place:end] == wanted and body[end:].lstrip(_BLANKS)[:1] == b":":
                return _object_after(body, end)
            place = end
            continue
        depth += (at in b"{[") - (at in b"}]")
        place += 1
    return b""


def _string_end(body: bytes, start: int) -> int:
    place = start + 1
    while place < len(body) and body[place : place + 1] != b'"':
        place += 2 if body[place : place + 1] == b"\\" else 1
    return place + 1


def _object_after(body: bytes, place: int) -> bytes:
    """Return the object after a key's colon."""
    while place < len(body) and body[place : place + 1] in b" \t\r\n:":
        place += 1
    if body[place : place + 1] != b"{":
        return b""
    start, depth = place, 0
    while place < len(body):
        at = body[place : place + 1]
        if at == b'"':
            place = _string_end(body, place)
            continue
        depth += (at == b"{") - (at == b"}")
        place += 1
        if depth == 0:
            return body[start:place]
    return b""


def yuan(amount: int) -> str:
    """Write fen as Alipay wants money: yuan with two places."""
    return f"{amount // 100}.{amount % 100:02d}"


def fen(text: str) -> int | None:
    """Read yuan as fen; None for what is no such amount."""
    whole, point, part = text.partition(".")
    if not (text.isascii() and whole.isdigit() and len(whole) <= 9 and len(part) <= 2):
        return None
    if point and not part.isdigit():
        return None
    return int(whole) * 100 + int(part.ljust(2, "0") or "0")
