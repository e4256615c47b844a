"""Labels and cards: price tags, jewellery tags and members' cards, on sheets of A4 and from a roll."""

from PySide6.QtWidgets import QWidget

from ui.labels.doors import LabelDoors
from ui.shell.screens import Screen, ScreenContext, ScreenId

LABELS = ScreenId("labels")


def labels_screen(doors: LabelDoors) -> Screen:
    """Return the page of labels, for the composition root to hand to the window.

    Opened with ``{"variants": ids}`` it adds the labels of these goods, with ``{"changes": True}`` those of changed
    prices, with ``{"members": ids}`` cards of these members.
    """

    def build(context: ScreenContext) -> QWidget:
        from ui.labels.page import LabelsPage

        return LabelsPage(context, doors)

    return Screen(id=LABELS, title="labels_page.short", icon="tag", build=build, key="Ctrl+5")
