"""Compile every ``.po`` file into the ``.mo`` file beside it: ``python -m pos_app.words.build``.

Decides the bytes of a compiled catalogue: sorted, with a header of three lines and no date, so that the same
texts always give the same file. Does not decide texts; entries marked fuzzy or empty are left out.
"""

import struct
import sys
from pathlib import Path

_MAGIC = 0x950412DE
_HEAD = 7 * 4


def compile_catalogue(po: Path) -> bytes:
    """Return the ``.mo`` bytes of one ``.po`` file; ValueError if a code stands in it twice."""
    from babel.messages.pofile import read_po

    _refuse_doubles(po)
    with po.open("rb") as file:
        catalogue = read_po(file, locale=po.parent.parent.name)
    texts: dict[str, str] = {}
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        if isinstance(message.id, (list, tuple)):
            forms = [form for form in message.string or () if form]
            if forms:
                texts["\0".join(message.id)] = "\0".join(forms)
        elif message.string:
            texts[message.id] = str(message.string)
    header = (
        f"Content-Type: text/plain; charset=UTF-8\nLanguage: {po.parent.parent.name}\n"
        f"Plural-Forms: {catalogue.plural_forms}\n"
    )
    return _pack({"": header, **texts})


def _refuse_doubles(po: Path) -> None:
    seen: set[str] = set()
    for line in po.read_text("utf-8").splitlines():
        if line.startswith("msgid ") and line != 'msgid ""':
            if line in seen:
                raise ValueError(f"{po}: {line} stands twice")
            seen.add(line)


def _pack(texts: dict[str, str]) -> bytes:
    """Lay out the GNU .mo format, revision 0 (gettext manual, "The Format of GNU MO Files")."""
    pairs = sorted((key.encode(), text.encode()) for key, text in texts.items())
    count = len(pairs)
    keys_at, texts_at = _HEAD, _HEAD + 8 * count
    start = _HEAD + 16 * count
    tables: list[list[tuple[int, int]]] = []
    body = bytearray()
    for column in (0, 1):
        rows = []
        for pair in pairs:
            rows.append((len(pair[column]), start + len(body)))
            body += pair[column] + b"\0"
        tables.append(rows)
    head = struct.pack("<7I", _MAGIC, 0, count, keys_at, texts_at, 0, start)
    index = b"".join(struct.pack("<2I", *row) for rows in tables for row in rows)
    return head + index + bytes(body)


def translation_folder() -> Path:
    """Return the folder of the sources; compiling makes sense in a checkout only."""
    return Path(__file__).resolve().parents[2] / "resources" / "translations"


def main(folder: Path | None = None) -> int:
    """Compile all; print each file that changed; return a process exit status."""
    for po in sorted((folder or translation_folder()).glob("*/LC_MESSAGES/*.po")):
        compiled = compile_catalogue(po)
        mo = po.with_suffix(".mo")
        if not mo.is_file() or mo.read_bytes() != compiled:
            mo.write_bytes(compiled)
            print(mo)
    return 0


if __name__ == "__main__":
    sys.exit(main())
