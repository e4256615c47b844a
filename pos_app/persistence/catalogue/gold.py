"""Gold prices with their history, and which finenesses are priced by them.

Decides storage: a price is added and never changed; the last one set for a day holds.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, text

from pos_app.domain.catalogue import GoldPrice, GoldPriceEntry
from pos_app.domain.values.money import Amount
from pos_app.persistence.base import to_ms
from pos_app.persistence.catalogue.part import Part
from pos_app.persistence.catalogue.rows import GoldPriceRow, gold_entry_of
from pos_app.persistence.prepared import Prepared

_OF_DAY = Prepared(
    text("SELECT price FROM gold_price WHERE fineness = :fineness AND day = :day ORDER BY no DESC LIMIT 1")
)
_BEFORE = Prepared(
    text(
        "SELECT price, day FROM gold_price WHERE fineness = :fineness AND day < :day"
        " ORDER BY day DESC, no DESC LIMIT 1"
    )
)
_HISTORY = Prepared(
    text("SELECT * FROM gold_price WHERE fineness = :fineness ORDER BY day DESC, no DESC LIMIT :most")
)
_INSERT = Prepared(insert(GoldPriceRow))
_NEXT_USED = Prepared(text("SELECT min(gold) FROM piece INDEXED BY ix_piece_gold WHERE gold > :after"))
_NEXT_SET = Prepared(text("SELECT min(fineness) FROM gold_price WHERE fineness > :after"))


class Gold(Part):
    """The gold prices of one transaction."""

    def gold_price(self, fineness: str, on: date) -> Amount | None:
        """Return the price per gram of a fineness that was set for a day."""
        return _OF_DAY.run(self._connection, fineness=fineness, day=on.isoformat()).scalar()

    def gold_before(self, fineness: str, on: date) -> tuple[Amount, date] | None:
        """Return the latest price per gram set for a day before this one, with its day."""
        row = _BEFORE.run(self._connection, fineness=fineness, day=on.isoformat()).first()
        return None if row is None else (Amount(row.price), date.fromisoformat(row.day))

    def set_gold_price(self, entry: GoldPriceEntry) -> None:
        """Add a price per gram of a fineness for a day; it holds from now on."""
        _INSERT.run(
            self._connection,
            no=None,
            fineness=entry.fineness,
            day=entry.day.isoformat(),
            price=entry.price,
            set_at=to_ms(entry.set_at) if entry.set_at else None,
            set_by=entry.set_by.bytes if entry.set_by else None,
            approver_id=entry.approver.bytes if entry.approver else None,
        )

    def gold_history(self, fineness: str, limit: int) -> Sequence[GoldPriceEntry]:
        """Return every price set for a fineness, the latest day first."""
        rows = _HISTORY.run(self._connection, fineness=fineness, most=limit)
        return [gold_entry_of(row) for row in rows]

    def gold_prices(self, on: date) -> Sequence[GoldPrice]:
        """Return each fineness priced per gram, with its price of a day and the one before: a step each."""
        names = sorted({*self._steps(_NEXT_USED), *self._steps(_NEXT_SET)})
        return [self._gold(name, on) for name in names]

    def _gold(self, name: str, on: date) -> GoldPrice:
        before = self.gold_before(name, on)
        return GoldPrice(name, self.gold_price(name, on), *(before or (None, None)))

    def _steps(self, statement: Prepared) -> list[str]:
        found: list[str] = []
        after = ""
        while (name := statement.run(self._connection, after=after).scalar()) is not None:
            after = name
            found.append(name)
        return found
