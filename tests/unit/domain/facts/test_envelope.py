"""The envelope is the same bytes on every machine, and the chain holds them together."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.facts.codec import decode_content, encode_content
from pos_app.domain.facts.envelope import GENESIS, Envelope, chain, decode, encode
from pos_app.domain.values.hlc import Hlc
from tests.unit.domain.facts.examples import example, example_envelope

BODY = (
    b'{"format":1,"till":"01900000-0000-7000-8000-000000000002","epoch":1,"seq":17,'
    b'"fact":"01900000-0000-7000-8000-000000000003","kind":"cash.moved","version":1,'
    b'"at":"2026-11-22T04:00:30.123456Z","hlc":117658093494140933,'
    b'"staff":"01900000-0000-7000-8000-000000000004","content":'
)


def test_the_envelope_is_written_as_on_the_first_day() -> None:
    body = encode(example_envelope())
    assert body == BODY + bytes(encode_content(example("cash.moved", every=True))) + b"}"
    assert decode(body) == example_envelope()


def test_the_content_is_read_out_of_the_envelope() -> None:
    envelope = decode(encode(example_envelope()))
    content = decode_content(envelope.kind, envelope.version, bytes(envelope.content))
    assert content == example("cash.moved", every=True)


def test_what_the_till_does_by_itself_has_nobody() -> None:
    body = encode(msgspec.structs.replace(example_envelope(), staff=None))
    assert b'"staff":null' in body
    assert decode(body).staff is None


def test_the_chain_is_sha_256_over_the_last_hash_and_the_stored_bytes() -> None:
    first = chain(GENESIS, b"one")
    assert first == hashlib.sha256(bytes(32) + b"one").digest()
    assert chain(first, b"two") != chain(GENESIS, b"two")


@given(st.binary(min_size=1, max_size=60), st.data())
def test_one_flipped_bit_breaks_the_chain(body: bytes, data: st.DataObject) -> None:
    place, bit = data.draw(st.integers(0, len(body) - 1)), data.draw(st.integers(0, 7))
    flipped = bytearray(body)
    flipped[place] ^= 1 << bit
    assert chain(GENESIS, bytes(flipped)) != chain(GENESIS, body)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 2**63 - 1),
    st.integers(1, 2**53),
)
def test_any_moment_and_place_in_the_journal_is_read_back(at: datetime, hlc: int, seq: int) -> None:
    envelope: Envelope = msgspec.structs.replace(example_envelope(), at=at, hlc=Hlc(hlc), seq=seq)
    assert decode(encode(envelope)) == envelope
    assert encode(decode(encode(envelope))) == encode(envelope)


@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=8))])
def test_one_moment_has_one_spelling(zone: timezone | None) -> None:
    local = msgspec.structs.replace(example_envelope(), at=datetime(2026, 11, 22, 12, tzinfo=zone))
    with pytest.raises(ValueError, match="UTC"):
        encode(local)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", BODY])
def test_what_is_no_envelope_is_named_as_damaged(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(body)
