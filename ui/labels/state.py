"""What the labels page shows, in finished words: what is to be printed, on what, and how far it is.

Decides wording, and which formats are offered for what; what stands on a label is the services'. Qt-free.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pos_app.documents.labels import LabelFace
from pos_app.documents.sheets import ROLLS, SHEETS, RollFormat, SheetFormat
from pos_app.domain.catalogue import Found
from pos_app.domain.members import KeyKind, Member
from pos_app.domain.settings import LabelChoices
from pos_app.domain.values.money import Currency
from pos_app.domain.values.phone import masked
from pos_app.services.labels import LabelItem, Wanted
from pos_app.services.ports.devices import PrinterStatus
from pos_app.words import format_amount, format_weight, translate

Tone = Literal["muted", "success", "warning", "danger"]


class Mode(StrEnum):
    """What is printed: labels of goods, tags of pieces, cards of members."""

    GOODS = "goods"
    PIECES = "pieces"
    CARDS = "cards"


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A row of what will be printed; `fault` says why it cannot be on this format."""

    key: object
    name: str
    under: str
    code: str
    price: str
    copies: int
    fault: str = ""


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row of what a text finds."""

    key: object
    name: str
    under: str
    right: str


@dataclass(frozen=True, slots=True)
class SheetShown:
    """A sheet as a small picture: its grid, where it begins (from 1), and how many labels go on this sheet."""

    columns: int
    rows: int
    start: int
    labels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything the page shows."""

    mode: Mode = Mode.GOODS
    text: str = ""
    found: tuple[FoundRow, ...] | None = None
    """None while nothing is looked for."""
    found_cursor: int = 0
    count: str = ""
    rows: tuple[LabelRow, ...] = ()
    cursor: int = -1
    counts: tuple[int, int, int] = (0, 0, 0)
    formats: tuple[tuple[str, str], ...] = ()
    """Words and key of each."""
    format: str = ""
    sheet: SheetShown | None = None
    roll: str = ""
    prices: bool = True
    summary: str = ""
    printer: str = ""
    tone: Tone = "muted"
    prints: bool = False
    """Whether the format goes to the label printer, and not only into a file."""
    preview: bytes | None = None
    preview_fault: str = ""
    busy: bool = False
    progress: tuple[int, int] | None = None
    stopping: bool = False


def form_of(key: str) -> SheetFormat | RollFormat:
    """Return a format by its key; KeyError for one there is not."""
    return SHEETS[key] if key in SHEETS else ROLLS[key]


def format_keys(mode: Mode) -> tuple[str, ...]:
    """Return the formats that are offered, the fitting ones first."""
    if mode is Mode.CARDS:
        return ("sheet", "single")
    plain = tuple(key for key, form in ROLLS.items() if not form.is_tag)
    if mode is Mode.GOODS:
        return (*SHEETS, *plain)
    tags = tuple(key for key, form in ROLLS.items() if form.is_tag)
    return (*tags, *plain, *SHEETS)


def chosen_key(mode: Mode, choices: LabelChoices) -> str:
    """Return the format chosen last; the first one where that is offered no more."""
    keys = format_keys(mode)
    chosen = {Mode.GOODS: choices.goods, Mode.PIECES: choices.pieces, Mode.CARDS: choices.cards}[mode]
    return chosen if chosen in keys else keys[0]


def format_words(key: str) -> str:
    """Return the name of a format."""
    return translate(f"labels_page.format.{key}")


def label_row(wanted: Wanted, fault: str = "") -> LabelRow:
    """Write the row of a label."""
    face, item = wanted.face, wanted.item
    if isinstance(face, LabelFace):
        return LabelRow(
            key=item.key,
            name=face.name,
            under=face.spec,
            code=face.barcode or face.code,
            price=_price(face),
            copies=item.copies,
            fault=fault,
        )
    facts = [face.fineness, format_weight(face.net_weight), face.certificate]
    by_gram = translate("labels_page.list.by_gram")
    return LabelRow(
        key=item.key,
        name=face.name,
        under=" · ".join(fact for fact in facts if fact),
        code=face.piece_code,
        price=by_gram if face.price is None else format_amount(face.price, face.currency),
        copies=item.copies,
        fault=fault,
    )


def _price(face: LabelFace) -> str:
    return (
        translate("labels_page.list.no_price")
        if face.price is None
        else format_amount(face.price, face.currency)
    )


def found_row(found: Found, currency: Currency) -> FoundRow:
    """Write a row of goods that were found."""
    variant = found.variant
    if found.piece is not None:
        under = " · ".join(each for each in (found.piece.code, found.piece.certificate) if each)
    else:
        under = found.barcode.code if found.barcode is not None else variant.code
    price = "" if variant.retail is None else format_amount(variant.retail, currency)
    return FoundRow(found, variant.name, under, price)


def member_words(member: Member) -> tuple[str, str]:
    """Return a member's name and what tells her from others: the last digits of the phone."""
    phones = [key.value for key in member.profile.keys if key.kind is KeyKind.PHONE]
    name = member.profile.name or translate("members.word.nameless")
    return name, masked(phones[0]) if phones else ""


def printer_words(status: PrinterStatus | None, configured: bool) -> tuple[str, Tone]:
    """Return how the label printer is, in words, and their colour."""
    if not configured:
        return translate("labels_page.printer.none"), "muted"
    if status is None:
        return translate("labels_page.printer.asking"), "muted"
    tones: dict[PrinterStatus, Tone] = {
        PrinterStatus.OK: "success",
        PrinterStatus.SILENT: "muted",
        PrinterStatus.PAPER_LOW: "warning",
    }
    words = translate("labels_page.printer.is", status=translate(f"devices.status.{status.value}"))
    return words, tones.get(status, "danger")


def total_of(items: tuple[Wanted, ...]) -> int:
    """Return how many labels there are with their copies."""
    return sum(wanted.item.copies for wanted in items)


def keys_of(items: tuple[LabelItem, ...]) -> set[object]:
    """Return what tells these labels from others."""
    return {item.key for item in items}
