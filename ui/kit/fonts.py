"""The one bundled face, in the sizes of LOOK, with figures of one width.

Decides family, sizes and weights. A page never names a font itself.
"""

from importlib import resources

from PySide6.QtGui import QFont, QFontDatabase

from ui.kit.tokens import sizes

FAMILY = "Noto Sans SC"


def load_fonts() -> None:
    """Make the two weights known to Qt; RuntimeError if the shipped files cannot be read."""
    if FAMILY in QFontDatabase.families():
        return
    folder = resources.files("resources").joinpath("fonts")
    for weight in ("Regular", "SemiBold"):
        with resources.as_file(folder.joinpath(f"NotoSansSC-{weight}.ttf")) as path:
            if QFontDatabase.addApplicationFont(str(path)) < 0:
                raise RuntimeError(f"font {path.name} cannot be read")


def font(pixels: int | None = None, *, strong: bool = False) -> QFont:
    """Return the face at a size in px (body by default), regular or in the one emphasis weight."""
    face = QFont(FAMILY)
    face.setPixelSize(pixels or sizes().body)
    face.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    face.setFeature(QFont.Tag("tnum"), 1)
    return face
