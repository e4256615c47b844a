"""A small window while something is made ready before the till's own window stands: words, a bar, and a way out.

The work runs on a lane; whoever gives up closes the window at once, and what was begun ends by itself.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.labels import Words
from ui.shell.lanes import Lanes
from ui.shell.theme import apply_theme


class Preparing(QWidget):
    """Shows `words` while `work` runs. Make it after the QApplication; GUI thread only."""

    def __init__(self, words: str, work: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("preparing")
        self.setWindowTitle(translate("common.product_name"))
        self.setFixedWidth(440)
        self._work = work
        self._failure: Exception | None = None
        self._done = False
        self._lanes = Lanes(self._failed)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 24)
        box.setSpacing(16)
        box.addWidget(Words(words, "emphasis", wrap=True))
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        box.addWidget(bar)
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = KeyButton(translate("common.action.cancel"), "Esc")
        cancel.setObjectName("preparing_cancel")
        cancel.setShortcut(Qt.Key.Key_Escape)
        cancel.clicked.connect(self.close)
        row.addWidget(cancel)
        box.addLayout(row)

    def run(self, app: QApplication, theme: str) -> bool:
        """Run the work; return whether it was done, False when it was given up. Raises what the work raised."""
        apply_theme(app, "dark" if theme == "dark" else "light")
        self.show()
        self._lanes.lane("preparing").run(self._work, self._ended, self._failed)
        app.exec()
        # What was given up must not be in the way of whoever cleans up after it.
        self._lanes.close(timeout_s=60.0)
        self.deleteLater()
        if self._failure is not None:
            raise self._failure
        return self._done

    def _ended(self, _result: object) -> None:
        self._done = self.isVisible()
        self.hide()
        QApplication.exit()

    def _failed(self, problem: Exception) -> None:
        self._failure = problem if self.isVisible() else None
        self.hide()
        QApplication.exit()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        QApplication.exit()
