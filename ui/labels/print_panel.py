"""The right side of the labels page: on what it is printed, how a label will look, and the acts.

Decides nothing: it draws the state and tells clicks by its signals' callers.
"""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import BigButton, KeyButton
from ui.kit.cards import Panel
from ui.kit.fields import ChoiceEdit, Field, TickEdit
from ui.kit.labels import Words
from ui.kit.tokens import current
from ui.labels.sheet_picture import SheetPicture
from ui.labels.state import Mode, State

_PREVIEW = QSize(352, 176)
_CARD_HEIGHT = 222
"""A card is shown as wide as there is room: 352 px at 85.60 × 53.98 mm."""


class LabelPreview(QWidget):
    """One label on white paper, or a card cut out, as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("labels_preview")
        self.setFixedHeight(_PREVIEW.height())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._png: bytes | None = None
        self._picture = QPixmap()
        self._paper = True

    def show_png(self, png: bytes | None, *, paper: bool = True) -> None:
        """Show another picture, or an empty place; `paper` has an edge, a card is cut out already."""
        if png == self._png and paper == self._paper:
            return
        self._paper = paper
        self.setFixedHeight(_PREVIEW.height() if paper else _CARD_HEIGHT)
        self._png = png
        self._picture = QPixmap()
        if png is not None:
            self._picture.loadFromData(png, "PNG")
        self.update()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see."""
        return self._picture.isNull()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), current()
        if self._picture.isNull():
            painter.setPen(QPen(QColor(colours.line_strong), 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 8, 8)
            painter.setPen(QColor(colours.muted))
            words = translate("labels_page.preview.empty" if self._paper else "labels_page.preview.no_card")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)
            return
        ratio = self.devicePixelRatioF()
        room = (self.size() - QSize(2, 2)) * ratio
        shown = self._picture.scaled(
            room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        shown.setDevicePixelRatio(ratio)
        size = shown.deviceIndependentSize().toSize()
        left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        painter.drawPixmap(left, top, shown)
        if not self._paper:
            return
        painter.setPen(QColor(colours.line_strong))
        painter.drawRect(left - 1, top - 1, size.width() + 1, size.height() + 1)


class PrintPanel(Panel):
    """Format, sheet, preview, acts."""

    def __init__(self) -> None:
        super().__init__(400)
        self.format = ChoiceEdit("labels_format")
        self.sheet = SheetPicture()
        self.prices = TickEdit("labels_prices", translate("labels_page.format.prices"))
        self.preview = LabelPreview()
        self.start_button = KeyButton(translate("labels_page.action.start"))
        self.start_button.setObjectName("labels_start")
        self.main, self.second = BigButton(), KeyButton()
        self.main.setObjectName("labels_main")
        self.second.setObjectName("labels_second")
        self.stop = KeyButton(translate("labels_page.action.stop"), kind="danger")
        self.stop.setObjectName("labels_stop")
        self._start_words = Words("", "strong")
        self._fault = Words("", "secondary", "danger", wrap=True)
        self._summary = Words("", "emphasis", wrap=True)
        self._summary.setObjectName("labels_summary")
        self._printer = Words("", "secondary", "muted", wrap=True)
        self._printer.setObjectName("labels_printer")
        self._explained = Words("", "secondary", "muted", wrap=True)
        self._bar = QProgressBar()
        self._bar.setObjectName("labels_progress")
        self._bar.setTextVisible(False)
        self._bar_words = Words("", "secondary")
        self._keys = ("", "")
        self._lay_out()

    def _lay_out(self) -> None:
        self._format_field = Field(translate("labels_page.format.label"), self.format)
        self.body.addWidget(self._format_field)
        self.body.addWidget(self.prices)
        self._sheet_row = QWidget()
        row = QHBoxLayout(self._sheet_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.sheet, 0, Qt.AlignmentFlag.AlignTop)
        beside = QVBoxLayout()
        beside.setSpacing(6)
        beside.addWidget(self._start_words)
        beside.addWidget(Words(translate("labels_page.sheet.explained"), "secondary", "muted", wrap=True))
        beside.addStretch(1)
        beside.addWidget(self.start_button)
        row.addLayout(beside, 1)
        self.body.addWidget(self._sheet_row)
        self.body.addWidget(self.preview)
        self.body.addWidget(self._fault)
        self.body.addWidget(self._explained)
        self.body.addStretch(1)
        for widget in (self._summary, self._printer, self._bar, self._bar_words, self.stop):
            self.body.addWidget(widget)
        self.body.addWidget(self.second)
        self.body.addWidget(self.main)

    def show_keys(self, main: str, second: str) -> None:
        """Show the keys of the acts."""
        self._keys = main, second

    def show_choice_keys(self, format_key: str, prices_key: str) -> None:
        """Show the keys of the choices behind their words."""
        self._format_field.set_label(f"{translate('labels_page.format.label')}  {format_key}".rstrip())
        self.prices.setText(f"{translate('labels_page.format.prices')}  {prices_key}".rstrip())

    def show_state(self, state: State) -> None:
        """Draw the state."""
        standing = [(self.format.itemText(at), self.format.itemData(at)) for at in range(self.format.count())]
        if standing != list(state.formats):
            self.format.set_choices(state.formats, state.format)
        self.format.setCurrentIndex(max(0, self.format.findData(state.format)))
        self.format.setEnabled(not state.busy)
        self.prices.setVisible(state.mode is Mode.GOODS)
        self.prices.setChecked(state.prices)
        self._sheet_row.setVisible(state.sheet is not None)
        if state.sheet is not None:
            self.sheet.show_sheet(state.sheet)
            self._start_words.setText(translate("labels_page.sheet.start", start=state.sheet.start))
        cards = state.mode is Mode.CARDS
        self.preview.show_png(state.preview, paper=not cards)
        self._fault.setText(state.preview_fault)
        self._fault.setVisible(bool(state.preview_fault))
        self._explained.setVisible(cards)
        if cards:
            self._explained.setText(translate(f"labels_page.cards.{state.format}"))
        self._summary.setText(state.summary)
        self._summary.setVisible(bool(state.summary))
        self._show_acts(state)

    def _show_acts(self, state: State) -> None:
        self._printer.setVisible(state.prints)
        self._printer.setText(state.printer)
        self._printer.set_tone(state.tone)
        running = state.progress is not None
        for widget in (self._bar, self._bar_words, self.stop):
            widget.setVisible(running)
        if state.progress is not None:
            done, total = state.progress
            self._bar.setMaximum(max(1, total))
            self._bar.setValue(done)
            code = "stopping" if state.stopping else "running"
            self._bar_words.setText(translate(f"labels_page.progress.{code}", done=done, total=total))
        main, second = self._keys
        self.main.setText(
            translate("labels_page.action.print" if state.prints else "labels_page.action.save")
        )
        self.main.set_icon("printer" if state.prints else "save")
        self.main.set_key(main)
        self.second.setText(translate("labels_page.action.save"))
        self.second.set_key(second)
        self.second.setVisible(state.prints and not running)
        self.main.setVisible(not running)
        for button in (self.main, self.second):
            button.setEnabled(bool(state.rows) and not state.busy)
