"""Writing out: what, as which kind of file, where; the watermark is told before.

Decides nothing.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.imports.start_view import LONGEST_PATH, KindTiles
from ui.imports.state import ExportShown
from ui.imports.work_view import WIDTH
from ui.kit.buttons import FilterChip, KeyButton
from ui.kit.cards import Card
from ui.kit.fields import Field, NameEdit
from ui.kit.icons import IconMark
from ui.kit.labels import Words


class ExportView(QWidget):
    """The form of an export."""

    def __init__(self, keys: dict[str, str]) -> None:
        super().__init__()
        self.setObjectName("imports_export")
        self.kinds = KindTiles(
            "imports_export_kind", tuple(keys[f"kind_{place}"] for place in range(4)), columns=2
        )
        self.excel, self.csv = FilterChip("Excel (.xlsx)"), FilterChip("CSV (.csv)")
        self.format = KeyButton(translate("imports_page.action.format"), keys["format"], kind="quiet")
        self.target = NameEdit("imports_target", longest=LONGEST_PATH)
        self._field = Field(translate("imports_page.export.target"), self.target)
        self.pick = KeyButton(translate("imports_page.action.place"), keys["pick"], icon="inbox")
        self._told = Words("", wrap=True)
        self.back = KeyButton(translate("common.action.back"), keys["back"])
        self.go = KeyButton(
            translate("imports_page.action.export_now"), keys["next"], icon="download", kind="primary"
        )
        names = {"excel": self.excel, "csv": self.csv, "format": self.format, "pick": self.pick}
        for name, button in {**names, "back": self.back, "go": self.go}.items():
            button.setObjectName(f"imports_export_{name}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()
        self.setFocusProxy(self.target)

    def _lay_out(self) -> None:
        card = Card(margin=24, spacing=16)
        card.setFixedWidth(WIDTH + 80)
        card.body.addWidget(Words(translate("imports_page.export.what"), "heading"))
        card.body.addWidget(self.kinds)
        card.body.addWidget(Words(translate("imports_page.export.format"), "heading"))
        self._group = QButtonGroup(self)
        formats = QHBoxLayout()
        formats.setSpacing(8)
        for chip in (self.excel, self.csv):
            self._group.addButton(chip)
            formats.addWidget(chip)
        formats.addWidget(self.format)
        formats.addStretch(1)
        card.body.addLayout(formats)
        place = QHBoxLayout()
        place.setSpacing(8)
        place.addWidget(self._field, 1)
        place.addWidget(self.pick, 0, Qt.AlignmentFlag.AlignBottom)
        card.body.addLayout(place)
        told = QHBoxLayout()
        told.setSpacing(8)
        told.addWidget(IconMark("shield-check", "info", 20), 0, Qt.AlignmentFlag.AlignTop)
        told.addWidget(self._told, 1)
        card.body.addLayout(told)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.go)
        card.body.addLayout(row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 8, 24, 24)
        outer.addStretch(1)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(2)

    def show_export(self, shown: ExportShown, *, can_leave: bool) -> None:
        """Draw the form."""
        self.kinds.show_kinds(shown.kinds, shown.kind)
        self.excel.setChecked(shown.excel)
        self.csv.setChecked(not shown.excel)
        if self.target.text() != shown.target:
            self.target.setText(shown.target)
        self._field.set_error(shown.fault)
        self._told.setText(shown.told)
        self.back.setVisible(can_leave)
