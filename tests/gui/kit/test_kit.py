"""Widgets of the kit behave at the counter."""

import gc
import sys
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.values.money import currency
from ui.kit.buttons import BigButton, FilterChip, KeyButton, Tile
from ui.kit.fields import AmountEdit, ChoiceEdit, CodeEdit, Field, NameEdit, PinEdit, SellEdit, TickEdit
from ui.kit.fonts import font
from ui.kit.icons import icon, icon_pixmap
from ui.kit.labels import AmountLabel, Chip, ElidedWords
from ui.kit.lists import Cell, Column, Row, RowList
from ui.kit.number_pad import NumberPad
from ui.kit.tokens import sizes, tokens, use
from ui.shell.theme import apply_theme

COLUMNS = (Column("name", "Name"), Column("amount", "Amount", 120, right=True, sortable=True))


@pytest.fixture(autouse=True)
def dressed(qtbot: QtBot) -> Iterator[None]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, "light")
    yield
    use("light")


def _rows(count: int) -> list[Row]:
    return [Row(n, (Cell(f"line {n}"), Cell(f"¥{n}.00"))) for n in range(count)]


def _shown(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    widget.setFocus()


@pytest.mark.parametrize(
    "make",
    [
        lambda: KeyButton("x"),
        lambda: KeyButton("挂单", "F3", icon="pause"),
        lambda: BigButton("收款", "F12"),
        lambda: Tile("现金", "F1", icon="banknote"),
        lambda: FilterChip("全部"),
        lambda: CodeEdit("code"),
        lambda: AmountEdit("amount"),
        lambda: PinEdit("pin"),
        lambda: SellEdit(),
        lambda: NameEdit("name"),
        lambda: ChoiceEdit("choice"),
        lambda: TickEdit("tick", "同意"),
    ],
)
def test_a_finger_hits_it(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    widget = make()
    _shown(qtbot, widget)
    widget.adjustSize()
    assert widget.height() >= 44
    assert widget.width() >= 44


def test_a_button_says_its_words_and_its_key(qtbot: QtBot) -> None:
    button = KeyButton("Hold", "F3")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Hold F3"
    button.set_key("Ctrl+H")
    assert button.accessibleName() == "Hold Ctrl+H"
    assert button.sizeHint().width() > KeyButton("Hold").sizeHint().width()


def test_figures_have_one_width(qtbot: QtBot) -> None:
    label = AmountLabel("due")
    qtbot.addWidget(label)
    widths = set()
    for amount in (111111, 888888, 123456):
        label.set_amount(amount, currency("CNY"))
        widths.add(label.sizeHint().width())
    assert len(widths) == 1
    assert label.text() == "¥1,234.56"


def test_a_long_amount_shrinks_and_is_never_cut(qtbot: QtBot) -> None:
    label = AmountLabel("due")
    qtbot.addWidget(label)
    label.set_amount(9_999_999_999_999, currency("CNY"))
    label.resize(260, 60)
    picture = label.grab().toImage()
    ground = picture.pixelColor(0, 0)
    assert all(picture.pixelColor(0, y) == ground for y in range(picture.height()))


def test_a_long_name_is_shortened_on_screen_only(qtbot: QtBot) -> None:
    label = ElidedWords("足金999古法素圈戒指" * 5)
    label.resize(120, 24)
    _shown(qtbot, label)
    assert label.text() == "足金999古法素圈戒指" * 5
    assert label.toolTip() == label.text()


def test_full_width_digits_are_folded_as_they_come(qtbot: QtBot) -> None:
    box = SellEdit()
    _shown(qtbot, box)
    box.insert("１３８　Ａ")
    assert box.text() == "138 A"


def test_input_methods_open_only_where_words_are_written(qtbot: QtBot) -> None:
    attribute = Qt.WidgetAttribute.WA_InputMethodEnabled
    for edit in (SellEdit(), CodeEdit("c"), AmountEdit("a"), PinEdit("p")):
        qtbot.addWidget(edit)
        assert not edit.testAttribute(attribute), edit
    name = NameEdit("n")
    qtbot.addWidget(name)
    assert name.testAttribute(attribute)


def test_the_sell_box_tells_its_keys(qtbot: QtBot) -> None:
    box = SellEdit()
    _shown(qtbot, box)
    heard: list[object] = []
    box.submitted.connect(heard.append)
    box.moved.connect(heard.append)
    box.emptied_key.connect(heard.append)
    box.dismissed.connect(lambda: heard.append("dismissed"))
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Return):
        QTest.keyClick(box, key)
    assert heard == [-1, 1, "delete", "dismissed", ""]
    heard.clear()
    QTest.keyClicks(box, "ab")
    QTest.keyClick(box, Qt.Key.Key_Backspace)
    QTest.keyClick(box, Qt.Key.Key_Enter)
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert heard == ["a"]
    assert box.text() == ""


def test_the_number_pad_profile_acts_only_on_an_empty_box(qtbot: QtBot) -> None:
    box = SellEdit()
    _shown(qtbot, box)
    heard: list[str] = []
    box.emptied_key.connect(heard.append)
    pad = Qt.KeyboardModifier.KeypadModifier
    QTest.keyClick(box, "+", pad)
    assert (heard, box.text()) == ([], "+")
    box.clear()
    box.pad_signs = True
    for sign in "+-/":
        QTest.keyClick(box, sign, pad)
    QTest.keyClick(box, "+")
    QTest.keyClick(box, "-", pad)
    assert heard == ["+", "-", "/"]
    assert box.text() == "+-"


def test_what_is_wrong_stands_under_its_field(qtbot: QtBot) -> None:
    edit = CodeEdit("phone")
    field = Field("手机号", edit, hint="11 位")
    _shown(qtbot, field)
    field.set_error("少一位")
    assert edit.accessibleDescription() == "少一位"
    assert edit.property("invalid") == "true"
    field.set_error("")
    assert edit.property("invalid") == "false"
    assert edit.accessibleName() == "手机号"


def test_the_current_line_stays_when_another_is_added(qtbot: QtBot) -> None:
    rows = RowList("cart", COLUMNS)
    _shown(qtbot, rows)
    rows.set_rows(_rows(3))
    rows.set_current(1)
    rows.set_rows(_rows(4))
    assert rows.current_key() == 1
    rows.set_rows(_rows(1))
    assert rows.current_key() in (0, None)


def test_arrows_walk_the_lines_and_stop_at_the_ends(qtbot: QtBot) -> None:
    rows = RowList("cart", COLUMNS, focusable=False)
    _shown(qtbot, rows)
    rows.step(1)
    assert rows.current_key() is None
    rows.set_rows(_rows(3))
    for step, key in ((1, 0), (1, 1), (10, 2), (1, 2), (-10, 0), (-1, 0)):
        rows.step(step)
        assert rows.current_key() == key


def test_an_empty_list_says_so(qtbot: QtBot) -> None:
    rows = RowList("cart", COLUMNS)
    _shown(qtbot, rows)
    assert rows.empty.isVisible()
    rows.set_rows(_rows(1))
    assert not rows.empty.isVisible()


def test_enter_chooses_and_a_head_asks_for_an_order(qtbot: QtBot) -> None:
    rows = RowList("cart", COLUMNS)
    rows.resize(400, 300)
    _shown(qtbot, rows)
    rows.set_rows(_rows(3))
    rows.set_current(2)
    heard: list[object] = []
    rows.chosen.connect(heard.append)
    rows.sort_asked.connect(heard.append)
    QTest.keyClick(rows.view, Qt.Key.Key_Return)
    QTest.mouseClick(rows.head, Qt.MouseButton.LeftButton, pos=QPoint(380, 10))
    QTest.mouseClick(rows.head, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert heard == [2, "amount"]


def test_an_unchanged_list_repaints_nothing(qtbot: QtBot) -> None:
    rows = RowList("cart", COLUMNS)
    _shown(qtbot, rows)
    rows.set_rows(_rows(40))
    changed: list[int] = []
    rows.view.model().dataChanged.connect(lambda first, _last: changed.append(first.row()))
    rows.set_rows(_rows(40))
    assert changed == []
    new = _rows(40)
    new[7] = Row(7, (Cell("other"), Cell("¥7.00")))
    rows.set_rows(new)
    assert changed == [7]


def test_the_number_pad_speaks_and_leaves_the_focus_alone(qtbot: QtBot) -> None:
    pad = NumberPad(enter=True)
    qtbot.addWidget(pad)
    heard: list[str] = []
    pad.pressed.connect(heard.append)
    for name in ("pad_7", "pad_0", "pad_.", "pad_back", "pad_enter"):
        button = pad.findChild(QWidget, name)
        assert button is not None and button.focusPolicy() == Qt.FocusPolicy.NoFocus
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard == ["7", "0", ".", "back", "enter"]


def _inks(picture: QPixmap) -> set[str]:
    image = picture.toImage()
    points = [(x, y) for x in range(image.width()) for y in range(image.height())]
    return {image.pixelColor(x, y).name() for x, y in points if image.pixelColor(x, y).alpha() == 255}


def test_an_icon_takes_the_colour_of_the_theme(qtbot: QtBot) -> None:
    drawn = icon("users", "primary")
    assert tokens("light").primary.lower() in _inks(drawn.pixmap(24, 24))
    use("dark")
    assert tokens("dark").primary.lower() in _inks(drawn.pixmap(24, 24))


def test_marks_follow_the_theme_while_selling(qtbot: QtBot) -> None:
    chip = Chip("过期", "danger", "circle-alert")
    _shown(qtbot, chip)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    assert tokens("light").danger.lower() in _inks(chip.grab())
    apply_theme(app, "dark")
    assert tokens("dark").danger.lower() in _inks(chip.grab())


def test_an_icon_is_sharp_on_a_dense_screen(qtbot: QtBot) -> None:
    picture = icon_pixmap("users", "text", 20, 2.0)
    assert (picture.width(), picture.devicePixelRatio()) == (40, 2.0)
    wanted = icon("users").pixmap(QSize(20, 20), 2.0)
    assert (wanted.width(), wanted.devicePixelRatio()) == (40, 2.0)


def test_rare_names_have_their_characters_on_the_screen(qtbot: QtBot) -> None:
    from PySide6.QtGui import QFontMetrics

    metrics = QFontMetrics(font(13))
    assert all(metrics.inFontUcs4(ord(character)) for character in "镕祎赟喆堃婳垚䶮㛃¥−★")


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_painting_all_day_wears_nothing_out(qtbot: QtBot) -> None:
    """PySide6 6.12.0 lost one reference to None per call on Python 3.11: fatal after an hour of selling."""
    button = KeyButton("Hold", "F3", icon="pause")
    qtbot.addWidget(button)
    picture = QPixmap(64, 64)

    def paint() -> None:
        painter = QPainter(picture)
        painter.fillRect(QRect(0, 0, 9, 9), QColor("#000000"))
        painter.setFont(font(13))
        painter.end()
        button.grab()

    paint()
    gc.collect()
    before = sys.getrefcount(None)
    for _ in range(50):
        paint()
    gc.collect()
    assert abs(sys.getrefcount(None) - before) < 40


def test_a_character_without_a_glyph_is_shown_as_its_code_point(qtbot: QtBot) -> None:
    from ui.kit.labels import Words

    label = Words("𠮷田")
    qtbot.addWidget(label)
    assert label.text() == "[U+20BB7]田"


def test_a_chip_says_an_ampersand_and_has_room_for_its_words_when_it_is_on(qtbot: QtBot) -> None:
    chip = FilterChip("Children & notes", checked=True)
    qtbot.addWidget(chip)
    chip.show()
    assert chip.accessibleName() == "Children & notes" and chip.text() == "Children && notes"
    bold = QFontMetrics(font(sizes().body, strong=True)).horizontalAdvance("Children & notes")
    assert chip.sizeHint().width() >= bold + 2 * 16
