"""Which column of a file is which field, in words, and what a typed text chooses.

Decides what is told of a file beside its columns, which cells of its first rows are shown (phones masked), and how a
heading is found by a part of it or by pinyin. Qt-free.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pos_app.domain.imports import headings, synonyms
from pos_app.domain.imports.faults import shown_of
from pos_app.domain.imports.kinds import FIELDS, Field
from pos_app.domain.pinyin import spelling
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.phone import is_mainland_mobile
from pos_app.services.imports.reading import Opened
from pos_app.words import format_count, translate
from ui.importing_words import field_title
from ui.imports.state import Choosing, ColumnChoice, FieldLine, MappingShown

SAMPLES = 3
_PHONES = ("phone", "phones")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file with its columns, and where the person is in it."""

    opened: Opened
    cursor: int = 0
    choosing: str | None = None
    text: str = ""
    place: int = 0

    @property
    def field(self) -> str:
        """The field under the cursor."""
        return tuple(FIELDS[self.opened.kind])[self.cursor]


def shown(chosen: Chosen) -> MappingShown:
    """Return everything about the columns in words."""
    opened = chosen.opened
    mapping = opened.mapping
    lines = tuple(_line(opened, field) for field in FIELDS[opened.kind].values())
    missing = translate("imports_page.mapping.missing", fields=_missing(opened)) if mapping.missing else ""
    return MappingShown(
        file=translate("imports_page.mapping.file", file=opened.path.name, row=opened.heading_row),
        lines=lines,
        cursor=chosen.cursor,
        notes=tuple(_notes(opened)),
        unused=tuple(_unused(opened)),
        sheets=tuple(enumerate(opened.sheets)),
        sheet=opened.sheet,
        missing=missing,
        choosing=_choosing(chosen),
    )


def _line(opened: Opened, field: Field) -> FieldLine:
    column = opened.mapping.columns.get(field.name)
    missing = field.name in opened.mapping.missing
    return FieldLine(
        name=field.name,
        title=field_title(opened.kind, field.name),
        need=_need(field),
        heading="" if column is None else _heading(opened, column),
        samples=() if column is None else samples(opened, column, field.name),
        is_missing=missing,
    )


def _need(field: Field) -> str:
    if field.required:
        return translate("imports_page.mapping.required")
    return translate("imports_page.mapping.one_of") if field.one_of else ""


def _heading(opened: Opened, column: int) -> str:
    return opened.headings[column] or translate("imports_page.mapping.no_heading", place=column + 1)


def samples(opened: Opened, column: int, field: str = "") -> tuple[str, ...]:
    """Return what the first rows hold in a column; of phones the last four digits only."""
    return tuple(_shown(field, row.text(column).strip()) for row in opened.sample[:SAMPLES])


def _shown(field: str, text: str) -> str:
    if field in _PHONES or is_mainland_mobile(fold(text).removesuffix(".0")):
        return shown_of("phone", text) if text else ""
    return text[:60]


def _missing(opened: Opened) -> str:
    """Name the fields that lack a column; of a group any one would do."""
    groups: dict[str, list[str]] = {}
    for name in opened.mapping.missing:
        group = FIELDS[opened.kind][name].one_of or name
        groups.setdefault(group, []).append(field_title(opened.kind, name))
    either = [translate("imports_page.word.or").join(titles) for titles in groups.values()]
    return translate("imports_page.word.comma").join(either)


def _notes(opened: Opened) -> list[str]:
    notes = []
    program = opened.mapping.program
    if program is not None:
        name = translate(f"imports.program.{program}")
        notes.append(translate("imports_page.mapping.program", program=name))
    if opened.remembered:
        notes.append(translate("imports_page.mapping.remembered"))
    guess = headings.guess_kind(opened.headings)
    if guess is not None and guess is not opened.kind and not opened.mapping.is_complete:
        notes.append(
            translate("imports_page.mapping.other_kind", kind=translate(f"imports_page.short.{guess}"))
        )
    elsewhere = [opened.headings[column] for column, _, _ in opened.mapping.elsewhere]
    if elsewhere:
        listed = translate("imports_page.word.comma").join(elsewhere)
        notes.append(translate("imports_page.mapping.elsewhere", headings=listed))
    if opened.above:
        notes.append(
            translate("imports_page.mapping.above", count=len(opened.above), number=len(opened.above))
        )
    if len(opened.sheets) > 1:
        told = format_count(len(opened.sheets))
        notes.append(translate("imports_page.mapping.sheets", number=told, sheet=opened.sheets[opened.sheet]))
    if opened.hidden_sheets:
        listed = translate("imports_page.word.comma").join(opened.hidden_sheets)
        notes.append(translate("imports_page.mapping.hidden_sheets", sheets=listed))
    return notes


def _unused(opened: Opened) -> list[str]:
    return [opened.headings[column] for column in opened.mapping.unmatched]


def choices(opened: Opened, field: str, text: str) -> tuple[ColumnChoice, ...]:
    """Return the columns that a text finds: none first, then those that no other field has, then the others."""
    wanted = fold(text).casefold().strip()
    taken = {column: name for name, column in opened.mapping.columns.items() if name != field}
    found = []
    for column in range(len(opened.headings)):
        heading = _heading(opened, column)
        if wanted and not _finds(wanted, heading):
            continue
        if not opened.headings[column] and not any(samples(opened, column)):
            continue
        found.append((column in taken, column, ColumnChoice(column, heading, _under(opened, column, taken))))
    found.sort(key=lambda each: each[:2])
    none = ColumnChoice(None, translate("imports_page.mapping.none"), "")
    listed = tuple(choice for _, _, choice in found)
    return listed if wanted else (none, *listed)


def _under(opened: Opened, column: int, taken: dict[int, str]) -> str:
    parts = []
    if column in taken:
        title = field_title(opened.kind, taken[column])
        parts.append(translate("imports_page.mapping.taken", field=title))
    field = taken.get(column) or synonyms.field_of(opened.kind, opened.headings[column]) or ""
    parts += [text for text in samples(opened, column, field) if text]
    return " · ".join(parts)


def _finds(wanted: str, heading: str) -> bool:
    """Whether a text is part of a heading, or of its pinyin or initials."""
    folded = fold(heading).casefold()
    if wanted in folded:
        return True
    return wanted.isascii() and any(wanted in spelt for spelt in _spellings(folded))


def _spellings(heading: str) -> Sequence[str]:
    """Return a heading in pinyin, whole and in initials."""
    syllables = [spelling(character).syllables[0] for character in heading]
    return "".join(syllables), "".join(syllable[:1] for syllable in syllables)


def _choosing(chosen: Chosen) -> Choosing | None:
    if chosen.choosing is None:
        return None
    return Choosing(
        field=chosen.choosing,
        title=field_title(chosen.opened.kind, chosen.choosing),
        text=chosen.text,
        choices=choices(chosen.opened, chosen.choosing, chosen.text),
        cursor=chosen.place,
    )


# -- What the person does ----------------------------------------------------------------------------------


def begun(opened: Opened) -> Chosen:
    """Return a file that was just opened, at the first field that lacks its column."""
    fields = list(FIELDS[opened.kind])
    missing = [fields.index(name) for name in opened.mapping.missing]
    return Chosen(opened, cursor=missing[0] if missing else 0)


def moved(chosen: Chosen, step: int) -> Chosen:
    """Go to another field, or to another column while one is being chosen."""
    if chosen.choosing is None:
        return gone_to(chosen, chosen.cursor + step)
    last = len(choices(chosen.opened, chosen.choosing, chosen.text)) - 1
    return replace(chosen, place=max(0, min(last, chosen.place + step)))


def gone_to(chosen: Chosen, place: int) -> Chosen:
    """Go to a field by its place; a choice that was open is closed."""
    last = len(FIELDS[chosen.opened.kind]) - 1
    there = max(0, min(last, place))
    # The list says where it is also when it was told so; a choice that is open must not be closed by that.
    return chosen if there == chosen.cursor else replace(chosen, cursor=there, choosing=None)


def asked(chosen: Chosen, text: str) -> Chosen:
    """Open the choice for the field under the cursor, at the column it has, or with a text that looks for one."""
    place = 0
    column = chosen.opened.mapping.columns.get(chosen.field)
    if not text and column is not None:
        offered = [choice.column for choice in choices(chosen.opened, chosen.field, "")]
        place = offered.index(column) if column in offered else 0
    return replace(chosen, choosing=chosen.field, text=text, place=place)


def typed(chosen: Chosen, text: str) -> Chosen:
    """Look for a column by its heading."""
    if chosen.choosing is None or text == chosen.text:
        return chosen
    return replace(chosen, text=text, place=0)


def taken(chosen: Chosen, place: int | None) -> Chosen:
    """Take the column under the cursor, or at a place, and go to the next field."""
    if chosen.choosing is None:
        return chosen
    offered = choices(chosen.opened, chosen.choosing, chosen.text)
    at = chosen.place if place is None else place
    if not 0 <= at < len(offered):
        return chosen
    made = _with_column(chosen, chosen.choosing, offered[at].column)
    return made if offered[at].column is None else gone_to(made, made.cursor + 1)


def cleared(chosen: Chosen) -> Chosen:
    """Take no column for the field under the cursor."""
    return chosen if chosen.choosing is not None else _with_column(chosen, chosen.field, None)


def _with_column(chosen: Chosen, field: str, column: int | None) -> Chosen:
    columns = {f: c for f, c in chosen.opened.mapping.columns.items() if f != field and c != column}
    if column is not None:
        columns[field] = column
    return Chosen(chosen.opened.with_columns(columns), cursor=chosen.cursor)
