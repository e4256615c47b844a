"""What is made of an answer of a wallet: never more than it says for certain.

Decides that everything that cannot be read or does not fit is UNKNOWN, and which texts of a wallet may be shown.
"""

import re
from typing import Any

import msgspec

from pos_app.domain.payments import PaymentState
from pos_app.domain.values.money import Amount
from pos_app.services.ports.payments import PaymentAnswer
from sync.payments.wire import NoAnswer

Fields = dict[str, Any]
_A_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_A_NUMBER = re.compile(r"[A-Za-z0-9_*-]{1,64}")


def unknown(reason: str, amount: Amount | None = None, number: str | None = None) -> PaymentAnswer:
    """Return that money may have moved."""
    return PaymentAnswer(state=PaymentState.UNKNOWN, reason=reason, amount=amount, provider_number=number)


def refused(reason: str) -> PaymentAnswer:
    """Return that nothing was taken, and nothing will be."""
    return PaymentAnswer(state=PaymentState.REFUSED, reason=reason)


def object_of(body: bytes) -> Fields:
    """Return the JSON object of a body; raise NoAnswer for anything else."""
    try:
        read = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NoAnswer("not_json") from None
    if not isinstance(read, dict):
        raise NoAnswer("not_json")
    return read


def text_of(fields: Fields, name: str) -> str:
    """Return a text of an answer; empty where there is none."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def fields_of(fields: Fields, name: str) -> Fields:
    """Return an object inside an answer; empty where there is none."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def shown_code(code: str) -> str:
    """Return a wallet's own code if it is one: nothing that could be a text about a person is kept."""
    return code if _A_CODE.fullmatch(code) else "other"


def shown_number(number: str) -> str | None:
    """Return a wallet's number of a payment, None for what is none."""
    return number if _A_NUMBER.fullmatch(number) else None
