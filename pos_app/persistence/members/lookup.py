"""Finding members by what is typed, among a million, in the order of their last visits.

A question that few match is answered by gathering them from the search keys and sorting them. One that many match is
answered by walking the members in the order of rank until the page is full. Decides which of the two, and how far a
walk goes; what matches is `domain.search`.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, text

from pos_app.domain.search import MAX_KEY, asked, needle, whole_keys
from pos_app.persistence.imports import Pending
from pos_app.persistence.members.rows import MemberRow, member_of, profile_of
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.settings import SqlSettings
from pos_app.services.ports.people import Listing

COUNTED = 1_000
"""How far members are counted: beyond, a list says "1,000+"."""
GATHERED = 3_000
"""Keys up to which those who match are gathered and sorted, at some 1.5 µs each. Among 1,000,000 members more keys
than these fill a page of 50 in a walk of 17,000 entries at some 0.3 µs each, which is as quick."""
WALKED = 40_000
"""Entries that a walk reads before it gives up: the matches then stand together among those long not seen."""
_HIGHEST = "\U0010ffff"
_LIVE = "since <> :hidden AND until IN (0, :hidden)"
_BY_RANK = "ORDER BY seen_here_at DESC, seen_at DESC, no DESC"
# A walk names a bound that all rows keep, so that a plan shows what it is: a way along the key that ends when told.
_WALK = f"FROM member_walk WHERE seen_here_at >= 0 AND {_LIVE} {_BY_RANK}"
_EVERYBODY = Prepared(text(f"SELECT seen_here_at, seen_at, no {_WALK} LIMIT :most OFFSET :skipped"))
_MATCHING = Prepared(
    text(
        "SELECT seen_here_at, seen_at, no FROM"
        f" (SELECT seen_here_at, seen_at, no, search {_WALK} LIMIT :steps) AS walked"
        " WHERE instr(search, :needle) > 0 LIMIT :most"
    )
)
_COUNTED = Prepared(
    text(
        "SELECT count(*) FROM"
        " (SELECT DISTINCT no FROM member_search WHERE key >= :low AND key < :high LIMIT :most) AS found"
    )
)
_FROM_KEYS = (
    "FROM member_search AS s CROSS JOIN member AS m ON m.no = s.no WHERE s.key >= :low AND s.key < :high"
    " AND m.since <> :hidden AND m.until IN (0, :hidden) AND instr(m.search, :needle) > 0"
)
_COUNTED_CHECKED = Prepared(
    text(f"SELECT count(*) FROM (SELECT DISTINCT s.no {_FROM_KEYS} LIMIT :most) AS found")
)
_KEYS = Prepared(
    text(
        "SELECT count(*) FROM"
        " (SELECT 1 FROM member_search WHERE key >= :low AND key < :high LIMIT :most) AS found"
    )
)
_RANKED = Prepared(
    text(
        "SELECT r.seen_here_at, r.seen_at, r.no FROM member_search AS s CROSS JOIN member_rank AS r ON r.no = s.no"
        " WHERE s.key >= :low AND s.key < :high"
        " ORDER BY r.seen_here_at DESC, r.seen_at DESC, r.no DESC LIMIT :most"
    )
)
_RANKED_CHECKED = Prepared(
    text(
        f"SELECT DISTINCT m.seen_here_at, m.seen_at, m.no {_FROM_KEYS}"
        " ORDER BY m.seen_here_at DESC, m.seen_at DESC, m.no DESC LIMIT :most"
    )
)
_OF_KEY = (
    "SELECT m.* FROM member_key AS k CROSS JOIN member AS m ON m.no = k.no WHERE k.kind = :{0}"
    " AND k.value = :{1} AND m.since <> :hidden AND m.until IN (0, :hidden) AND m.body IS NOT NULL"
)
_BY_KEY = Prepared(text(_OF_KEY.format("kind", "value")))

Rank = tuple[int, int, int]
"""Last visit here, last visit anywhere, number: greater is before smaller."""


class LookUp:
    """Look-ups of one transaction."""

    def __init__(self, connection: Connection, versions: Pending) -> None:
        self._connection = connection
        self._versions = versions
        self._hidden = versions.hidden

    def of_key(self, kind: str, value: str) -> list[Row[Any]]:
        """Return the rows of members with a key, in no order."""
        return list(_BY_KEY.run(self._connection, kind=kind, value=value, hidden=self._hidden))

    def find(self, typed: str, limit: int, offset: int) -> Listing:
        """Return a page of the members that a text finds."""
        if not typed.strip():
            return self._everybody(limit, offset)
        whole = self._whole(typed)
        question = asked(typed)
        if not question:
            return self._page([_rank(row) for row in whole], len(whole), (limit, offset))
        params = self._range(question)
        # No key belongs to a version that does not count, unless an import is under way.
        exact = not self._versions.under_way and len(question) <= MAX_KEY
        count = _COUNTED if exact else _COUNTED_CHECKED
        counted: int = count.run(self._connection, **params, most=COUNTED + 1).scalar_one()
        wanted = limit + offset
        ranks = self._walked(params, wanted) if counted > COUNTED and self._is_broad(params) else None
        if ranks is None:
            ranks = self._gathered(params, wanted, exact=exact)
        apart = sum(params["needle"] not in row.search for row in whole)
        return self._page([*ranks, *map(_rank, whole)], counted + apart, (limit, offset))

    def _range(self, question: str) -> dict[str, Any]:
        low = question[:MAX_KEY]
        return {
            "low": low,
            "high": low + _HIGHEST,
            "hidden": self._hidden,
            "needle": needle(question),
        }

    def _is_broad(self, params: dict[str, Any]) -> bool:
        keys: int = _KEYS.run(self._connection, **params, most=GATHERED + 1).scalar_one()
        return keys > GATHERED

    def _walked(self, params: dict[str, Any], wanted: int) -> list[Rank] | None:
        """Return the first who match in the order of rank; None when a walk meets too few of them."""
        steps = max(WALKED, wanted * 400)
        found = [_rank(row) for row in _MATCHING.run(self._connection, **params, steps=steps, most=wanted)]
        return found if len(found) == wanted else None

    def _gathered(self, params: dict[str, Any], wanted: int, *, exact: bool) -> list[Rank]:
        """Return the first who match, gathered from the keys and sorted."""
        if exact:
            # Telling them apart here is quicker than there; hardly any matches by three of her keys.
            most = wanted * 3
            found = [_rank(row) for row in _RANKED.run(self._connection, **params, most=most)]
            apart = list(dict.fromkeys(found))
            if len(apart) >= wanted or len(found) < most:
                return apart
        return [_rank(row) for row in _RANKED_CHECKED.run(self._connection, **params, most=wanted)]

    def _everybody(self, limit: int, offset: int) -> Listing:
        most = max(limit + offset, COUNTED + 1)
        found = _EVERYBODY.run(self._connection, hidden=self._hidden, most=most, skipped=0)
        ranks = [_rank(row) for row in found]
        return self._page(ranks, len(ranks), (limit, offset))

    def _whole(self, typed: str) -> list[Row[Any]]:
        """Return the rows of members one of whose keys the text is as a whole."""
        settings = SqlSettings(self._connection).load() if typed.strip()[:1] in "0+０＋" else None
        keys = whole_keys(typed, settings.region if settings else "CN")
        if not keys:
            return []
        params = {name: word for n, key in enumerate(keys) for name, word in zip(_names(n), key, strict=True)}
        rows = _by_any(len(keys)).run(self._connection, **params, hidden=self._hidden)
        return [row for row in rows if not all(is_refused(row, *key) for key in _had(row, keys))]

    def _page(self, ranks: list[Rank], total: int, page: tuple[int, int]) -> Listing:
        """Return the members of some of the ranks, which may come in any order and more than once."""
        limit, offset = page
        numbers = [rank[2] for rank in sorted(set(ranks), reverse=True)[offset : offset + limit]]
        found = {}
        if numbers:
            numbered = {f"no{place}": no for place, no in enumerate(numbers)}
            found = {row.no: row for row in _rows(len(numbers)).run(self._connection, **numbered)}
        return Listing(
            members=tuple(member_of(found[no]) for no in numbers),
            total=min(total, COUNTED),
            capped=total > COUNTED,
        )


def _rank(row: Any) -> Rank:
    return row.seen_here_at, row.seen_at, row.no


def is_refused(row: Row[Any], kind: str, value: str) -> bool:
    """Whether a key of a member is a card that was replaced and is refused."""
    keys = profile_of(row.body).keys
    return any(k.kind.value == kind and k.value == value and k.replaced == "refused" for k in keys)


def _had(row: Row[Any], keys: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return which of some keys a member has."""
    return [key for k in profile_of(row.body).keys if (key := (k.kind.value, k.value)) in keys]


def _names(place: int) -> tuple[str, str]:
    return f"kind{place}", f"value{place}"


@lru_cache(maxsize=8)
def _by_any(count: int) -> Prepared:
    """Return the statement for members with any of some keys: one trip to the database instead of `count`."""
    return Prepared(text(" UNION ".join(_OF_KEY.format(*_names(place)) for place in range(count))))


@lru_cache(maxsize=128)
def _rows(count: int) -> Prepared:
    table = MemberRow.__table__
    return Prepared(select(table).where(table.c.no.in_([bindparam(f"no{place}") for place in range(count)])))
