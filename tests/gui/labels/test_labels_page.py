"""The labels page in the real window: a clerk prints tags, tags of pieces and cards, and the roll ends on her."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from zxingcpp import read_barcodes

from pos_app.domain.staff import Role
from pos_app.domain.values.money import Amount
from pos_app.services.catalogue_prices import PriceChange, PricesAsked
from pos_app.services.members import SignUp
from pos_app.services.ports.devices import LabelPrinter
from pos_app.words import speaking
from tests.support.label_roll import RollChannel, roll_printer
from tests.support.lanes import InlineLane, SteppedLane
from tests.support.screen_till import CounterTill, ScreenTill, counter_till, screen_till
from ui.labels import LABELS, labels_screen
from ui.labels.doors import LabelDoors
from ui.labels.page import LabelsPage
from ui.labels.state import Mode, State

Modifier = Qt.KeyboardModifier


class LabelTill:
    """The page, the hands, and the printer."""

    def __init__(self, till: ScreenTill, channel: RollChannel, device: SteppedLane | InlineLane) -> None:
        self.till, self.channel, self.device = till, channel, device
        page = till.shell.page(LABELS)
        assert isinstance(page, LabelsPage)
        self.page = page
        self.chosen: list[str] = []

    @property
    def state(self) -> State:
        return self.page._presenter.state

    def shows(self) -> State:
        """Return the state, which mypy must not think it knows already."""
        return self.page._presenter.state

    @property
    def told(self) -> str:
        return " ".join(self.till.shell.notices.texts())

    def saves_to(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the clerk choose a place whenever she is asked for one."""

        def save_file(title: str, name: str, pattern: str, answer: Callable[[Path | None], None]) -> None:
            self.chosen.append(name)
            answer(path)

        monkeypatch.setattr(self.till.shell.dialogs, "save_file", save_file)


@contextmanager
def label_till(
    tmp_path: Path,
    *,
    roll: int = 999,
    device: SteppedLane | None = None,
    books: SteppedLane | None = None,
    lang: str = "zh_CN",
) -> Iterator[LabelTill]:
    channel = RollChannel(roll=roll)

    def printer() -> LabelPrinter:
        return roll_printer(channel)

    lane = device or InlineLane()
    with counter_till(tmp_path, books) as at:
        has_printer(at, "tcp://127.0.0.1:9")
        at.sign_in(Role.CLERK)
        with screen_till(at, [labels_screen(LabelDoors(lane, printer))], lang=lang) as till:
            yield LabelTill(till, channel, lane)


def has_printer(at: CounterTill, address: str) -> None:
    settings = at.counter.shop.settings
    settings.change(at.demo.owner, msgspec.structs.replace(settings.value, label_printer=address))


def barcode_of_goods(till: LabelTill, place: int = 0) -> str:
    shop = till.till.at.counter.shop
    variants, _ = shop.catalogue.browse("", 200)
    with_codes = [v for v in variants if v.retail and shop.catalogue.details(v.variant_id)[0]]
    return shop.catalogue.details(with_codes[place].variant_id)[0][0].code


def codes_on(picture: Image.Image) -> list[str]:
    return [code.text for code in read_barcodes(picture.resize((picture.width * 2, picture.height * 2)))]


def test_a_clerk_scans_goods_and_prints_their_tags_by_keys_alone(tmp_path: Path) -> None:
    with label_till(tmp_path) as at:
        code, keys = barcode_of_goods(at), at.till.keys
        keys.scan(code)
        keys.scan(code)
        keys.scan(barcode_of_goods(at, 1))
        assert [row.copies for row in at.state.rows] == [2, 1]
        while at.state.format != "roll_40x30":
            keys.press(Qt.Key.Key_F6)
        assert at.state.preview is not None and at.state.prints
        keys.press(Qt.Key.Key_F12)
        labels = at.channel.labels
        assert [label.copies for label in labels] == [2, 1]
        assert code in codes_on(labels[0].picture)
        assert (at.shows().rows, at.shows().busy) == ((), False)
        assert "已印 3 张" in at.told


def test_the_box_finds_by_pinyin_and_enter_adds_what_is_marked(tmp_path: Path) -> None:
    with label_till(tmp_path) as at:
        at.till.keys.type("zuan")
        assert at.state.found
        name = at.state.found[1].name
        at.till.keys.press(Qt.Key.Key_Down)
        at.till.keys.press(Qt.Key.Key_Return)
        assert at.shows().found is None and at.page.box.text() == ""
        assert {row.name for row in at.shows().rows} == {name}
        assert at.shows().mode is Mode.PIECES
        at.till.keys.type("qqqqqq")
        at.till.keys.press(Qt.Key.Key_Return)
        assert "没有“qqqqqq”这个商品" in at.told


def test_a_roll_that_ends_says_what_is_out_and_keeps_the_rest(tmp_path: Path) -> None:
    with label_till(tmp_path, roll=1) as at:
        for place in range(3):
            at.till.keys.scan(barcode_of_goods(at, place))
        at.page._presenter.choose_format("roll_50x30")
        at.till.keys.press(Qt.Key.Key_F12)
        assert at.channel.out == 1
        assert len(at.state.rows) == 3 and not at.state.busy
        assert at.state.rows[0].fault and "缺纸" in at.state.printer
        assert "可能只印了一部分" in at.told and "还有 3 张留在列表里" in at.told
        at.channel.roll = 99
        at.till.keys.press(Qt.Key.Key_F12)
        assert at.shows().rows == () and at.channel.out == 4 and "正常" in at.shows().printer


def test_a_changed_price_is_done_with_only_when_its_tag_is_out(tmp_path: Path) -> None:
    with label_till(tmp_path, roll=0) as at:
        shop = at.till.at.counter.shop
        found = shop.catalogue.find(barcode_of_goods(at))
        assert found is not None and found.variant.retail is not None
        change = PriceChange(variant=found.variant.variant_id, price=Amount(found.variant.retail - 1))
        shop.catalogue_prices.set_prices(at.till.at.demo.owner, PricesAsked(list="retail", changes=[change]))
        at.page._presenter.choose_format("roll_40x30")
        at.till.keys.press(Qt.Key.Key_F2)
        assert len(at.state.rows) == 1
        at.till.keys.press(Qt.Key.Key_F12)
        assert len(shop.labels.changed().items) == 1
        at.channel.roll = 9
        at.till.keys.press(Qt.Key.Key_F12)
        assert shop.labels.changed().items == ()
        at.till.keys.press(Qt.Key.Key_F2)
        assert "没有调过价" in at.told


def test_stopping_keeps_what_is_not_out(tmp_path: Path) -> None:
    device = SteppedLane()
    with label_till(tmp_path, device=device) as at:
        for place in range(4):
            at.till.keys.scan(barcode_of_goods(at, place))
        at.page._presenter.choose_format("roll_40x30")
        device.run_all()
        at.till.keys.press(Qt.Key.Key_F12)
        device.step()
        device.step()
        assert at.state.progress == (1, 4) and not at.page.may_close
        at.till.keys.press(Qt.Key.Key_Escape)
        device.run_all()
        assert at.channel.out == 2 and len(at.state.rows) == 2 and at.page.may_close


def test_a_part_used_sheet_is_begun_where_the_clerk_says_and_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with label_till(tmp_path) as at:
        at.saves_to(tmp_path / "tags", monkeypatch)
        at.till.keys.scan(barcode_of_goods(at))
        at.till.keys.press(Qt.Key.Key_F8)
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
            at.till.keys.press(key)
        assert at.state.sheet is not None and at.state.sheet.start == 5
        at.till.keys.press(Qt.Key.Key_Up)
        at.till.keys.press(Qt.Key.Key_Up)
        assert at.state.sheet.start == 2, "above the sheet there is nothing"
        at.till.keys.press(Qt.Key.Key_Escape)
        assert at.page.box.hasFocus()
        at.till.keys.press(Qt.Key.Key_F12)
        assert (tmp_path / "tags.pdf").read_bytes().startswith(b"%PDF")
        assert at.chosen[0].startswith("价签-") and at.chosen[0].endswith(".pdf")
        assert at.till.at.counter.shop.current.value.labels.starts == {"a4_24": 3}
        assert "已存 1 张" in at.told


def test_one_sheet_is_told_as_one_and_two_as_two(tmp_path: Path) -> None:
    with label_till(tmp_path) as at, speaking("en"):
        at.till.keys.scan(barcode_of_goods(at))
        assert at.state.summary.startswith("1 label on 1 sheet; ")
        for _ in range(24):
            at.till.keys.scan(barcode_of_goods(at))
        assert at.state.summary.startswith("25 labels on 2 sheets; ")


def test_a_click_on_the_sheet_begins_there(tmp_path: Path) -> None:
    from PySide6.QtTest import QTest

    with label_till(tmp_path) as at:
        sheet = at.page.panel.sheet
        QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=sheet.place_of(8).center())
        assert at.state.sheet is not None and at.state.sheet.start == 8


def test_copies_are_typed_counted_and_taken_off(tmp_path: Path) -> None:
    with label_till(tmp_path) as at:
        keys = at.till.keys
        keys.scan(barcode_of_goods(at))
        keys.press(Qt.Key.Key_F7)
        keys.type("12")
        keys.press(Qt.Key.Key_Return)
        assert at.state.rows[0].copies == 12
        keys.press(Qt.Key.Key_F7)
        keys.type("0")
        keys.press(Qt.Key.Key_Return)
        assert at.state.rows[0].copies == 12 and "份数要在 1 到 999 之间" in at.told
        keys.press(Qt.Key.Key_Plus, Modifier.KeypadModifier)
        copies = at.state.rows[0].copies
        keys.press(Qt.Key.Key_Minus, Modifier.KeypadModifier)
        assert at.state.rows[0].copies == copies - 1
        keys.press(Qt.Key.Key_Delete)
        assert at.state.rows == ()


def test_no_printer_is_told_in_words(tmp_path: Path) -> None:
    with label_till(tmp_path) as at:
        has_printer(at.till.at, "none")
        at.till.keys.scan(barcode_of_goods(at))
        at.page._presenter.choose_format("roll_40x30")
        at.till.keys.press(Qt.Key.Key_F12)
        assert "还没有设置标签打印机" in at.told and len(at.state.rows) == 1


def test_another_page_hands_goods_over_and_members_without_card_get_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with label_till(tmp_path, lang="en") as at:
        shop = at.till.at.counter.shop
        found = shop.catalogue.find(barcode_of_goods(at))
        assert found is not None
        at.till.shell.navigation.open(LABELS, {"variants": [found.variant.variant_id]})
        assert [row.name for row in at.state.rows] == [found.variant.name]
        at.page._presenter.go_to(Mode.CARDS)
        assert at.state.preview is None
        at.till.keys.press(Qt.Key.Key_F2)
        count = len(at.state.rows)
        assert at.state.preview is not None
        with Image.open(BytesIO(at.state.preview)) as card:
            assert [code.text for code in read_barcodes(card.convert("L"))] == ["0" * 16], "not made yet"
        assert count > 10 and all("****" in row.under for row in at.state.rows if row.under)
        at.saves_to(tmp_path / "cards.pdf", monkeypatch)
        at.till.keys.press(Qt.Key.Key_F12)
        assert (tmp_path / "cards.pdf").read_bytes().startswith(b"%PDF")
        assert f"{count} cards saved" in at.told and at.state.rows == ()
        assert shop.card_sheets.without_card(100) == ()
        with at.till.at.demo.store.read() as tx:
            assert tx.journal.count_kinds((0, 0))["card.printed"] == 1


def test_two_quick_scans_are_both_on_the_list(tmp_path: Path) -> None:
    books = SteppedLane()
    with label_till(tmp_path, books=books) as at:
        codes = barcode_of_goods(at), barcode_of_goods(at, 1)
        books.run_all()
        for code in codes:
            at.till.keys.scan(code)
        books.run_all()
        assert [row.code for row in at.state.rows] == list(codes)


def test_a_scanned_card_of_four_digits_adds_its_owner_and_nobody_whose_phone_ends_alike(
    tmp_path: Path,
) -> None:
    with label_till(tmp_path) as at:
        shop, owner = at.till.at.counter.shop, at.till.at.demo.owner
        member = shop.members.register(owner, SignUp(phone="13900000007", agreed=True, name="钱多多"))
        shop.member_keys.issue(owner, member.member_id, "4321")
        shop.members.register(owner, SignUp(phone="13900004321", agreed=True, name="后来的人"))
        at.page._presenter.go_to(Mode.CARDS)
        at.till.keys.scan("4321")
        assert [row.name for row in at.state.rows] == ["钱多多"]
        known = shop.members.get(member.member_id)
        assert known is not None and shop.card_sheets.specimen(known).number == "0" * 14 + "21"


def test_goods_handed_over_while_labels_go_out_wait_on_the_list(tmp_path: Path) -> None:
    device = SteppedLane()
    with label_till(tmp_path, device=device) as at:
        shop = at.till.at.counter.shop
        at.till.keys.scan(barcode_of_goods(at))
        at.page._presenter.choose_format("roll_40x30")
        device.run_all()
        at.till.keys.press(Qt.Key.Key_F12)
        device.step()
        pieces = next(v for v in shop.catalogue.browse("", 200)[0] if shop.catalogue.details(v.variant_id)[1])
        first = shop.catalogue.find(barcode_of_goods(at))
        assert first is not None
        asked = {"variants": [first.variant.variant_id, pieces.variant_id]}
        at.till.shell.navigation.open(LABELS, asked)
        device.run_all()
        assert at.channel.out == 1 and at.state.mode is Mode.GOODS
        assert [row.name for row in at.state.rows] == [first.variant.name]
        assert at.state.counts[1] == len(shop.catalogue.details(pieces.variant_id)[1])


def test_a_clerk_who_signs_out_while_a_sheet_is_set_leaves_its_place_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = SteppedLane()
    with label_till(tmp_path, device=device) as at:
        at.saves_to(tmp_path / "tags.pdf", monkeypatch)
        at.till.keys.scan(barcode_of_goods(at))
        device.run_all()
        at.till.keys.press(Qt.Key.Key_F12)
        at.till.at.counter.session.actor = None
        device.run_all()
        assert at.till.at.counter.shop.current.value.labels.starts == {"a4_24": 2}
        assert (tmp_path / "tags.pdf").exists() and at.state.rows == ()
