"""The tour as `make run` takes it without a display, but each page in one theme a language; and what it leaves."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.e2e.tour_eyes import OwnWords, faults_of
from tests.e2e.tour_money import TABS
from tests.support.escpos_stream import EscposStream
from tests.support.paper_strip import Strip
from ui.kit.buttons import KeyButton
from ui.shell.window import Shell, ShellOptions

ROOT = Path(__file__).parents[2]
PAGES = (
    *("set-up", "sign-in", "shift-open"),
    *("sell-empty", "price", "sell-unknown", "sell", "search", "reason", "approval", "held"),
    *("pay", "change", "pay-again", "card-reference", "part-paid"),
    *("pay-code", "paid-by-code", "pay-other", "pay-static", "pay-deposit", "pay-platform", "pay-coupon"),
    *("deposit", "deposit-bill", "invoice-fault", "invoice"),
    *("hand-over-count", "hand-over-review", "hand-over", "payments", "invoices", "daily"),
    *("leaks", "leaks-list", "leaks-entry", "keys-changed"),
    *(f"settings-{name}" for name, _ in TABS),
    *("sign-up", "members", "member", "member-new", "question"),
    *("returns", "return", "return-chosen", "returned"),
    *("catalogue", "goods", "devices", "paper-out", "help", "settings"),
    *("goods-price", "price-labels", "goods-new", "pieces", "gold", "bulk"),
    *("labels", "labels-jewellery", "labels-card"),
    *("member-dates", "member-profile", "member-edit", "member-keys", "member-consents", "member-erase"),
    *("imports", "imports-mapping", "imports-rehearsal", "imports-done", "imports-undone", "imports-export"),
    *("shift", "shift-x", "shift-count", "shift-review", "shift-closed"),
    *("sync-enrol", "sync-page", "sync-join", "member-joined", "sync-desk", "sync-settled"),
)
SALES = 10
FORMS = ("pdf", "png", "txt", "bin")


class Tour:
    """A tour that was taken: its exit status, what it said, its folder."""

    def __init__(self, folder: Path) -> None:
        run = subprocess.run(
            [sys.executable, "-m", "tests.e2e.tour", str(folder), "--brief"],
            cwd=ROOT,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=1800,
        )
        self.status, self.said, self.folder = run.returncode, run.stdout + run.stderr, folder
        left = folder / "tour.json"
        self.left = json.loads(left.read_text("utf-8")) if left.exists() else {}

    def papers(self) -> Iterator[tuple[str, Path]]:
        """Yield (title, path without its ending) of each document that was printed."""
        for paper in self.left["papers"]:
            yield paper["title"], (self.folder / paper["files"][0]).with_suffix("")


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Tour:
    """One tour for all tests here; its clock and its books are its own."""
    return Tour(tmp_path_factory.mktemp("tour"))


def codes(image: Image.Image) -> set[str]:
    """Return what a scanner reads on a picture."""
    return {code.text for code in zxingcpp.read_barcodes(image)}


def test_the_day_goes_from_an_empty_folder_to_z_in_both_languages_and_the_books_prove(tour: Tour) -> None:
    assert tour.status == 0, tour.said
    # Two tills in each language.
    assert tour.said.count("found nothing wrong") == 4
    assert "Nothing is wrong." in tour.said


def test_two_tills_become_one_record_and_a_clash_is_merged_and_taken_back(tour: Tour) -> None:
    for step in (
        "The till founded its merchant on a platform",
        "found by phone who signed up at the first",
        "both tills signed up one phone, under two names",
        "was merged with one key, and the merge was taken back",
    ):
        assert tour.said.count(step) == 2, step


def test_every_page_has_its_picture_in_both_languages_and_in_light_and_dark(tour: Tour) -> None:
    seen = {(p["file"].split("-", 1)[1], p["theme"]) for p in tour.left["pictures"]}
    for page in PAGES:
        for language, theme in (("zh", "light"), ("en", "dark")):
            assert (f"{page}-{language}-{theme}.png", theme) in seen
    for picture in tour.left["pictures"]:
        with Image.open(tour.folder / picture["file"]) as image:
            assert image.size == (1280, 800)
            assert len(image.convert("L").getcolors(256) or ()) > 8, f"{picture['file']} is empty"


def test_no_page_has_a_word_of_the_wrong_language_or_one_that_is_cut(tour: Tour) -> None:
    assert [fault for picture in tour.left["pictures"] for fault in picture["faults"]] == []


def test_light_and_dark_differ(tour: Tour) -> None:
    for page in ("sell", "settings"):
        (light,) = tour.folder.glob(f"screens/*-{page}-zh-light.png")
        (dark,) = tour.folder.glob(f"screens/*-{page}-en-dark.png")
        with Image.open(light) as day, Image.open(dark) as night:
            ground = [sum(image.convert("L").resize((1, 1)).tobytes()) for image in (day, night)]
        assert ground[0] > 180 and ground[1] < 80


def test_every_receipt_stands_in_four_forms_and_its_codes_are_read_back(tour: Tour) -> None:
    numbers = []
    for title, stem in tour.papers():
        for form in FORMS:
            assert stem.with_name(f"{stem.name}.{form}").stat().st_size > 100
        if not title[-6:].isdigit():
            continue
        numbers.append(title)
        assert title in stem.with_name(f"{stem.name}.txt").read_text("utf-8")
        with Image.open(stem.with_name(f"{stem.name}.png")) as image:
            assert title in codes(image.convert("L"))
        document = pypdfium2.PdfDocument(stem.with_name(f"{stem.name}.pdf").read_bytes())
        assert title in codes(document[0].render(scale=200 / 72).to_pil())
        document.close()
    # Ten bills and a copy, in each language.
    assert len(numbers) == 2 * (SALES + 1) and len(set(numbers)) == SALES


def test_the_bytes_that_went_to_the_printer_carry_the_codes_and_one_of_them_is_marked_as_a_copy(
    tour: Tour,
) -> None:
    copies = 0
    for title, stem in tour.papers():
        strips: list[Strip] = []
        EscposStream(strips.append).receive(stem.with_name(f"{stem.name}.bin").read_bytes())
        paper = [strip for strip in strips if not strip.blank]
        assert len(paper) == 1 and paper[0].cut
        if title[-6:].isdigit():
            assert title in {text for _, text in paper[0].codes}
        copies += paper[0].is_copy
    assert copies == 2


def test_labels_a_tag_and_a_card_are_written_as_pdf_and_their_codes_are_read_back(tour: Tour) -> None:
    assert len(tour.left["files"]) == 6
    for name, kind in (("labels", "EAN13"), ("tags", "QRCode"), ("cards", "QRCode")):
        for language in ("zh", "en"):
            document = pypdfium2.PdfDocument((tour.folder / f"papers/{language}-{name}.pdf").read_bytes())
            found = zxingcpp.read_barcodes(document[0].render(scale=300 / 72).to_pil())
            document.close()
            assert kind in {str(code.format).replace("-", "").replace(" ", "") for code in found}, name


def test_x_and_z_are_printed(tour: Tour) -> None:
    texts = [stem.with_name(f"{stem.name}.txt").read_text("utf-8") for _, stem in tour.papers()]
    for short in ("¥5,000.00", "miscounted change"):
        assert sum(short in text for text in texts) == 2


def test_the_index_shows_every_picture_and_loads_nothing_from_afar(tour: Tour) -> None:
    page = (tour.folder / "index.html").read_text("utf-8")
    for picture in tour.left["pictures"]:
        assert f'src="{picture["file"]}"' in page
    assert "http" not in page and "<script" not in page


# -- the eyes themselves -----------------------------------------------------------------------------------


@pytest.fixture
def window(qtbot: QtBot) -> Shell:
    """A window with nothing in it but what a test puts there."""
    shell = Shell([], None, ShellOptions(time_text=lambda: "12:00"))
    qtbot.addWidget(shell)
    shell.show()
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    return shell


def put(window: Shell, *widgets: QWidget) -> None:
    """Lay widgets over the window, the last with the focus."""
    holder = QWidget(window)
    layout = QVBoxLayout(holder)
    for widget in widgets:
        layout.addWidget(widget)
    holder.setGeometry(100, 100, 600, 400)
    holder.show()
    widgets[-1].setFocus()


def test_the_eyes_see_chinese_on_an_english_page_but_not_what_the_shop_wrote(window: Shell) -> None:
    put(window, QLabel("Language / 语言"), QLineEdit())
    assert faults_of(window, "en", OwnWords()) == []
    put(window, QLabel("Cash 现金"), QLineEdit())
    assert any("'现金'" in fault for fault in faults_of(window, "en", OwnWords()))
    assert faults_of(window, "zh_CN", OwnWords()) == []


def test_the_eyes_see_words_that_are_cut(window: Shell) -> None:
    narrow, label, plain = (
        KeyButton("A long word on it", "F12"),
        QLabel("A long word on it"),
        QPushButton("Word"),
    )
    put(window, narrow, label, plain, QLineEdit())
    assert faults_of(window, "en", OwnWords()) == []
    for widget in (narrow, label, plain):
        widget.setFixedWidth(20)
    cut = faults_of(window, "en", OwnWords())
    assert len([fault for fault in cut if "cut" in fault]) == 3


def test_the_eyes_see_a_hint_that_an_empty_field_has_no_room_for(window: Shell) -> None:
    field = QLineEdit()
    field.setPlaceholderText("Scan, or type the digits under the code")
    put(window, field)
    assert faults_of(window, "en", OwnWords()) == []
    field.setFixedWidth(120)
    assert any("are cut" in fault for fault in faults_of(window, "en", OwnWords()))
    field.setText("134")
    assert faults_of(window, "en", OwnWords()) == []


def test_the_eyes_see_that_nothing_has_the_focus(window: Shell) -> None:
    field = QLineEdit()
    put(window, field)
    field.clearFocus()
    assert "nothing has the focus" in faults_of(window, "en", OwnWords())
