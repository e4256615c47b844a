"""Which codes are a wallet's, as a person types it: what they begin with, and how many digits they have.

Decides how a rule is written and read. Qt-free.
"""

import re

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.payments.settings import WalletRule
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.barcode import fold

_DIGITS = re.compile(r"(\d{1,2})(?:\s*[-–~]\s*(\d{1,2}))?")
Rules = tuple[WalletRule, ...]


def prefixes_text(rules: Rules, kind: TenderKind) -> str:
    """Return what a wallet's codes begin with: "10 11 12"; empty when there is no rule for it."""
    rule = _rule_of(rules, kind)
    return " ".join(rule.prefixes) if rule else ""


def digits_text(rules: Rules, kind: TenderKind) -> str:
    """Return how many digits a wallet's codes have: "18" or "16-24"."""
    rule = _rule_of(rules, kind)
    if rule is None:
        return ""
    return str(rule.shortest) if rule.shortest == rule.longest else f"{rule.shortest}-{rule.longest}"


def read_rule(kind: TenderKind, prefixes: str, digits: str) -> WalletRule:
    """Return the rule that was typed; raise InvalidValueError whose field is the wallet's "…_prefixes" or "…_digits".

    8 to 32 digits, and beginnings no longer than the code (`check_payment_settings` holds the same).
    """
    begins = tuple(dict.fromkeys(re.split(r"[\s,，、;；]+", fold(prefixes).strip())))
    if not all(begin.isascii() and begin.isdigit() for begin in begins):
        raise InvalidValueError(field=f"{kind}_prefixes", text=prefixes)
    found = _DIGITS.fullmatch(fold(digits).strip())
    if found is None:
        raise InvalidValueError(field=f"{kind}_digits", text=digits)
    shortest, longest = int(found[1]), int(found[2] or found[1])
    if not 8 <= shortest <= longest <= 32:
        raise InvalidValueError(field=f"{kind}_digits", text=digits)
    if any(len(begin) > shortest for begin in begins):
        raise InvalidValueError(field=f"{kind}_prefixes", text=prefixes)
    return WalletRule(provider=kind, prefixes=begins, shortest=shortest, longest=longest)


def with_rule(rules: Rules, rule: WalletRule) -> Rules:
    """Return the rules with this one in place of the wallet's own; the others stay as they are."""
    place = next((i for i, each in enumerate(rules) if each.provider is rule.provider), len(rules))
    kept = [each for each in rules if each.provider is not rule.provider]
    return (*kept[:place], rule, *kept[place:])


def _rule_of(rules: Rules, kind: TenderKind) -> WalletRule | None:
    return next((rule for rule in rules if rule.provider is kind), None)
