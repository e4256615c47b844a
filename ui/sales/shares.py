"""Who sold: codes of salespeople with shares, as typed: `05`, `05 04`, `05=60 04=40`.

Decides the grammar and that shares are whole per cent which sum to 100 (DESIGN.md §6a).
"""

from collections.abc import Mapping

from pos_app.domain.errors import ExpectedError
from pos_app.domain.values.barcode import fold

MOST = 3


class SharesError(ExpectedError):
    """The salespeople cannot be taken as typed."""

    code = "sales.error.shares"


class SalespersonUnknownError(SharesError):
    """Nobody has this code; `text` shows it."""

    code = "sales.error.salesperson_unknown"


def read_shares(text: str, known: Mapping[str, str]) -> dict[str, int]:
    """Read one to three codes with their shares in per cent; without shares they are equal, the first has the rest.

    Raises SalespersonUnknownError, or SharesError when a code stands twice, there are more than three, only some
    have a share, or the shares are not 100 in all.
    """
    given: dict[str, int | None] = {}
    for word in fold(text).replace(",", " ").replace("，", " ").replace("、", " ").split():
        code, sign, share = word.replace(":", "=").partition("=")
        if code not in known:
            raise SalespersonUnknownError(text=code)
        percent = int(share) if share.isascii() and share.isdigit() and len(share) < 4 else None
        if code in given or (sign and not percent):
            raise SharesError()
        given[code] = percent
    if not 1 <= len(given) <= MOST:
        raise SharesError()
    return _whole(given)


def _whole(given: Mapping[str, int | None]) -> dict[str, int]:
    named = {code: percent for code, percent in given.items() if percent is not None}
    if not named:
        each = 100 // len(given)
        first, *rest = given
        return {first: 100 - each * len(rest), **dict.fromkeys(rest, each)}
    if len(named) != len(given) or sum(named.values()) != 100:
        raise SharesError()
    return named
