"""Pictures of goods: taken in, made small, shown.

Decides how large a picture is kept; decoding takes tens of milliseconds and is never done on the thread that takes
keys.
"""

from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

from pos_app.domain.errors import ExpectedError, NotFoundError
from pos_app.domain.facts.catalogue import GoodsSaved
from pos_app.domain.staff import Action
from pos_app.domain.values.ids import VariantId
from pos_app.services.acting import Actor
from pos_app.services.catalogue_edit import with_values
from pos_app.services.ports.goods import Picture
from pos_app.services.workplace import Workplace

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_PX = 512
THUMBNAIL_PX = 96
FILE_LIMIT = 20_000_000
"""Bytes of a file that is taken: a photograph of a telephone has five to ten million."""
PIXEL_LIMIT = 60_000_000
"""Pixels of a picture that is decoded; a small file can hold a picture that fills the memory."""
_JPEG_QUALITY = 85


class PictureError(ExpectedError):
    """The file is no picture that can be read."""

    code = "catalogue.error.picture"


class PictureTooLargeError(ExpectedError):
    """The file, or the picture in it, is larger than is taken."""

    code = "catalogue.error.picture_too_large"


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
        picture = prepare(content) if content is not None else None
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


def prepare(content: bytes) -> Picture:
    """Decode a JPEG or PNG file and return it as it is kept: at most LARGEST_PX a side, turned upright, no metadata.

    Raises PictureError, PictureTooLargeError.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(content) > FILE_LIMIT:
        raise PictureTooLargeError()
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > PIXEL_LIMIT:
                raise PictureTooLargeError()
            media_type = "image/png" if opened.format == "PNG" else "image/jpeg"
            opened.draft("RGB", (LARGEST_PX * 2, LARGEST_PX * 2))
            upright = ImageOps.exif_transpose(opened)
            image = upright.convert("RGBA" if media_type == "image/png" else "RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PictureError() from error
    whole = _written(image, LARGEST_PX, media_type)
    return Picture(sha256(whole).hexdigest(), media_type, whole, _written(image, THUMBNAIL_PX, media_type))


def _written(image: "Image", largest: int, media_type: str) -> bytes:
    copy = image.copy()
    copy.thumbnail((largest, largest))
    out = BytesIO()
    if media_type == "image/png":
        copy.save(out, "PNG", optimize=True)
    else:
        copy.save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return out.getvalue()
