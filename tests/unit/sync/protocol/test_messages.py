"""The messages: their bytes stay what they are, newer ends may say more, and nothing else is let in."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol import messages
from sync.protocol.codec import decode, encode
from sync.protocol.errors import MEANINGS, Cure, Number, PlatformError
from sync.protocol.versions import LEAST, NEWEST, VERSIONS, spoken
from tests.unit.sync.protocol import samples

GOLDEN = Path(__file__).parent / "golden"
EVERY = {f"whole.{name}": message for name, message in samples.WHOLE.items()} | {
    f"least.{name}": message for name, message in samples.LEAST.items()
}
each = pytest.mark.parametrize(("name", "message"), EVERY.items(), ids=EVERY)


@each
def test_a_message_is_written_as_it_was_when_it_was_made(name: str, message: msgspec.Struct) -> None:
    """To make the files of a new message: `python -m tests.unit.sync.protocol.golden`; never for an old one."""
    assert encode(message).hex() == (GOLDEN / f"{name}.hex").read_text().strip()


@each
def test_a_message_comes_back_as_itself(name: str, message: msgspec.Struct) -> None:
    assert decode(encode(message), type(message)) == message


def test_every_message_has_a_sample_with_every_field_filled() -> None:
    kinds = {
        kind
        for kind in vars(messages).values()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind is not msgspec.Struct
    }
    parts = {type(part) for message in samples.WHOLE.values() for part in _parts(message)}
    assert kinds == parts
    for message in samples.WHOLE.values():
        for field in msgspec.structs.fields(message):
            if not field.required:
                assert getattr(message, field.name) != field.default, f"{type(message).__name__}.{field.name}"


def _parts(value: object) -> list[object]:
    if isinstance(value, tuple):
        return [part for item in value for part in _parts(item)]
    if not isinstance(value, msgspec.Struct):
        return []
    return [value, *(part for name in value.__struct_fields__ for part in _parts(getattr(value, name)))]


@each
def test_what_a_newer_end_says_more_is_left_aside(name: str, message: msgspec.Struct) -> None:
    said = msgspec.msgpack.decode(encode(message))
    assert decode(msgspec.msgpack.encode(said | {"of_tomorrow": [1, {"a": b""}]}), type(message)) == message


@given(st.binary(max_size=200))
def test_anything_else_is_unreadable_and_nothing_worse(body: bytes) -> None:
    for message in samples.WHOLE.values():
        try:
            decode(body, type(message))
        except PlatformError as error:
            assert error.number is Number.UNREADABLE


@given(st.data())
def test_a_message_that_was_cut_or_changed_is_unreadable_or_another_message(data: st.DataObject) -> None:
    message = data.draw(st.sampled_from(list(samples.WHOLE.values())))
    body = bytearray(encode(message))
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] = data.draw(st.integers(0, 255))
    for spoilt in (bytes(body), bytes(body[:at])):
        try:
            decode(spoilt, type(message))
        except PlatformError as error:
            assert error.number is Number.UNREADABLE


def test_a_deeply_nested_body_is_unreadable() -> None:
    with pytest.raises(PlatformError):
        decode(b"\x91" * 100_000, messages.Push)


def test_every_error_has_a_meaning_and_keeps_its_number() -> None:
    assert set(MEANINGS) == set(Number)
    assert {number.name: number.value for number in Number} == msgspec.json.decode(
        (GOLDEN / "numbers.json").read_bytes()
    )
    assert PlatformError(Number.GAP, expected=samples.PLACE).cure is Cure.FROM_THERE


def test_two_ends_speak_the_newest_version_that_both_know() -> None:
    assert [version.number for version in VERSIONS] == list(range(1, NEWEST + 1))
    assert spoken(LEAST, NEWEST) == NEWEST
    assert spoken(1, NEWEST + 5) == NEWEST, "an older platform, a newer till"
    assert spoken(NEWEST + 1, NEWEST + 5) is None
    assert spoken(0, 0) is None
