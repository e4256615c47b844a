"""Papers that leave the till as files: opened in the system's own program, sent to its printer, or saved.

Decides where they lie meanwhile (a folder inside the data folder, emptied at each start, since a customer stands on
them) and what is said when the system will not.
"""

import os
import shutil
import subprocess
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from pos_app.services.label_output import write_whole
from pos_app.services.ports.lane import Lane
from pos_app.words import translate
from ui.shell.window import Shell


class PaperDoors(QObject):
    """A `Papers` of the counter on a window. GUI thread; files are written on the lane."""

    def __init__(self, folder: Path, files: Lane) -> None:
        super().__init__()
        self._folder, self._files = folder, files
        self.shell: Shell | None = None
        shutil.rmtree(folder, ignore_errors=True)

    def show(self, name: str, content: bytes, way: str) -> None:
        """Do with a PDF what `way` says."""
        path = self._folder / Path(name).name
        if way == "save":
            chosen, _ = QFileDialog.getSaveFileName(
                self.shell, translate("devices.paper.save_title"), str(Path.home() / path.name), "PDF (*.pdf)"
            )
            if not chosen:
                return
            path = Path(chosen)
            path = path if path.suffix.lower() == ".pdf" else path.with_name(f"{path.name}.pdf")

        def write() -> None:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content)
            if way == "print":
                print_file(path)

        self._files.run(write, lambda _none: self._written(path, way), lambda _problem: self._failed(way))

    def _written(self, path: Path, way: str) -> None:
        if way == "open" and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._failed(way)
        elif self.shell is not None:
            self.shell.notices.success(translate(f"devices.paper.done_{way}", name=path.name))

    def _failed(self, way: str) -> None:
        if self.shell is not None:
            self.shell.notices.warning(translate(f"devices.paper.failed_{way}"), about="paper")


def print_file(path: Path) -> None:
    """Hand a PDF to the system's printer; raise OSError where there is none that takes it."""
    start = getattr(os, "startfile", None)
    if start is not None:
        start(str(path), "print")
        return
    program = shutil.which("lp") or shutil.which("lpr")
    if program is None:
        raise OSError("this system has no printing")
    try:
        subprocess.run([program, str(path)], check=True, capture_output=True, timeout=30)
    except subprocess.SubprocessError as problem:
        raise OSError("the system's printer does not take it") from problem
