"""Pictures of goods, and what a change of many goods replaced, so that it can be taken back.

Decides storage: a picture stands once, whoever shows it; only the last change of many is kept.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.dialects.sqlite import insert as upsert

from pos_app.domain.catalogue import Variant
from pos_app.domain.values.ids import StaffId, VariantId
from pos_app.persistence.base import from_ms, to_id, to_ms
from pos_app.persistence.catalogue.part import Part
from pos_app.persistence.catalogue.rows import (
    BulkChangeRow,
    BulkEditRow,
    PictureRow,
    encoded,
    variant_decoder,
)
from pos_app.persistence.prepared import Prepared
from pos_app.services.ports.goods import BulkEditMade, Picture

_SAVE_PICTURE = Prepared(upsert(PictureRow).on_conflict_do_nothing())
_SAVE_CHANGE = Prepared(upsert(BulkChangeRow).on_conflict_do_nothing())


class Shelf(Part):
    """Pictures and the last change of many of one transaction."""

    def _asked(self, statement: str, **values: Any) -> Any:
        return self._connection.execute(text(statement), values)

    def save_picture(self, picture: Picture) -> None:
        """Keep a picture; nothing happens when it is here."""
        _SAVE_PICTURE.run(
            self._connection,
            sha256=picture.sha256,
            media_type=picture.media_type,
            thumbnail=picture.thumbnail,
            content=picture.content,
        )

    def picture(self, sha256: str) -> Picture | None:
        """Return a picture."""
        row = self._asked("SELECT * FROM picture WHERE sha256 = :id", id=sha256).first()
        return None if row is None else Picture(row.sha256, row.media_type, row.content, row.thumbnail)

    def thumbnail(self, sha256: str) -> bytes | None:
        """Return the small picture of one."""
        found: bytes | None = self._asked(
            "SELECT thumbnail FROM picture WHERE sha256 = :id", id=sha256
        ).scalar()
        return found

    def begin_bulk_edit(self, staff: StaffId, at: datetime) -> int:
        """Begin a change of many goods and return its number; the one before can no longer be taken back."""
        self._asked("DELETE FROM bulk_change")
        self._asked("DELETE FROM bulk_edit")
        done = self._connection.execute(
            insert(BulkEditRow).values(made_at=to_ms(at), staff_id=staff.bytes, undone_at=None)
        )
        assert done.inserted_primary_key is not None
        return int(done.inserted_primary_key[0])

    def note_bulk_changes(self, edit: int, changes: Sequence[tuple[Variant, Variant]]) -> None:
        """Keep what goods were before a change of many, and after."""
        rows = (
            {
                "edit": edit,
                "variant_id": before.variant_id.bytes,
                "before": encoded(before),
                "after": encoded(after),
            }
            for before, after in changes
        )
        _SAVE_CHANGE.run_many(self._connection, rows)

    def last_bulk_edit(self) -> BulkEditMade | None:
        """Return the last change of many, if it was not taken back."""
        row = self._asked(
            "SELECT * FROM bulk_edit WHERE no > 0 AND undone_at IS NULL ORDER BY no DESC LIMIT 1"
        ).first()
        if row is None:
            return None
        count = self._asked("SELECT count(*) FROM bulk_change WHERE edit = :no", no=row.no).scalar()
        return BulkEditMade(row.no, from_ms(row.made_at), StaffId(to_id(row.staff_id)), int(count))

    def bulk_changes(
        self, edit: int, after: VariantId | None, limit: int
    ) -> Sequence[tuple[Variant, Variant]]:
        """Return what goods were before a change of many, and after, in the order of their ids."""
        rows = self._asked(
            "SELECT before, after FROM bulk_change WHERE edit = :edit AND variant_id > :after"
            " ORDER BY variant_id LIMIT :most",
            edit=edit,
            after=after.bytes if after else b"",
            most=limit,
        )
        return [(variant_decoder.decode(row.before), variant_decoder.decode(row.after)) for row in rows]

    def bulk_edit_undone(self, edit: int, at: datetime) -> None:
        """Note that a change of many was taken back."""
        self._asked("UPDATE bulk_edit SET undone_at = :at WHERE no = :no", at=to_ms(at), no=edit)
