"""The manager's part of the day: goods and prices, labels, members' sections, a file that goes in and out again.

Decides the steps and what must be seen after each. What is written stands in the tour's own folder.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt

from tests.e2e.tour_guide import FORMULA, NEXT_GOLD, QUESTION, REGULAR, Guide, Key
from tests.e2e.tour_hands import CTRL, TourError

SHIFT = Qt.KeyboardModifier.ShiftModifier
PEOPLE = (("Ellen Lin", "17740000001"), ("Tom Short", "1774000"), ("Mary Zhou", "17740000003"))
"""Invented; the second phone is too short to be one."""
HEADINGS = {"zh_CN": "姓名,手机号", "en": "name,phone"}
UNDONE = {"zh_CN": "已撤销", "en": "ndone"}
ALL_SECTIONS = ("dates", "profile", "keys", "consents")


class Office:
    """What a manager does besides selling; each chapter begins and ends on whatever page."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        self._hands = guide.hands

    @property
    def chapters(self) -> tuple[Callable[[], None], ...]:
        """The chapters in the order of the day."""
        return (
            self.price,
            self.labels,
            self.many_goods,
            self.member_sections,
            self.imports,
            self.take_back,
        )

    # -- goods ---------------------------------------------------------------------------------------------

    def price(self) -> None:
        """A new price for a tin."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_3, CTRL, "catalogue_box")
        hands.scan(FORMULA)
        for _ in range(6):
            if hands.is_on("catalogue_tab_prices"):
                break
            hands.press(Key.Key_F4)
        hands.press(Key.Key_F5, then="catalogue_form_list")
        guide.tab_to("catalogue_form_price")
        hands.type("126")
        guide.look("goods-price", "A new price of one of the goods")
        hands.press(Key.Key_Return, CTRL, "catalogue_box")
        hands.sees("126.00")
        guide.tell("The price of a tin was changed to 126.00")

    def many_goods(self) -> None:
        """New goods, pieces, gold prices, a change to many shown before it is done."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_3, CTRL, "catalogue_box")
        hands.press(Key.Key_Escape)
        hands.press(Key.Key_F10, then="catalogue_form_name")
        guide.look("goods-new", "New goods")
        hands.press(Key.Key_Escape, then="catalogue_box")
        hands.press(Key.Key_F7)
        guide.look("pieces", "Every piece of the shop")
        hands.press(Key.Key_F7)
        hands.press_last(Key.Key_F8)
        hands.settle_on("catalogue_gold_")
        guide.look("gold", "Gold prices of the day, and their history")
        hands.press(Key.Key_Escape, then="catalogue_box")
        hands.press(Key.Key_Down)
        hands.press(Key.Key_Space)
        hands.press(Key.Key_Down, SHIFT)
        hands.press(Key.Key_B, CTRL, "catalogue_bulk_move")
        hands.press(Key.Key_Down)
        guide.tab_to("catalogue_bulk_by")
        hands.type("-10")
        hands.press(Key.Key_Return, CTRL, "catalogue_bulk_save")
        guide.look("bulk", "A change to many goods, seen before it is done")
        hands.press(Key.Key_Escape, then=QUESTION)
        hands.enter("catalogue_box")
        guide.tell("Ten per cent off two of the goods was looked at and left")

    # -- labels --------------------------------------------------------------------------------------------

    def labels(self) -> None:
        """The changed price's label, a jewellery tag and a member's card, seen and written as PDF."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_F9)
        guide.look("price-labels", "Prices that changed, and whose labels still hang")
        hands.press(Key.Key_F12, then="labels_box")
        hands.sees("126.00")
        guide.look("labels", "Labels, as they will be printed")
        self._save("labels", Key.Key_F12)
        hands.press(Key.Key_F4)
        hands.scan(NEXT_GOLD)
        guide.look("labels-jewellery", "The tag of one piece")
        self._save("tags", Key.Key_F11)
        hands.press(Key.Key_F4)
        hands.say(REGULAR)
        guide.look("labels-card", "A member's card")
        self._save("cards", Key.Key_F12)
        guide.tell("Labels, a jewellery tag and a card were seen as they will be printed, and written as PDF")

    def _save(self, name: str, key: Key) -> None:
        self._guide.save_as(name)
        self._hands.press(key)
        self._guide.rest()

    # -- members -------------------------------------------------------------------------------------------

    def member_sections(self) -> None:
        """All sections of a member, an edit in place, the whole number for a moment, what erasing would do."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_2, CTRL, "members_box")
        hands.say(REGULAR)
        for section in ALL_SECTIONS:
            hands.press(Key.Key_F4)
            guide.look(f"member-{section}", f"A member's page: {section}")
            if section == "profile":
                self._edit()
        hands.press(Key.Key_R, CTRL)
        hands.sees("138 0000 1234")
        guide.tell("The whole phone was shown, and who asked for it is noted")
        hands.press(Key.Key_Delete, CTRL, QUESTION)
        guide.look("member-erase", "What erasing takes away and what stays")
        hands.press(Key.Key_Escape, then="members_box")

    def _edit(self) -> None:
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_E, CTRL, "members_edit_name")
        guide.tab_to("members_occupation")
        hands.type("teacher")
        guide.look("member-edit", "Edited in place")
        hands.press(Key.Key_Return, CTRL, "members_box")
        hands.sees("teacher")
        guide.tell("A member's occupation was written where it stands")

    # -- imports -------------------------------------------------------------------------------------------

    def imports(self) -> None:
        """A file with one bad row: columns, rehearsal, the refusal, the import, and the member found."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_I, CTRL, "imports_path")
        guide.look("imports", "Import: what, and from which file")
        hands.say(str(self._write_people()), "imports_fields_rows")
        guide.look("imports-mapping", "Which column is what")
        hands.press(Key.Key_Return, CTRL, "imports_refused_rows")
        hands.reads(r"4", "imports_refused_rows")
        guide.look("imports-rehearsal", "The rehearsal: what would be new, and the row that is refused")
        hands.press(Key.Key_Return, CTRL, "imports_done")
        guide.look("imports-done", "The import is done and can be taken back")
        hands.press(Key.Key_2, CTRL, "members_box")
        hands.say(PEOPLE[0][1])
        hands.sees(PEOPLE[0][0], "members_list_rows")
        guide.tell("A file of three with one bad phone brought two members in, and one was found")

    def _write_people(self) -> Path:
        file = self._guide.folder / "people.csv"
        lines = [HEADINGS[self._guide.language], *(",".join(person) for person in PEOPLE)]
        file.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")
        return file

    def take_back(self) -> None:
        """The import is taken back; what an export would write."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_I, CTRL, "imports_path")
        hands.press(Key.Key_F8, then=QUESTION)
        hands.press(Key.Key_Return, CTRL, "imports_done")
        hands.sees(UNDONE[guide.language])
        guide.look("imports-undone", "The import was taken back")
        hands.press(Key.Key_Escape, then="imports_path")
        hands.press(Key.Key_F6, then="imports_target")
        guide.look("imports-export", "Export: what, where to, and in which format")
        hands.press(Key.Key_2, CTRL, "members_box")
        hands.type(PEOPLE[0][1])
        if any(PEOPLE[0][0] in row for row in hands.rows("members_list_rows")):
            raise TourError("the member of the import that was taken back is still found")
        guide.tell("The import was taken back, and its member is gone")
