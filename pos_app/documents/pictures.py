"""Pictures of goods as they are kept: decoded, turned upright, made small, without what a telephone writes beside them.

Decides how large a picture is kept. Decoding takes tens of milliseconds: never on the thread that takes keys.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from pos_app.domain.errors import ExpectedError

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


@dataclass(frozen=True, slots=True)
class SmallPicture:
    """A picture's bytes with those of a small one of it."""

    media_type: str
    content: bytes
    thumbnail: bytes


def prepare(content: bytes) -> SmallPicture:
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
    return SmallPicture(media_type, whole, _written(image, THUMBNAIL_PX, media_type))


def _written(image: "Image", largest: int, media_type: str) -> bytes:
    copy = image.copy()
    copy.thumbnail((largest, largest))
    out = BytesIO()
    if media_type == "image/png":
        copy.save(out, "PNG", optimize=True)
    else:
        copy.save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return out.getvalue()
