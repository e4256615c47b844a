"""Goods in lists: searched, browsed in the order of their codes, counted, by category.

Decides which index answers; what a text finds is `search`.
"""

from collections.abc import Sequence

from sqlalchemy import text

from pos_app.domain.catalogue import Variant
from pos_app.domain.values.ids import VariantId
from pos_app.persistence.base import to_id
from pos_app.persistence.catalogue.part import Part
from pos_app.persistence.catalogue.rows import variant_decoder
from pos_app.persistence.catalogue.search import Search
from pos_app.persistence.prepared import Prepared
from pos_app.services.ports.goods import Hits

_LIVE = "since <> :hidden AND until IN (0, :hidden)"
_BROWSE = Prepared(
    text(f"SELECT body FROM variant WHERE code > :after AND {_LIVE} ORDER BY code LIMIT :most")
)
_BROWSE_CATEGORY = Prepared(
    text(
        f"SELECT body FROM variant WHERE category = :category AND code > :after AND {_LIVE}"
        " ORDER BY code LIMIT :most"
    )
)
# A count names a bound that all rows keep, so that its plan shows a way along an index that holds all it asks.
_COUNT = Prepared(
    text(f"SELECT count(*) FROM variant INDEXED BY ix_variant_code WHERE code >= '' AND {_LIVE}")
)
_COUNT_CATEGORY = Prepared(text(f"SELECT count(*) FROM variant WHERE category = :category AND {_LIVE}"))
_OF_CATEGORY = Prepared(
    text(f"SELECT variant_id FROM variant WHERE category = :category AND {_LIVE} ORDER BY code")
)
_NEXT_CATEGORY = Prepared(text("SELECT min(category) FROM variant WHERE category > :after"))


class Listing(Part):
    """The lists of goods of one transaction."""

    def search(self, text: str, limit: int) -> Hits:
        """Return goods by name, part of it, pinyin, initials, code, attribute, barcode or certificate."""
        return Search(self._connection, self._pending).find(text, limit)

    def selected(self, text: str | None, category: str | None) -> Sequence[VariantId]:
        """Return all goods that a text finds, or without one all of a category; without both none."""
        if text is not None:
            return Search(self._connection, self._pending).every(text)
        hidden = self._pending.hidden
        ids = _OF_CATEGORY.run(self._connection, category=category, hidden=hidden).scalars()
        return [VariantId(to_id(each)) for each in ids]

    def browse(self, after: str, limit: int, category: str | None = None) -> Sequence[Variant]:
        """Return variants in code order after a code, of one category where it is given."""
        asked = {"after": after, "most": limit, "hidden": self._pending.hidden}
        if category is None:
            rows = _BROWSE.run(self._connection, **asked)
        else:
            rows = _BROWSE_CATEGORY.run(self._connection, **asked, category=category)
        return [variant_decoder.decode(body) for body in rows.scalars()]

    def count(self, category: str | None = None) -> int:
        """Return how many variants there are, of one category where it is given; walks an index."""
        hidden = self._pending.hidden
        if category is None:
            count: int = _COUNT.run(self._connection, hidden=hidden).scalar_one()
            return count
        return int(_COUNT_CATEGORY.run(self._connection, hidden=hidden, category=category).scalar_one())

    def categories(self) -> Sequence[str]:
        """Return the categories that goods have, in order: one step along the index each."""
        found: list[str] = []
        after = ""
        while (found_next := _NEXT_CATEGORY.run(self._connection, after=after).scalar()) is not None:
            after = found_next
            found.append(after)
        return found
