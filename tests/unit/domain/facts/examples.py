"""One example of each kind of fact with every field set, and one with only what it must have.

The values are invented and always the same. `python -m tests.unit.domain.facts.examples` writes the golden file of a
kind that has none; it never touches one that is there, because bytes once written are never written anew.
"""

import json
import types
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints
from uuid import UUID
from zlib import crc32

import msgspec

from pos_app.domain.facts.codec import KINDS, encode_content
from pos_app.domain.facts.envelope import FORMAT, Envelope
from pos_app.domain.members import Profile
from pos_app.domain.values.hlc import Hlc
from pos_app.domain.values.ids import FactId, StaffId, TillId
from tests.support.shop_values import number_id

GOLDEN = Path(__file__).parent / "golden"
LEAST = GOLDEN / "least"
SEALED_PROFILES = tuple(sorted(GOLDEN.parent.glob("sealed_profile*.json")))
"""What a profile looked like when it was first sealed, and each time a field was added."""
DEFAULTS = GOLDEN.parent / "defaults.json"


def _fill(kind: Any, path: str, *, every: bool) -> Any:
    """Return a value of a type for the field at a path; other fields, added later, do not change it."""
    if isinstance(kind, NewType):
        return _fill(kind.__supertype__, path, every=every)
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _fill(parts[0], path, every=every)
    if origin is tuple:
        return (_fill(parts[0], path, every=every),)
    if origin is dict:
        return {"shop_name": _fill(parts[1], path, every=every)}
    if issubclass(kind, msgspec.Struct):
        hints = get_type_hints(kind)
        names = [f.name for f in msgspec.structs.fields(kind) if every or f.required]
        return kind(**{name: _fill(hints[name], f"{path}.{name}", every=every) for name in names})
    return _plain(kind, path)


def _plain(kind: Any, path: str) -> Any:
    """Return a value that differs from field to field and from every default; lists of kinds may grow at their end."""
    number = crc32(path.encode())
    if issubclass(kind, Enum):
        return list(kind)[1]
    if kind is int:
        return 1000 + number
    return {
        bool: True,
        str: f"{path.rpartition('.')[2]} 镕·𠮷",
        UUID: number_id(number),
        date: date(2026, 11, 1 + number % 28),
        datetime: datetime(2026, 11, 22, 4, number % 60, 30, 123456, tzinfo=UTC),
        Decimal: Decimal("0.13"),
    }[kind]


def example(kind: str, *, every: bool) -> msgspec.Struct:
    """Return the example of a kind."""
    made: msgspec.Struct = _fill(KINDS[kind][0], kind, every=every)
    return made


def example_profile() -> Profile:
    """Return the example of what is sealed inside a fact of a member."""
    made: Profile = _fill(Profile, "profile", every=True)
    return made


def example_envelope() -> Envelope:
    """Return the envelope of the example of a cash movement."""
    return Envelope(
        format=FORMAT,
        till=TillId(number_id(2)),
        epoch=1,
        seq=17,
        fact=FactId(number_id(3)),
        kind="cash.moved",
        version=1,
        at=datetime(2026, 11, 22, 4, 0, 30, 123456, tzinfo=UTC),
        hlc=Hlc(1_795_320_030_123 << 16 | 5),
        staff=StaffId(number_id(4)),
        content=encode_content(example("cash.moved", every=True)),
    )


def golden_of(kind: str) -> list[Path]:
    """Return the golden files of a kind with all its fields, oldest first: one more each time a field was added."""
    return [
        p for n in range(100) if (p := GOLDEN / (f"{kind}.json" if n == 0 else f"{kind}+{n}.json")).exists()
    ]


def structs() -> list[type[msgspec.Struct]]:
    """Return every class that facts are made of, sealed ones too, by name."""
    found: dict[str, type[msgspec.Struct]] = {}
    waiting: list[Any] = [Profile, *(fact for fact, _ in KINDS.values())]
    while waiting:
        kind = waiting.pop()
        waiting += get_args(kind)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__name__ not in found:
            found[kind.__name__] = kind
            waiting += get_type_hints(kind).values()
    return [found[name] for name in sorted(found)]


def defaults() -> dict[str, str]:
    """Return the default of each field of every class that facts are made of."""
    return {
        f"{kind.__name__}.{field.name}": "required" if field.required else repr(field.default)
        for kind in structs()
        for field in msgspec.structs.fields(kind)
    }


def _write_missing() -> None:
    for kind in KINDS:
        full, least = (bytes(encode_content(example(kind, every=every))) for every in (True, False))
        older = golden_of(kind)
        if full not in [p.read_bytes() for p in older]:
            (GOLDEN / (f"{kind}+{len(older)}.json" if older else f"{kind}.json")).write_bytes(full)
        if not (LEAST / f"{kind}.json").exists():
            (LEAST / f"{kind}.json").write_bytes(least)
    newest = msgspec.json.encode(example_profile())
    if newest not in [path.read_bytes() for path in SEALED_PROFILES]:
        name = f"sealed_profile+{len(SEALED_PROFILES)}.json"
        (GOLDEN.parent / name).write_bytes(newest)
    recorded = json.loads(DEFAULTS.read_bytes()) if DEFAULTS.exists() else {}
    merged = dict(sorted({**defaults(), **recorded}.items()))
    DEFAULTS.write_bytes(json.dumps(merged, indent=1).encode() + b"\n")


if __name__ == "__main__":
    _write_missing()
