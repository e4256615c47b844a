"""Pictures of goods: taken in, made small, shown.

Decides who may and what is recorded; how large a picture is kept is `documents.pictures`.
"""

from hashlib import sha256

from pos_app.documents.pictures import prepare
from pos_app.domain.errors import NotFoundError
from pos_app.domain.facts.catalogue import GoodsSaved
from pos_app.domain.staff import Action
from pos_app.domain.values.ids import VariantId
from pos_app.services.acting import Actor
from pos_app.services.catalogue_edit import with_values
from pos_app.services.ports.goods import Picture
from pos_app.services.workplace import Workplace


class CataloguePictures:
    """Use cases of pictures."""

    def __init__(self, work: Workplace) -> None:
        self._store = work.store
        self._recorder = work.recorder

    def set_picture(self, who: Actor, variant_id: VariantId, content: bytes | None) -> str | None:
        """Give a variant the picture of a JPEG or PNG file, or take it away; return its SHA-256 in hex.

        Raises PictureError, PictureTooLargeError, NotFoundError.
        """
        who.require(Action.EDIT_CATALOGUE)
        picture = _prepared(content) if content is not None else None
        key = picture.sha256 if picture else None
        with self._store.write() as tx:
            variant = tx.catalogue.variant(variant_id)
            if variant is None:
                raise NotFoundError()
            if variant.picture != key:
                if picture is not None:
                    tx.catalogue.save_picture(picture)
                tx.catalogue.save([with_values(variant, picture=key)], [])
                fact = GoodsSaved(variant=variant_id, changes={"picture": f'"{key}"' if key else "null"})
                self._recorder.record(tx, fact, who.staff_id)
        return key

    def picture(self, sha: str) -> Picture | None:
        """Return a picture by the SHA-256 of its bytes."""
        with self._store.read() as tx:
            return tx.catalogue.picture(sha)

    def thumbnail(self, sha: str) -> bytes | None:
        """Return the bytes of a picture's small one."""
        with self._store.read() as tx:
            return tx.catalogue.thumbnail(sha)


def _prepared(content: bytes) -> Picture:
    small = prepare(content)
    digest = sha256(small.content).hexdigest()
    return Picture(digest, small.media_type, small.content, small.thumbnail)
