"""A shop's logo as it is kept: decoded, without its empty edges, made small, few colours.

Decides how large it is kept and when a picture is refused. Ink is made of it where it is printed: dots of 1 bit on a
roll (Floyd–Steinberg), colours on A4. Decoding takes tens of milliseconds: never on the thread that takes keys.
"""

from io import BytesIO
from typing import TYPE_CHECKING

from pos_app.documents.pictures import FILE_LIMIT, PIXEL_LIMIT, PictureError, PictureTooLargeError
from pos_app.domain.receipt_look import MOST_LOGO_BYTES

if TYPE_CHECKING:
    from PIL.Image import Image

WIDEST_PX, HIGHEST_PX = 640, 320
"""Above 300 dpi on A4 at 48 mm, and above what a roll printer can show."""
_COLOURS = 64


def prepare_logo(content: bytes) -> bytes:
    """Return a PNG or JPEG file as the logo that is kept, a PNG on white.

    Raises PictureError for what is no picture or has nothing on it, PictureTooLargeError.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(content) > FILE_LIMIT:
        raise PictureTooLargeError()
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > PIXEL_LIMIT:
                raise PictureTooLargeError()
            opened.draft("RGB", (WIDEST_PX * 2, HIGHEST_PX * 2))
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PictureError() from error
    flat = Image.new("RGBA", upright.size, "white")
    flat.alpha_composite(upright)
    return _kept(_trimmed(flat.convert("RGB")))


def _trimmed(image: "Image") -> "Image":
    """Cut white edges off; raise PictureError for a picture that is all white."""
    ink = image.convert("L").point(lambda level: 255 if level < 250 else 0)
    box = ink.getbbox()
    if box is None:
        raise PictureError()
    return image.crop(box)


def _kept(image: "Image") -> bytes:
    width, height = WIDEST_PX, HIGHEST_PX
    while True:
        small = image.copy()
        small.thumbnail((width, height))
        out = BytesIO()
        small.quantize(_COLOURS).save(out, "PNG", optimize=True)
        if out.tell() <= MOST_LOGO_BYTES:
            return out.getvalue()
        width, height = width * 3 // 4, height * 3 // 4
