"""Where a picture of goods comes from: a file, the clipboard; and the question before it goes.

Decides nothing of pictures: how large one may be and how it is kept are the service's.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication

from pos_app.documents.pictures import FILE_LIMIT
from pos_app.words import translate
from ui.catalogue.state import Say
from ui.shell.dialogs import Dialogs, Question


class PictureDoor:
    """Brings pictures in; `take` is handed the bytes, None to take the picture away."""

    def __init__(self, dialogs: Dialogs, take: Callable[[bytes | None], None], say: Say) -> None:
        self._dialogs = dialogs
        self._take = take
        self._say = say

    def choose(self) -> None:
        """Let a person choose a file."""
        self._dialogs.open_file(
            translate("catalogue.action.picture"),
            f"{translate('catalogue.page.picture_files')} (*.jpg *.jpeg *.png)",
            self.read,
        )

    def read(self, path: Path | None) -> None:
        """Read a chosen file, one byte beyond what is taken at most."""
        if path is None:
            return
        try:
            with path.open("rb") as file:
                content = file.read(FILE_LIMIT + 1)
        except OSError:
            self._say("error", translate("catalogue.page.picture_unread", name=path.name))
            return
        self._take(content)

    def paste(self) -> None:
        """Take the picture that was copied."""
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self._say("warning", translate("catalogue.page.picture_none"))
            return
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]
        self._take(bytes(buffer.data().data()))

    def ask_remove(self) -> None:
        """Take the picture away once that was confirmed."""
        question = Question(
            title=translate("catalogue.page.picture_ask"),
            text=translate("catalogue.page.picture_ask_text"),
            yes=translate("common.action.remove"),
            kind="danger",
        )
        self._dialogs.ask(question, lambda yes: self._take(None) if yes else None)
