"""Sales as the platform counts them: each once, no receipt returned twice, no piece sold twice, totals with the member.

A sale that clashes with one that came before it is kept as it was made and not counted: the desk shows both, and may
count it after all (PRODUCT.md N6). Decides what clashes; the fact itself is stored and acknowledged all the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Row, Select, Table, and_, bindparam, delete, select, update

from pos_app.domain.desk import ItemKind
from pos_app.domain.facts.codec import decode_content
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.sales import SaleCommitted
from pos_app.domain.sales.line import Line, LineKind
from pos_app.domain.sales.sale import Sale, SaleKind
from pos_app.domain.values.moments import to_ms
from sync.platform import desk, tables, upserts
from sync.platform.books import Books
from sync.platform.folding import Visit, visited
from sync.protocol.messages import Position

_sale, _returned, _piece, _fact = tables.sale, tables.returned_line, tables.sold_piece, tables.fact
_AT_ONCE = 400
_MERCHANT: BindParameter[bytes] = bindparam("merchant")
_IDS: BindParameter[bytes] = bindparam("ids", expanding=True)
# Made once: to build a statement costs more than to run it.
_KNOWN = select(_sale.c.sale_id).where(_sale.c.merchant_id == _MERCHANT, _sale.c.sale_id.in_(_IDS))
_RETURNED = select(_returned).where(_returned.c.merchant_id == _MERCHANT, _returned.c.line_id.in_(_IDS))
_PIECES = select(_piece).where(_piece.c.merchant_id == _MERCHANT, _piece.c.piece_id.in_(_IDS))
SOLD_AGAIN = "sold_again"


@dataclass(frozen=True, slots=True)
class Placed:
    """A sale and where its fact stands."""

    sale: Sale
    till: UUID
    at: Position


class SalesBook:
    """The sales of one transaction; what is asked of many at once is read at once, and written at once by `write`."""

    def __init__(self, books: Books, placed: Iterable[Placed]) -> None:
        self._books = books
        self._run = books.room.connection
        self._merchant = books.room.merchant.bytes
        sales = [each.sale for each in placed]
        self._known = {row.sale_id for row in self._among(_KNOWN, [sale.sale_id.bytes for sale in sales])}
        lines = {line.line_id.bytes for sale in sales for line in sale.lines}
        lines |= {
            line.cause.line.bytes for sale in sales for line in _back(sale) if line.cause and line.cause.line
        }
        self._back = self._returned_so_far(sorted(lines))
        pieces = {line.piece.bytes for sale in sales for line in sale.lines if line.piece is not None}
        self._out = self._pieces_out(sorted(pieces))
        self._unwritten: dict[bytes, tuple[Placed, bool]] = {}

    def _among(self, query: Select[Any], ids: Sequence[bytes]) -> Iterator[Row[Any]]:
        """Read rows of many ids."""
        for start in range(0, len(ids), _AT_ONCE):
            yield from self._run.execute(
                query, {"merchant": self._merchant, "ids": ids[start : start + _AT_ONCE]}
            )

    def _returned_so_far(self, lines: Sequence[bytes]) -> dict[bytes, dict[bytes, int]]:
        found: dict[bytes, dict[bytes, int]] = {}
        for row in self._among(_RETURNED, lines):
            found.setdefault(row.line_id, {})[row.sale_id] = row.quantity
        return found

    def _pieces_out(self, pieces: Sequence[bytes]) -> dict[bytes, bytes]:
        return {row.piece_id: row.sale_id for row in self._among(_PIECES, pieces)}

    def take(self, placed: Placed) -> str:
        """Take a sale in and count it; return why it is not counted, "" when it is."""
        sale = placed.sale
        if sale.sale_id.bytes in self._known:
            return SOLD_AGAIN
        self._known.add(sale.sale_id.bytes)
        why = self._clash(placed)
        self._unwritten[sale.sale_id.bytes] = (placed, not why)
        if not why:
            self.count(sale)
            self._look_back(sale)
        elif sale.member is not None:
            self._books.name(sale.member.member.bytes)
        return why

    def write(self) -> None:
        """Write down the sales that were taken; nobody else sees them before."""
        rows = [self._row(placed, counted=counted) for placed, counted in self._unwritten.values()]
        self._unwritten.clear()
        if rows:
            self._run.execute(_sale.insert(), rows)

    def _row(self, placed: Placed, *, counted: bool) -> dict[str, object]:
        sale = placed.sale
        return {
            "merchant_id": self._merchant,
            "sale_id": sale.sale_id.bytes,
            "till_id": placed.till.bytes,
            "epoch": placed.at.epoch,
            "seq": placed.at.seq,
            "hash": placed.at.hash,
            "shop_id": sale.shop.bytes,
            "number": sale.number,
            "kind": sale.kind.value,
            "member_id": sale.member.member.bytes if sale.member else None,
            "sold_at": to_ms(sale.committed_at),
            "total": sale.total,
            "counted": int(counted),
        }

    # Clashes.

    def _clash(self, placed: Placed) -> str:
        """Return what keeps a sale from being counted, told at the desk."""
        sale = placed.sale
        for line in _back(sale):
            first = self._returned_before(line)
            if first is not None:
                self._tell(ItemKind.RETURNED_TWICE, line, first, placed)
                return ItemKind.RETURNED_TWICE.value
        given_back = {line.piece for line in _back(sale)}
        for line in sale.lines:
            out = self._out.get(line.piece.bytes) if line.piece and line.kind is not LineKind.RETURN else None
            if out is not None and line.piece not in given_back:
                self._tell(ItemKind.SOLD_TWICE, line, out, placed)
                return ItemKind.SOLD_TWICE.value
        return ""

    def _returned_before(self, line: Line) -> bytes | None:
        """Return the sale that took back what this line would take back once more; None while there is enough."""
        assert line.cause is not None and line.cause.line is not None
        before = self._back.get(line.cause.line.bytes, {})
        if not before:
            return None
        sold = self._sold(line)
        if sold is None or sum(before.values()) - line.quantity <= sold:
            return None
        return next(reversed(before))

    def _sold(self, line: Line) -> int | None:
        """Return how much was sold of what a line takes back, in thousandths; None when its sale is not known here."""
        assert line.cause is not None
        if line.cause.sale is None:
            return None
        original = self.sale(line.cause.sale.bytes)
        if original is None:
            return None
        return next((int(b.quantity) for b in original.lines if b.line_id == line.cause.line), None)

    def _look_back(self, sale: Sale) -> None:
        """Take out a return that came before its sale, where it took back more than the sale says."""
        for line in sale.lines:
            before = self._back.get(line.line_id.bytes, {})
            if line.quantity > 0 and before and sum(before.values()) > line.quantity:
                last = next(reversed(before))
                placed = self.placed(last)
                if placed is not None:
                    self._tell(ItemKind.RETURNED_TWICE, line, next(iter(before)), placed)
                    self.count(placed.sale, sign=-1)
                    self.mark(last, counted=False)

    def _tell(self, kind: ItemKind, line: Line, first: bytes, placed: Placed) -> None:
        earlier = self.sale(first)
        if earlier is None:
            return
        name = line.name or line.code or ""
        versions = (
            desk.sale_version(self._books, earlier, name),
            desk.sale_version(self._books, placed.sale, name),
        )
        desk.tell_twice(self._books, kind, name, versions, (placed.till, placed.at))

    # Counting.

    def count(self, sale: Sale, sign: int = 1) -> None:
        """Count a sale: what came back, which pieces are out, the member's totals; with sign -1 count it no more."""
        for line in _back(sale):
            assert line.cause is not None and line.cause.line is not None
            self._move_back(line.cause.line.bytes, sale.sale_id.bytes, -line.quantity, sign)
        self._move_pieces(sale, sign)
        if sale.member is None:
            return
        member = sale.member.member.bytes
        if self._books.is_erased(member):
            return
        visits = 1 if sale.kind is SaleKind.SALE else 0
        month = sale.business_date.year * 100 + sale.business_date.month
        state = self._books.state(member)
        self._books.save(
            visited(state, Visit(sale.shop, month, sale.total, visits, to_ms(sale.committed_at)), sign)
        )

    def _move_back(self, line: bytes, sale: bytes, quantity: int, sign: int) -> None:
        held = self._back.setdefault(line, {})
        if sign > 0:
            held[sale] = held.get(sale, 0) + quantity
            self._put(_returned, {"line_id": line, "sale_id": sale}, {"quantity": held[sale]})
        else:
            held.pop(sale, None)
            self._run.execute(
                delete(_returned).where(
                    _returned.c.merchant_id == self._merchant,
                    _returned.c.line_id == line,
                    _returned.c.sale_id == sale,
                )
            )

    def _move_pieces(self, sale: Sale, sign: int) -> None:
        """Note which pieces went out with a sale and which came back with it."""
        for line in sale.lines:
            if line.piece is None:
                continue
            piece = line.piece.bytes
            goes_out = (line.kind is not LineKind.RETURN) == (sign > 0)
            if goes_out:
                owner = sale.sale_id.bytes if sign > 0 else _bought_in(line, sale)
                self._out[piece] = owner
                self._put(_piece, {"piece_id": piece}, {"sale_id": owner})
            elif self._out.pop(piece, None) is not None:
                self._run.execute(
                    delete(_piece).where(_piece.c.merchant_id == self._merchant, _piece.c.piece_id == piece)
                )

    def _put(self, table: Table, key: dict[str, bytes], values: dict[str, object]) -> None:
        row = {"merchant_id": self._merchant, **key, **values}
        self._run.execute(upserts.latest(self._run, table, *values), row)

    def mark(self, sale: bytes, *, counted: bool) -> None:
        """Write down whether a sale counts."""
        if sale in self._unwritten:
            self._unwritten[sale] = (self._unwritten[sale][0], counted)
            return
        key = and_(_sale.c.merchant_id == self._merchant, _sale.c.sale_id == sale)
        self._run.execute(update(_sale).where(key).values(counted=int(counted)))

    # Looking up.

    def sale(self, sale: bytes) -> Sale | None:
        """Return a sale by its id."""
        placed = self.placed(sale)
        return None if placed is None else placed.sale

    def placed(self, sale: bytes) -> Placed | None:
        """Return a sale with the place of its fact."""
        if sale in self._unwritten:
            return self._unwritten[sale][0]
        query = select(_sale).where(_sale.c.merchant_id == self._merchant, _sale.c.sale_id == sale)
        row = self._run.execute(query).first()
        return None if row is None else self.of_row(row)

    def of_row(self, row: Row[tuple[object, ...]]) -> Placed:
        """Return the sale of a row, read from its fact."""
        query = select(_fact.c.body).where(
            _fact.c.merchant_id == self._merchant,
            _fact.c.till_id == row.till_id,
            _fact.c.epoch == row.epoch,
            _fact.c.seq == row.seq,
            _fact.c.hash == row.hash,
        )
        body: bytes = self._run.execute(query).scalar_one()
        return Placed(sale_of(body), UUID(bytes=row.till_id), Position(row.epoch, row.seq, row.hash))


def sale_of(body: bytes) -> Sale:
    """Return the sale in a fact's stored bytes."""
    envelope = decode(body)
    content = decode_content(envelope.kind, envelope.version, bytes(envelope.content))
    assert isinstance(content, SaleCommitted)
    return content.sale


def _back(sale: Sale) -> list[Line]:
    """Return the lines that take something back which was bought in a known line."""
    return [
        line
        for line in sale.lines
        if line.kind is LineKind.RETURN and line.cause is not None and line.cause.line is not None
    ]


def _bought_in(line: Line, sale: Sale) -> bytes:
    """Return the sale a returned piece was bought in."""
    return line.cause.sale.bytes if line.cause and line.cause.sale else sale.sale_id.bytes
