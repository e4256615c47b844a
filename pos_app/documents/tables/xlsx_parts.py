"""The parts of an .xlsx file beside its sheets: which sheets there are, shared texts, and number formats.

Decides how they are kept while rows stream past: shared texts lie in one block of bytes, so that a million of them take
little more than their letters. Source: ECMA-376, part 1, 18.2, 18.4 and 18.8.
"""

import posixpath
import re
import zipfile
import zlib
from array import array
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from pos_app.documents.tables.errors import DamagedTableError, TooLargeError
from pos_app.documents.tables.number_formats import GENERAL, NumberFormat, format_of

PART_LIMIT = 32 << 20
"""Bytes of a part that is read whole; a workbook's list of sheets and styles is far smaller."""
TEXTS_LIMIT = 1 << 30
"""Bytes of shared texts kept."""
TEXT_LIMIT = 1 << 20
"""Characters of one text; a spreadsheet holds 32,767 in a cell."""
BLOCK = 1 << 16
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, expat.ExpatError, LookupError, ValueError),
    *(ElementTree.ParseError, NotImplementedError, RuntimeError),
)
"""What the standard library raises for a file that is damaged, or packed in a way that no spreadsheet packs."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet by its name and the part of the file that holds it."""

    name: str
    path: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """What the workbook part says."""

    sheets: tuple[SheetPart, ...]
    texts_path: str | None
    formats: tuple[NumberFormat, ...]
    from_1904: bool


def read_contents(archive: zipfile.ZipFile) -> Contents:
    """Return the sheets and formats of a workbook. Raises DamagedTableError."""
    try:
        main = _related(archive, "_rels/.rels", "").get("officeDocument", ["xl/workbook.xml"])[0]
        folder, name = posixpath.split(main)
        relations = f"{folder}/_rels/{name}.rels"
        by_id = _targets(archive, relations, folder)
        kinds = _related(archive, relations, folder)
        root = _xml(archive, main)
    except (KeyError, IndexError, ElementTree.ParseError):
        raise DamagedTableError(row=0) from None
    sheets = [
        SheetPart(one.get("name", ""), by_id[_relation(one)], one.get("state", "visible") != "visible")
        for one in root.iter()
        if _local(one) == "sheet" and by_id.get(_relation(one)) in kinds.get("worksheet", ())
    ]
    properties = next((one for one in root.iter() if _local(one) == "workbookPr"), None)
    styles = kinds.get("styles", [])
    return Contents(
        sheets=tuple(sheets),
        texts_path=next(iter(kinds.get("sharedStrings", ())), None),
        formats=_formats(archive, styles[0]) if styles and styles[0] in archive.namelist() else (),
        from_1904=properties is not None and properties.get("date1904", "0").lower() in ("1", "true"),
    )


def _local(element: "ElementTree.Element[Any]") -> str:
    return str(element.tag).rpartition("}")[2]


def _relation(element: "ElementTree.Element[Any]") -> str:
    return next((value for name, value in element.attrib.items() if name.endswith("}id")), "")


def _xml(archive: zipfile.ZipFile, path: str) -> "ElementTree.Element[Any]":
    with archive.open(path) as part:
        content = part.read(PART_LIMIT + 1)
    if len(content) > PART_LIMIT:
        raise TooLargeError()
    return ElementTree.fromstring(content)


def _targets(archive: zipfile.ZipFile, path: str, folder: str) -> dict[str, str]:
    root = _xml(archive, path)
    return {one.get("Id", ""): _place(one.get("Target", ""), folder) for one in root}


def _related(archive: zipfile.ZipFile, path: str, folder: str) -> dict[str, list[str]]:
    """Return the parts that one relates to, by the last word of the relation's type."""
    found: dict[str, list[str]] = {}
    for one in _xml(archive, path):
        kind = one.get("Type", "").rpartition("/")[2]
        found.setdefault(kind, []).append(_place(one.get("Target", ""), folder))
    return found


def _place(target: str, folder: str) -> str:
    return (
        target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    )


def _formats(archive: zipfile.ZipFile, path: str) -> tuple[NumberFormat, ...]:
    root = _xml(archive, path)
    codes: dict[int, str] = {}
    formats: list[NumberFormat] = []
    for part in root:
        if _local(part) == "numFmts":
            codes = {int(one.get("numFmtId", "0")): one.get("formatCode", "") for one in part}
        elif _local(part) == "cellXfs":
            numbers = (int(one.get("numFmtId", "0")) for one in part)
            formats = [format_of(number, codes.get(number)) if number else GENERAL for number in numbers]
    return tuple(formats)


def unescaped(text: str) -> str:
    """Return a text with _x000D_ and the like made characters (ECMA-376, 22.9.2.19)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class SharedTexts:
    """The shared texts of a workbook, by number."""

    def __init__(self, archive: zipfile.ZipFile, path: str | None) -> None:
        self._letters = bytearray()
        self._ends = array("Q", (0,))
        if path is not None:
            try:
                with archive.open(path) as part:
                    self._read(part)
            except KeyError:
                raise DamagedTableError(row=0) from None

    def __getitem__(self, number: int) -> str:
        """Return the text of a number from 0; raise IndexError where there is none."""
        if number < 0:
            raise IndexError(number)
        end = self._ends[number + 1]
        return self._letters[self._ends[number] : end].decode("utf-8", "surrogatepass")

    def _read(self, part: Any) -> None:
        parser = expat.ParserCreate()
        texts = _TextHandlers(self._add)
        parser.buffer_text = True
        parser.StartElementHandler = texts.start
        parser.EndElementHandler = texts.end
        parser.CharacterDataHandler = texts.characters
        parser.EntityDeclHandler = refuse_entities
        while block := part.read(BLOCK):
            parser.Parse(block, False)
        parser.Parse(b"", True)

    def _add(self, text: str) -> None:
        self._letters += unescaped(text).encode("utf-8", "surrogatepass")
        if len(self._letters) > TEXTS_LIMIT:
            raise TooLargeError()
        self._ends.append(len(self._letters))


class _TextHandlers:
    """Gathers the letters of each shared text; the reading aids of Japanese texts are left out."""

    def __init__(self, add: Any) -> None:
        self._add = add
        self._parts: list[str] = []
        self._size = 0
        self._is_text = self._is_aid = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "si":
            self._parts.clear()
            self._size = 0
        elif local == "rPh":
            self._is_aid = True
        elif local == "t":
            self._is_text = not self._is_aid

    def characters(self, text: str) -> None:
        if self._is_text:
            self._size += len(text)
            if self._size > TEXT_LIMIT:
                raise TooLargeError()
            self._parts.append(text)

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "t":
            self._is_text = False
        elif local == "rPh":
            self._is_aid = False
        elif local == "si":
            self._add("".join(self._parts))


def refuse_entities(*_: object) -> None:
    """Raise DamagedTableError: no spreadsheet declares entities, they only serve to swell."""
    raise DamagedTableError(row=0)
