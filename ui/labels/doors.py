"""What the labels page needs of the outside. Decides nothing. Qt-free."""

from collections.abc import Callable
from dataclasses import dataclass

from pos_app.services.ports.devices import LabelPrinter
from pos_app.services.ports.lane import Lane


@dataclass(frozen=True, slots=True)
class LabelDoors:
    """The label printer: its lane, on which labels are also drawn, and what opens it there."""

    device: Lane
    open: Callable[[], LabelPrinter]
