"""Finding goods by what is typed, among a million.

What few match is gathered and sorted; of what many match the first keys in order are shown, so that no question reads
more than some thousand entries. Decides which of the two; what matches is `domain.catalogue.keys`.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, text

from pos_app.domain.catalogue import Found
from pos_app.domain.catalogue.keys import LEAST_CODE, asked_key
from pos_app.domain.values.barcode import candidates, fold
from pos_app.domain.values.ids import VariantId
from pos_app.persistence.base import to_id
from pos_app.persistence.catalogue.rows import piece_of, variant_decoder
from pos_app.persistence.imports import Pending
from pos_app.persistence.prepared import Prepared
from pos_app.services.ports.goods import COUNTED, Hits

_HIGHEST = "\U0010ffff"
_LIVE = "since <> :hidden AND until IN (0, :hidden)"
_KEYS = Prepared(
    text("SELECT no FROM product_key WHERE key >= :low AND key < :high ORDER BY key, no LIMIT :most")
)
_DISTINCT = Prepared(
    text("SELECT DISTINCT no FROM product_key WHERE key >= :low AND key < :high LIMIT :most")
)
# What an import replaced keeps its barcodes until the next one, so that it can be taken back.
_COUNT = Prepared(
    text(
        "SELECT count(*) FROM"
        " (SELECT DISTINCT no FROM product_key WHERE key >= :low AND key < :high LIMIT :most) AS found"
    )
)
_RANKED = Prepared(
    text(
        "SELECT v.no FROM (SELECT DISTINCT no FROM product_key WHERE key >= :low AND key < :high LIMIT :most) AS found"
        f" CROSS JOIN variant AS v ON v.no = found.no WHERE v.{_LIVE.replace('until', 'v.until')}"
        " ORDER BY length(v.name), v.name, v.code LIMIT :wanted"
    )
)
_BARCODES = Prepared(
    text(
        "SELECT b.no FROM barcode AS b CROSS JOIN variant AS v ON v.no = b.no WHERE b.code >= :low"
        " AND b.code < :high AND v.since <> :hidden AND v.until IN (0, :hidden) LIMIT :most"
    )
)
_PIECES = tuple(
    Prepared(
        text(
            f"SELECT v.no, p.code, p.certificate, p.body, p.state FROM piece AS p INDEXED BY ix_piece_{column}"
            " CROSS JOIN variant AS v ON v.variant_id = p.variant_id"
            f" WHERE p.{column} >= :low AND p.{column} < :high"
            " AND p.since <> :hidden AND p.until IN (0, :hidden)"
            " AND v.since <> :hidden AND v.until IN (0, :hidden) LIMIT :most"
        )
    )
    for column in ("code", "certificate")
)


class Search:
    """The questions of one transaction."""

    def __init__(self, connection: Connection, versions: Pending) -> None:
        self._connection = connection
        self._hidden = versions.hidden
        self._exact = not versions.under_way

    def find(self, typed: str, limit: int) -> Hits:
        """Return the goods that a text finds: pieces named whole first, then by key."""
        pieces, numbers = self._by_code(fold(typed).strip())
        key = asked_key(typed)
        counted = COUNTED + 1
        if not numbers and self._exact:
            return self._by_key(key, limit)
        found = list(dict.fromkeys([*numbers, *(self._run(_DISTINCT, key, counted) if key else ())]))
        if len(found) < counted:
            rows = self._ranked(found, limit)
            total = len(found) if self._exact else self._count(found)
        else:
            first = self._first_keys(key, limit) if key else []
            rows = self._in_order(list(dict.fromkeys([*numbers, *first])), limit)
            total = counted
        whole = {piece.variant.variant_id for piece in pieces}
        rest = [v for v in map(variant_decoder.decode, rows) if v.variant_id not in whole]
        return Hits(
            (*pieces, *(Found(variant=v) for v in rest))[:limit], min(total + self._more(pieces), counted)
        )

    def _by_key(self, key: str, limit: int) -> Hits:
        """Return the goods that a key finds; counted and sorted by the database, which is four times as fast."""
        if not key:
            return Hits((), 0)
        asked = {"low": key, "high": key + _HIGHEST, "most": COUNTED + 1}
        total = _COUNT.run(self._connection, **asked).scalar_one()
        if total > COUNTED:
            numbers = self._first_keys(key, limit)
        else:
            ranked = _RANKED.run(self._connection, **asked, wanted=limit, hidden=self._hidden)
            numbers = list(ranked.scalars().all())
        bodies = self._in_order(numbers, limit)
        return Hits(tuple(Found(variant=variant_decoder.decode(body)) for body in bodies), total)

    def every(self, typed: str) -> list[VariantId]:
        """Return all goods that a text finds, in no order, however many they are."""
        _, numbers = self._by_code(fold(typed).strip(), _ALL)
        key = asked_key(typed)
        found = dict.fromkeys([*numbers, *(self._run(_DISTINCT, key, _ALL) if key else ())])
        every, ids = list(found), []
        for start in range(0, len(every), _CHUNK):
            ids += [row[0] for row in self._rows(every[start : start + _CHUNK], "variant_id")]
        return [VariantId(to_id(each)) for each in dict.fromkeys(ids)]

    @staticmethod
    def _more(pieces: tuple[Found, ...]) -> int:
        """Return by how much rows exceed goods: several pieces of one variant stand in rows of their own."""
        return len(pieces) - len({piece.variant.variant_id for piece in pieces})

    def _run(self, statement: Prepared, low: str, most: int) -> list[int]:
        done = statement.run(self._connection, low=low, high=low + _HIGHEST, most=most, hidden=self._hidden)
        return list(done.scalars().all())

    def _by_code(self, code: str, most: int = COUNTED + 1) -> tuple[tuple[Found, ...], list[int]]:
        """Return pieces whose code or certificate is this as a whole, and the numbers of goods whose codes begin so."""
        if len(code) < LEAST_CODE or " " in code:
            return (), []
        whole: dict[str, Found] = {}
        numbers: dict[int, None] = {}
        for form in dict.fromkeys((code, *candidates(code))):
            numbers |= dict.fromkeys(self._run(_BARCODES, form, most))
        for form in dict.fromkeys((code, code.upper())):
            for statement in _PIECES:
                done = statement.run(
                    self._connection, low=form, high=form + _HIGHEST, hidden=self._hidden, most=most
                )
                for row in done:
                    numbers[row.no] = None
                    if form in (row.code, row.certificate):
                        whole[row.code] = self._piece(row)
        return tuple(whole[code] for code in sorted(whole)), list(numbers)

    def _piece(self, row: Row[Any]) -> Found:
        body = self._rows([row.no], "body")[0][0]
        return Found(variant=variant_decoder.decode(body), piece=piece_of(row.body, row.state))

    def _first_keys(self, key: str, limit: int) -> list[int]:
        """Return the numbers of the first keys in their order; goods stand under several."""
        most, found = limit * 4, []
        while True:
            found = list(dict.fromkeys(rows := self._run(_KEYS, key, most)))
            if len(found) >= limit or len(rows) < most:
                return found
            most *= 4

    def _ranked(self, numbers: list[int], limit: int) -> list[bytes]:
        """Return the bodies of the first goods by length of name, name, code."""
        rows: list[Any] = []
        for start in range(0, len(numbers), _CHUNK):
            rows += self._rows(numbers[start : start + _CHUNK], "length(name), name, code, no")
        rows.sort(key=lambda r: tuple(r))
        return self._in_order([row[3] for row in rows[:limit]], limit)

    def _in_order(self, numbers: list[int], limit: int) -> list[bytes]:
        """Return the bodies of the first numbers that are versions that count; no more are read than that takes."""
        found: list[bytes] = []
        for start in range(0, len(numbers), limit):
            part = numbers[start : start + limit]
            bodies = {row[0]: row[1] for row in self._rows(part, "no, body")}
            found += [bodies[no] for no in part if no in bodies]
            if len(found) >= limit:
                break
        return found[:limit]

    def _count(self, numbers: list[int]) -> int:
        """Return how many of the numbers are versions that count."""
        return sum(
            len(self._rows(numbers[start : start + _CHUNK], "no")) for start in range(0, len(numbers), _CHUNK)
        )

    def _rows(self, numbers: list[int], columns: str) -> list[Any]:
        size = next((s for s in _SIZES if s >= len(numbers)), len(numbers))
        named = {f"no{place}": no for place, no in enumerate(numbers)}
        # Numbers that fill the statement up to its size stand for no row.
        named |= {f"no{place}": -1 for place in range(len(numbers), size)}
        return list(_numbered(size, columns).run(self._connection, **named, hidden=self._hidden).all())


_ALL = -1
"""A limit that is none."""
_CHUNK = 500
_SIZES = (1, 10, 50, 200, _CHUNK)


@lru_cache(maxsize=32)
def _numbered(size: int, columns: str) -> Prepared:
    names = ", ".join(f":no{place}" for place in range(size))
    return Prepared(text(f"SELECT {columns} FROM variant WHERE no IN ({names}) AND {_LIVE}"))
