"""The text in a receipt's QR code: which sale it is of, and the till's signature that it is so.

Decides the form of the text, what is signed, whose keys count and from when to when; it reads no books and holds no
private key. Version 1 is three parts with dots between, all in capitals and digits, so that a QR code holds them in its
alphanumeric mode (ISO/IEC 18004) and a scanner that types them needs no other key:

    SK1 . receipt number . base32 (RFC 4648, without padding) of what follows, numbers big-endian

sale id 16 · hash of lines and tenders 16 · key id 6 · time of sale 4 (seconds since 1970) · business day 2 (days since
1970-01-01) · currency 3 · total 6 (minor units, signed) · check 4 · Ed25519 signature 64 (RFC 8032) bytes. The check
tells a text that was changed or misread from one that somebody else signed.
"""

import hashlib
import re
from base64 import b32decode, b32encode
from binascii import Error as NotBase32
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.barcode import fold, strip_symbology
from pos_app.domain.values.ids import SaleId, ShopId, TillId
from pos_app.domain.values.moments import from_ms, to_ms
from pos_app.domain.values.money import Amount

VERSION = 1
HASH_BYTES, KEY_ID_BYTES, CHECK_BYTES, SIGNATURE_BYTES = 16, 6, 4, 64
_BODY_BYTES = 16 + HASH_BYTES + KEY_ID_BYTES + 4 + 2 + 3 + 6
_FIRST_DAY = date(1970, 1, 1)
_FORM = re.compile(r"SK(\d{1,4})\.(.+)", re.DOTALL)
_NUMBER = re.compile(r"[A-Z0-9-]{1,40}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_SIGNED = b"shuke receipt 1 "
_encode = msgspec.json.Encoder().encode
Fits = Callable[[bytes, bytes, bytes], bool]
"""From a public key, a message and a signature to whether they fit."""


class ReceiptCodeError(ExpectedError):
    """A receipt's code that is not believed; each reason is a class of its own."""

    code = "returns.error.code_malformed"


class MalformedReceiptCodeError(ReceiptCodeError):
    """It begins like a receipt's code, but is none: damaged, cut off, or made up."""


class NewerReceiptCodeError(ReceiptCodeError):
    """It was printed by a newer version of the program."""

    code = "returns.error.code_newer"


class AlteredReceiptError(ReceiptCodeError):
    """What it says was changed after it was signed, or was misread."""

    code = "returns.error.code_altered"


class ForgedReceiptError(ReceiptCodeError):
    """The signature is not that of the till which it names."""

    code = "returns.error.code_forged"


class ForeignReceiptError(ReceiptCodeError):
    """It was signed with a key of no till that is known here: another merchant's, or one never heard of."""

    code = "returns.error.code_foreign"


class WithdrawnKeyError(ReceiptCodeError):
    """The till was shut out, or signs with another key, since `day` (in UTC), before this sale."""

    code = "returns.error.code_withdrawn"


class ReceiptDiffersError(ReceiptCodeError):
    """The signature is right, but the sale of this id in the books is another one: one of the two was changed."""

    code = "returns.error.code_differs"


class ReceiptCode(msgspec.Struct, frozen=True, kw_only=True):
    """What a code says of a sale: `number` in capitals, `sold_at_s` in seconds since 1970, `total` in minor units."""

    sale_id: SaleId
    number: str
    lines_hash: bytes
    key_id: bytes
    sold_at_s: int
    business_date: date
    currency: str
    total: Amount


class KeySince(msgspec.Struct, frozen=True, array_like=True):
    """A public key of a till (Ed25519, 32 bytes) and from when it signs with it, in milliseconds since 1970."""

    key: bytes
    since_ms: int


class TillKeys(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A till of the merchant as others know it; `shut_at_ms` once it was shut out.

    Its keys stand in the order in which they took over, whatever its clock said: a key may come twice.
    """

    till: TillId
    code: str
    shop: ShopId
    shop_code: str = ""
    shop_name: str = ""
    keys: tuple[KeySince, ...] = ()
    shut_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Genuine:
    """A code whose signature is a till's; which."""

    code: ReceiptCode
    till: TillKeys


# -- what is signed --------------------------------------------------------------------------------------------


def lines_hash(sale: Sale) -> bytes:
    """Return what stands for lines and tenders: SHA-256 over their JSON as facts hold it, 16 bytes of it.

    Facts leave out what is at its default, so a later program with more fields finds the same bytes for an old sale.
    """
    return hashlib.sha256(_encode((sale.lines, sale.tenders))).digest()[:HASH_BYTES]


def key_id(public_key: bytes) -> bytes:
    """Return by what a code names the key that signed it."""
    return hashlib.sha256(public_key).digest()[:KEY_ID_BYTES]


def code_of(sale: Sale, public_key: bytes) -> ReceiptCode:
    """Return what the code of a sale says, when it is signed with a key."""
    return ReceiptCode(
        sale_id=sale.sale_id,
        number=sale.number.upper(),
        lines_hash=lines_hash(sale),
        key_id=key_id(public_key),
        sold_at_s=to_ms(sale.committed_at) // 1000,
        business_date=sale.business_date,
        currency=sale.currency,
        total=sale.total,
    )


def message_of(code: ReceiptCode) -> bytes:
    """Return the bytes that the till signs; raises OverflowError for days and moments from before 1970."""
    return _message(code.number, _body(code))


def text_of(code: ReceiptCode, signature: bytes) -> str:
    """Return the text for the QR code; the same sale and key give the same text for ever."""
    body = _body(code)
    check = hashlib.sha256(_message(code.number, body)).digest()[:CHECK_BYTES]
    return f"SK{VERSION}.{code.number}.{_base32(body + check + signature)}"


def _message(number: str, body: bytes) -> bytes:
    return _SIGNED + number.encode("ascii") + b"." + body


def _body(code: ReceiptCode) -> bytes:
    return (
        code.sale_id.bytes
        + code.lines_hash
        + code.key_id
        + code.sold_at_s.to_bytes(4, "big")
        + (code.business_date - _FIRST_DAY).days.to_bytes(2, "big")
        + code.currency.encode("ascii")
        + code.total.to_bytes(6, "big", signed=True)
    )


def _base32(plain: bytes) -> str:
    return b32encode(plain).decode("ascii").rstrip("=")


# -- reading and judging -----------------------------------------------------------------------------------------


def plain_of(scanned: str) -> str:
    """Return a scanned or typed text as codes are written: without marks of the scanner, in capitals."""
    return strip_symbology(fold(scanned)).upper()


def is_receipt_code(scanned: str) -> bool:
    """Whether a text begins like a receipt's code of any version, sound or not."""
    return _FORM.fullmatch(plain_of(scanned)) is not None


def read(scanned: str) -> tuple[ReceiptCode, bytes]:
    """Return what a code says, and its signature, without believing it.

    Raises NewerReceiptCodeError, MalformedReceiptCodeError, AlteredReceiptError.
    """
    form = _FORM.fullmatch(plain_of(scanned))
    if form is None:
        raise MalformedReceiptCodeError()
    if int(form[1]) > VERSION:
        raise NewerReceiptCodeError()
    number, _, packed = form[2].rpartition(".")
    plain = _unpacked(packed)
    if form[1] != str(VERSION) or not _NUMBER.fullmatch(number) or plain is None:
        raise MalformedReceiptCodeError()
    body, check = plain[:_BODY_BYTES], plain[_BODY_BYTES : _BODY_BYTES + CHECK_BYTES]
    if hashlib.sha256(_message(number, body)).digest()[:CHECK_BYTES] != check:
        raise AlteredReceiptError(number=number)
    return _read_body(number, body), plain[-SIGNATURE_BYTES:]


def _unpacked(packed: str) -> bytes | None:
    """Return the bytes of a text in base32; None unless it is the one way in which so many bytes are written."""
    try:
        plain = b32decode(packed + "=" * (-len(packed) % 8))
    except (NotBase32, ValueError):
        return None
    whole = _BODY_BYTES + CHECK_BYTES + SIGNATURE_BYTES
    return plain if len(plain) == whole and _base32(plain) == packed else None


def _read_body(number: str, body: bytes) -> ReceiptCode:
    parts = iter(_cut(body, (16, HASH_BYTES, KEY_ID_BYTES, 4, 2, 3, 6)))
    code = ReceiptCode(
        sale_id=SaleId(UUID(bytes=next(parts))),
        number=number,
        lines_hash=next(parts),
        key_id=next(parts),
        sold_at_s=int.from_bytes(next(parts), "big"),
        business_date=_FIRST_DAY + timedelta(days=int.from_bytes(next(parts), "big")),
        currency=next(parts).decode("ascii", "replace"),
        total=Amount(int.from_bytes(next(parts), "big", signed=True)),
    )
    if not _CURRENCY.fullmatch(code.currency):
        raise MalformedReceiptCodeError()
    return code


def _cut(plain: bytes, widths: Iterable[int]) -> Iterable[bytes]:
    for width in widths:
        yield plain[:width]
        plain = plain[width:]


def judge(scanned: str, tills: Iterable[TillKeys], fits: Fits) -> Genuine:
    """Return whose a code is, once its signature is found right; raise the ReceiptCodeError that says why not."""
    code, signature = read(scanned)
    signers = [(till, each.key) for till in tills for each in till.keys if key_id(each.key) == code.key_id]
    if not signers:
        raise ForeignReceiptError(number=code.number)
    message = message_of(code)
    good = [(till, key) for till, key in signers if fits(key, message, signature)]
    if not good:
        raise ForgedReceiptError(number=code.number)
    ends = [_withdrawn_at(till, key) for till, key in good]
    for (till, _key), end in zip(good, ends, strict=True):
        if end is None or code.sold_at_s * 1000 <= end:
            return Genuine(code, till)
    last = max(end for end in ends if end is not None)
    raise WithdrawnKeyError(number=code.number, day=from_ms(last).date())


def compare(code: ReceiptCode, sale: Sale) -> None:
    """Raise ReceiptDiffersError when the sale in the books is not what a genuine code says of it."""
    said = (code.number, code.lines_hash, code.business_date, code.currency, code.total)
    held = (sale.number.upper(), lines_hash(sale), sale.business_date, sale.currency, sale.total)
    if said != held:
        raise ReceiptDiffersError(number=code.number)


# -- keys ----------------------------------------------------------------------------------------------------------


def began_with(keys: tuple[KeySince, ...], key: bytes, since_ms: int) -> tuple[KeySince, ...]:
    """Return a till's keys with the one it was founded with in front; said twice, it changes nothing."""
    later = keys[1:] if keys and keys[0].key == key else keys
    return (KeySince(key, since_ms), *later)


def went_on_with(keys: tuple[KeySince, ...], key: bytes, since_ms: int) -> tuple[KeySince, ...]:
    """Return a till's keys with the one that took over from the last; the same key again is no change."""
    return keys if keys and keys[-1].key == key else (*keys, KeySince(key, since_ms))


def _withdrawn_at(till: TillKeys, key: bytes) -> int | None:
    """Return from when on a till's key counts no more, None for one that does.

    A sale may be older than its key: a reprint is signed with the key of its day.
    """
    latest = max(place for place, each in enumerate(till.keys) if each.key == key)
    later = till.keys[latest + 1 :]
    ends = [end for end in (later[0].since_ms if later else None, till.shut_at_ms) if end is not None]
    return min(ends, default=None)
