"""The pictures between customers: one after the other, whatever lies in the folder."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QPixmap
from pytestqt.qtbot import QtBot

from pos_app.domain.display import DisplaySettings
from tests.support.customer_screen import customer_screen
from tests.support.lanes import SteppedLane
from ui.display.slides import Slides, pictures_in, read_slide
from ui.sales import SCREEN as SALES

MILK = "6931201000176"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pictures"
    made.mkdir()
    for name, colour in (("b.png", 0xFF00FF00), ("a.jpg", 0xFFFF0000), ("C.PNG", 0xFF0000FF)):
        picture = QImage(64, 40, QImage.Format.Format_RGB32)
        picture.fill(colour)
        assert picture.save(str(made / name))
    (made / "notes.txt").write_text("no picture")
    (made / "broken.jpg").write_bytes(b"\xff\xd8 no picture either")
    (made / "inner.png").mkdir()
    return made


def test_only_pictures_are_shown_in_the_order_of_their_names(folder: Path) -> None:
    assert [path.name for path in pictures_in(str(folder))] == ["C.PNG", "a.jpg", "b.png", "broken.jpg"]


@pytest.mark.parametrize("folder_name", ["", "   ", "/no/such/folder", "\0", "~nobody-at-all/x"])
def test_a_folder_that_is_none_has_no_pictures(folder_name: str) -> None:
    assert pictures_in(folder_name) == [] and read_slide(folder_name, 0) is None


def test_a_picture_that_cannot_be_read_is_passed_over_and_the_first_follows_the_last(folder: Path) -> None:
    places = [slide.place for start in range(4) if (slide := read_slide(str(folder), start)) is not None]
    assert places == [0, 1, 2, 0]


def test_a_folder_of_broken_pictures_leaves_the_welcome(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"nothing")
    assert read_slide(str(tmp_path), 0) is None


def test_a_huge_picture_is_read_small(tmp_path: Path) -> None:
    picture = QImage(6000, 3000, QImage.Format.Format_RGB32)
    picture.fill(0xFF123456)
    picture.save(str(tmp_path / "huge.png"))
    slide = read_slide(str(tmp_path), 0)
    assert slide is not None and slide.image.width() <= 2560 and slide.image.height() <= 1440


def test_a_picture_that_was_read_too_late_is_not_shown(folder: Path, qtbot: QtBot) -> None:
    shown: list[QPixmap | None] = []
    lane = SteppedLane()
    slides = Slides(lane, shown.append)
    slides.run(str(folder), 8)
    slides.rest()
    lane.run_all()
    assert shown == [None]
    slides.run(str(folder), 8)
    lane.run_all()
    assert shown[-1] is not None and not shown[-1].isNull()
    slides.rest()


def test_between_customers_the_pictures_stand_and_make_room_for_the_bill(
    tmp_path: Path, folder: Path, qtbot: QtBot
) -> None:
    settings = DisplaySettings(on=True, pictures=str(folder), seconds=3)
    with customer_screen(tmp_path, [SALES], settings) as there:
        assert there.window.page == "idle" and there.window.idle.has_picture
        there.till.keys.scan(MILK)
        assert there.window.page == "counter"


def test_without_a_folder_the_welcome_comes_back(tmp_path: Path, folder: Path, qtbot: QtBot) -> None:
    settings = DisplaySettings(on=True, pictures=str(folder), seconds=3)
    with customer_screen(tmp_path, [SALES], settings) as there:
        there.set(pictures="")
        assert there.window.page == "idle" and not there.window.idle.has_picture
