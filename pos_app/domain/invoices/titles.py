"""What a customer gives for an invoice: the title, and where it goes.

Decides which fields each kind of title needs and how long they may be. Lengths are bytes in GB18030, two a Chinese
character: those of the fields of the tax bureau's interface for issuing (GFMC 100; GFDZDH, address and phone, 100;
GFYHZH, bank and account, 100). Every fault is told at once, each by its field.
"""

import re
from collections.abc import Callable, Mapping

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.invoices import TitleKind
from pos_app.domain.invoices.tax_numbers import tax_number
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.phone import PhoneError, normalise

LONGEST_BYTES = 100
"""Of a title, an address with its phone, a bank with its account; two bytes a Chinese character."""
LONGEST_EMAIL = 254
"""Source: RFC 5321 4.5.3.1.3, less the two angle brackets."""
PRIVATE = "个人"
"""The title of an invoice to a private person who gives no name."""
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_ACCOUNT = re.compile(r"[0-9A-Z]{6,34}")


class TitleMissingError(ExpectedError):
    """A company's invoice needs its name."""

    code = "invoices.error.title_missing"


class TextTooLongError(ExpectedError):
    """A text has `bytes` bytes in GB18030, more than `most`."""

    code = "invoices.error.too_long"


class EmailError(ExpectedError):
    """The text is no e-mail address."""

    code = "invoices.error.email"


class InvoicePhoneError(ExpectedError):
    """The text is no phone number."""

    code = "invoices.error.phone"


class NowhereToSendError(ExpectedError):
    """A person's invoice needs an e-mail address or a phone number to be sent to.

    A company's reaches it by its tax number, in its account at the tax office (国家税务总局公告2024年第11号).
    """

    code = "invoices.error.nowhere"


class AccountError(ExpectedError):
    """The text is no bank account number."""

    code = "invoices.error.account"


class TitleError(ExpectedError):
    """Some fields cannot be taken as they stand; `faults` has the error of each."""

    code = "invoices.error.fields"

    def __init__(self, faults: Mapping[str, ExpectedError]) -> None:
        super().__init__(fields=", ".join(faults))
        self.faults = dict(faults)


class InvoiceTitle(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an invoice is made out to and where it goes; None is not given. `phone` is E.164."""

    kind: TitleKind
    title: str
    tax_number: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    bank: str | None = None
    account: str | None = None


def checked(given: InvoiceTitle, region: str = "CN") -> InvoiceTitle:
    """Return a title as it can be asked with: folded, each field valid, nothing that its kind does not have.

    `region` is the shop's country, for phone numbers. Raises TitleError with every fault.
    """
    faults: dict[str, ExpectedError] = {}
    company = given.kind is TitleKind.COMPANY

    def take(name: str, read: Callable[[str], str | None], text: str | None) -> str | None:
        try:
            return read(text or "")
        except ExpectedError as error:
            faults[name] = error
            return None

    title = take("title", _company_title if company else _person_title, given.title)
    made = InvoiceTitle(
        kind=given.kind,
        title=title or "",
        tax_number=take("tax_number", tax_number, given.tax_number) if company else None,
        email=take("email", _email, given.email),
        phone=take("phone", lambda text: _phone(text, region), given.phone),
        address=take("address", _text, given.address) if company else None,
        bank=take("bank", _text, given.bank) if company else None,
        account=take("account", _account, given.account) if company else None,
    )
    if not company and not (given.email or "").strip() and not (given.phone or "").strip():
        faults["phone"] = NowhereToSendError()
    if "bank" not in faults and "account" not in faults:
        take("bank", _text, " ".join(filter(None, (made.bank, made.account))))
    if faults:
        raise TitleError(faults)
    return made


def _text(text: str) -> str | None:
    """Return a text on one line, None for an empty one. Raises TextTooLongError."""
    line = " ".join(text.split())
    size = len(line.encode("gb18030", errors="replace"))
    if size > LONGEST_BYTES:
        raise TextTooLongError(bytes=size, most=LONGEST_BYTES)
    return line or None


def _company_title(text: str) -> str:
    title = _text(text)
    if title is None:
        raise TitleMissingError()
    return title


def _person_title(text: str) -> str:
    return _text(text) or PRIVATE


def _email(text: str) -> str | None:
    email = fold(text).replace("。", ".")
    if not email:
        return None
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        raise EmailError()
    return email


def _phone(text: str, region: str) -> str | None:
    if not text.strip():
        return None
    try:
        return normalise(text, region)
    except PhoneError:
        raise InvoicePhoneError() from None


def _account(text: str) -> str | None:
    account = re.sub(r"[\s-]", "", fold(text)).upper()
    if not account:
        return None
    if not _ACCOUNT.fullmatch(account):
        raise AccountError()
    return account
