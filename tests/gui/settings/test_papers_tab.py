"""How receipts look and how the printer handles them: seen before it is saved, tried on a real virtual printer."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from pos_app.documents.page import Paper
from pos_app.domain.printer_options import PrinterOptions, divide
from pos_app.domain.settings import Settings
from pos_app.hardware.opening import open_printer
from tests.support.screen_till import ScreenTill, counter_till, no_printers, screen_till
from tests.support.virtual_printer import VirtualPrinter
from ui.kit.fields import ChoiceEdit, CodeEdit
from ui.settings import settings_screen
from ui.settings.papers_tab import PapersTab
from ui.shell.screens import ScreenId

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="80">'
    '<circle cx="40" cy="40" r="34" fill="#0E7C66"/><rect x="90" y="24" width="100" height="32"/></svg>'
)


@dataclass
class Desk:
    """The owner at the tab of papers, with a printer on the network."""

    till: ScreenTill
    printer: VirtualPrinter

    @property
    def tab(self) -> PapersTab:
        (found,) = self.till.shell.findChildren(PapersTab)
        return found

    @property
    def settings(self) -> Settings:
        return self.till.at.demo.shop.current.value

    @property
    def options(self) -> PrinterOptions:
        return divide(self.settings.printer)[1]

    def press(self, name: str) -> None:
        (button,) = self.till.shell.findChildren(QPushButton, name)
        button.click()
        QApplication.processEvents()

    def said(self, name: str) -> str:
        (label,) = self.till.shell.findChildren(QLabel, name)
        return label.text()

    def write(self, name: str, text: str) -> None:
        (edit,) = self.till.shell.findChildren(CodeEdit, f"settings_papers_{name}")
        edit.setText(text)
        edit.textEdited.emit(text)

    def note(self, name: str, text: str) -> None:
        (edit,) = self.till.shell.findChildren(QPlainTextEdit, f"settings_papers_{name}")
        edit.setPlainText(text)

    def choose(self, name: str, value: object) -> None:
        (edit,) = self.till.shell.findChildren(ChoiceEdit, f"settings_papers_{name}")
        edit.setCurrentIndex(edit.findData(value))
        edit.activated.emit(edit.currentIndex())


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    with VirtualPrinter() as printer, counter_till(tmp_path) as at:
        printer.put_in_font("gb18030")
        current = at.demo.shop.current
        current.value = msgspec.structs.replace(current.value, printer=printer.setting())
        doors = no_printers(lambda settings: open_printer(settings.printer, Paper.of(settings.paper_mm)))
        with screen_till(at, [settings_screen(doors)]) as till:
            qtbot.waitUntil(till.shell.isActiveWindow)
            till.shell.navigation.open(ScreenId("settings"), "papers")
            QApplication.processEvents()
            yield Desk(till, printer)


def test_what_is_typed_stands_on_the_preview_before_it_is_saved(desk: Desk) -> None:
    before = desk.tab.presenter.state.preview
    desk.note("header", "婚嫁首饰 · 以旧换新")
    assert desk.tab.presenter.state.preview != before and before.startswith(b"\x89PNG")
    assert desk.settings.receipt.header == ""
    desk.press("settings_papers_save")
    assert desk.settings.receipt.header == "婚嫁首饰 · 以旧换新"
    assert "已保存" in desk.said("settings_papers_note")


@pytest.mark.parametrize("kind", ["logo.png", "logo.jpg", "logo.svg"])
def test_a_logo_of_each_kind_is_shown_and_kept(desk: Desk, tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    if kind.endswith("svg"):
        path.write_text(SVG)
    else:
        image = Image.new("RGB", (600, 200), "white")
        image.paste((168, 116, 26), (40, 40, 560, 160))
        image.save(path)
    before = desk.tab.presenter.state.preview
    desk.tab.presenter.choose_logo(path)
    assert desk.tab.presenter.state.preview != before
    desk.press("settings_papers_save")
    assert desk.settings.receipt_logo.startswith(b"\x89PNG")
    desk.press("settings_papers_no_logo")
    desk.press("settings_papers_save")
    assert desk.settings.receipt_logo == b""


@pytest.mark.parametrize(
    "content", [b"", b"no picture at all", b"<svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_a_broken_picture_is_refused_in_words_and_the_old_logo_stays(
    desk: Desk, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(content)
    desk.tab.presenter.choose_logo(path)
    assert desk.said("settings_papers_problem") and not desk.tab.presenter.state.changed
    desk.tab.presenter.choose_logo(tmp_path / "not there.png")
    assert desk.said("settings_papers_problem") and desk.settings.receipt_logo == b""


def test_how_the_printer_cuts_and_kicks_is_kept_with_the_printer(desk: Desk) -> None:
    desk.choose("cut", "full")
    desk.write("feed", "6")
    desk.choose("pin", "5")
    desk.write("on_ms", "50")
    desk.choose("density", 2)
    desk.press("settings_papers_save")
    assert desk.options == PrinterOptions(cut="full", feed=6, pin="5", on_ms=50, density=2)
    assert desk.settings.printer.startswith(desk.printer.setting() + "?")


@pytest.mark.parametrize(
    ("name", "text"), [("feed", "99"), ("on_ms", "x"), ("kick", "1B 7"), ("off_ms", "9999")]
)
def test_what_no_printer_takes_is_said_under_its_field(desk: Desk, name: str, text: str) -> None:
    desk.write(name, text)
    desk.press("settings_papers_save")
    assert desk.tab.presenter.state.errors[0][0] == name
    assert desk.options == PrinterOptions(), "nothing of it is in force"


def test_the_sample_comes_out_as_the_form_says(desk: Desk) -> None:
    desk.choose("cut", "none")
    desk.press("settings_papers_sample")
    assert desk.printer.cuts == 0 and "已送出" in desk.said("settings_papers_tested")
    desk.choose("cut", "full")
    desk.press("settings_papers_sample")
    assert desk.printer.cuts == 1


def test_characters_can_be_chosen_only_after_they_were_seen_on_paper(desk: Desk) -> None:
    (text,) = desk.till.shell.findChildren(ChoiceEdit, "settings_papers_text")
    assert not text.isVisible()
    desk.press("settings_papers_charsets")
    assert text.isVisible() and any("熟客" in line for line in desk.printer.lines)
    desk.choose("text", "gb18030")
    desk.press("settings_papers_save")
    assert desk.options.text == "gb18030"
    before = len(desk.printer.lines)
    desk.press("settings_papers_sample")
    assert any("18K金项链" in line for line in desk.printer.lines[before:])


def test_latin_only_needs_a_code_page(desk: Desk) -> None:
    desk.press("settings_papers_charsets")
    desk.choose("text", "latin")
    desk.press("settings_papers_save")
    assert desk.tab.presenter.state.errors[0][0] == "latin"


def test_trying_the_drawer_is_recorded_and_sends_what_the_form_says(desk: Desk) -> None:
    desk.write("kick", "1B 70 01 19 FA")
    desk.press("settings_papers_kick")
    assert desk.said("settings_papers_tested")
    with desk.till.at.demo.store.read() as tx:
        assert tx.journal.count_kinds((0, 0)).get("drawer.opened", 0) >= 1
    open_printer(desk.printer.setting()).status()
    assert desk.printer.kicks == [1]


def test_a_printer_that_is_off_is_said_in_words(desk: Desk) -> None:
    with VirtualPrinter() as gone:
        setting = gone.setting()
    current = desk.till.at.demo.shop.current
    current.value = msgspec.structs.replace(current.value, printer=setting)
    desk.tab.presenter.open()
    desk.press("settings_papers_sample")
    assert "没有应答" in desk.said("settings_papers_tested")


def test_without_a_printer_nothing_can_be_tried_and_it_is_said_why(desk: Desk) -> None:
    current = desk.till.at.demo.shop.current
    current.value = msgspec.structs.replace(current.value, printer="none")
    desk.tab.presenter.open()
    (button,) = desk.till.shell.findChildren(QPushButton, "settings_papers_sample")
    assert not button.isEnabled()
    desk.note("footer_en", "Thank you")
    desk.press("settings_papers_save")
    assert desk.settings.printer == "none" and desk.settings.receipt.footer_en == "Thank you"
