"""A file that somebody chose as the logo: PNG and JPEG as they are, SVG drawn first.

Decides how large an SVG is drawn; what is kept of a picture stands in `documents.receipt_logo`. Runs on a lane: Qt
paints on images in any thread.
"""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from pos_app.documents.pictures import FILE_LIMIT, PictureError, PictureTooLargeError
from pos_app.documents.receipt_logo import HIGHEST_PX, WIDEST_PX, prepare_logo

_SVG_LIMIT = 2_000_000


def load_logo(path: Path) -> bytes:
    """Return the logo of a file; raise PictureError for one that cannot be read or drawn, PictureTooLargeError."""
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise PictureTooLargeError()
        content = path.read_bytes()
    except OSError:
        raise PictureError() from None
    if b"<svg" in content[:4096]:
        content = _drawn(content)
    return prepare_logo(content)


def _drawn(content: bytes) -> bytes:
    if len(content) > _SVG_LIMIT:
        raise PictureTooLargeError()
    renderer = QSvgRenderer()
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    if not renderer.load(QByteArray(content)):
        raise PictureError()
    size = QSize(renderer.defaultSize())
    if size.isEmpty():
        raise PictureError()
    image = QImage(
        size.scaled(WIDEST_PX, HIGHEST_PX, Qt.AspectRatioMode.KeepAspectRatio), QImage.Format.Format_ARGB32
    )
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
