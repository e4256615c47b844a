"""The pictures between customers: found and read off the GUI thread, shown one after the other.

Decides which files are pictures and what becomes of one that cannot be read: it is passed over. A folder that is gone
leaves the welcome.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QImageReader, QPixmap

from pos_app.services.ports.lane import Lane

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp")
MOST_BYTES = 40_000_000
_LARGEST = QSize(2560, 1440)


@dataclass(frozen=True, slots=True)
class Slide:
    """A picture that was read, and where it stands in the folder."""

    place: int
    image: QImage


def pictures_in(folder: str) -> list[Path]:
    """Return the pictures of a folder in the order of their names; none of a folder that cannot be read."""
    if not folder.strip():
        return []
    try:
        files = [path for path in Path(folder).expanduser().iterdir() if path.suffix.lower() in SUFFIXES]
        return sorted(path for path in files if path.is_file() and path.stat().st_size <= MOST_BYTES)
    except (OSError, ValueError, RuntimeError):  # A null byte; the home of nobody.
        return []


def read_slide(folder: str, place: int) -> Slide | None:
    """Read the picture at a place, or the next one that can be read; None when there is none."""
    files = pictures_in(folder)
    for step in range(len(files)):
        at = (place + step) % len(files)
        reader = QImageReader(str(files[at]))
        reader.setAutoTransform(True)
        size = reader.size()
        if size.isValid() and (size.width() > _LARGEST.width() or size.height() > _LARGEST.height()):
            reader.setScaledSize(size.scaled(_LARGEST, Qt.AspectRatioMode.KeepAspectRatio))
        image = reader.read()
        if not image.isNull():
            return Slide(at, image)
    return None


class Slides(QObject):
    """Shows pictures while it runs. GUI thread; files are read on the lane."""

    def __init__(
        self, lane: Lane, show: Callable[[QPixmap | None], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._lane, self._show = lane, show
        self._folder, self._next, self._asked = "", 0, 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.turn)

    def run(self, folder: str, seconds: int) -> None:
        """Begin, or go on where it stood; without pictures the welcome stays."""
        self._timer.setInterval(seconds * 1000)
        if folder == self._folder and self._timer.isActive():
            return
        if folder != self._folder:
            self._folder, self._next = folder, 0
            self._show(None)
        if folder:
            self._timer.start()
            self.turn()
        else:
            self._timer.stop()

    def rest(self) -> None:
        """Stop while somebody is served."""
        self._timer.stop()
        self._asked += 1

    def turn(self) -> None:
        """Show the next picture."""
        self._asked += 1
        work = partial(read_slide, self._folder, self._next)
        self._lane.run(work, partial(self._read, self._asked), lambda _problem: self._show(None))

    def _read(self, asked: int, slide: Slide | None) -> None:
        if asked != self._asked:
            return
        self._next = 0 if slide is None else slide.place + 1
        self._show(None if slide is None else QPixmap.fromImage(slide.image))
