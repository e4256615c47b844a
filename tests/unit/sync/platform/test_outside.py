"""Small rules of the platform's outside: gzip within a limit, ranges, guesses, figures, lines of the log."""

import gzip
import json
import logging
import zlib
from functools import partial
from uuid import UUID

import pytest

from sync.platform.answers import Refused, refusal
from sync.platform.bodies import MOST_MEMBERS, unpacked
from sync.platform.guessing import MOST_SOURCES, Guesses
from sync.platform.logs import bug_line, request_line
from sync.platform.metrics import Fleet, Metrics
from sync.platform.rest import MemberFields, Register, Search, read_json
from sync.platform.seen import seen_at
from sync.platform.snapshot_routes import Part, part_of
from sync.platform.tills import CODE_LASTS_MS, MOST_TRIES
from sync.protocol.errors import MEANINGS, Number, PlatformError
from sync.protocol.messages import FactResult, FactState, PushReply
from tests.support.sync_journal import journal

NOW = 1_795_000_000_000
packed = partial(gzip.compress, mtime=0)
"""The same bytes at any second: they stand in the names of tests, which every process of a run has to know alike."""


def number_of(body: bytes, most: int = 1_000) -> Number:
    """Return why a body is not unpacked."""
    with pytest.raises(PlatformError) as refused:
        unpacked(body, most)
    return refused.value.number


def test_gzip_of_several_members_is_one_body() -> None:
    body = packed(b"a" * 600) + packed(b"b" * 400)
    assert unpacked(body, 1_000) == b"a" * 600 + b"b" * 400
    assert number_of(body, 999) is Number.TOO_LARGE


def test_a_bomb_in_a_later_member_is_too_large_as_well() -> None:
    assert number_of(packed(b"a") + packed(bytes(10_000_000))) is Number.TOO_LARGE


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"plain",
        packed(b"whole")[:-1],
        packed(b"whole") + b"rest",
        packed(b"whole") + packed(b"cut")[:-4],
        packed(b"") * (MOST_MEMBERS + 1),
        zlib.compress(b"another coding"),
    ],
)
def test_what_is_no_whole_gzip_is_unreadable(body: bytes) -> None:
    assert number_of(body) is Number.UNREADABLE


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("", Part(0, 100, False)),
        ("bytes=0-", Part(0, 100, True)),
        ("bytes=40-", Part(40, 60, True)),
        ("bytes=40-49", Part(40, 10, True)),
        ("bytes=99-500", Part(99, 1, True)),
        ("bytes=-10", Part(90, 10, True)),
        ("bytes=-500", Part(0, 100, True)),
        ("bytes=100-", None),
        ("bytes=-0", None),
        ("bytes=50-40", Part(0, 100, False)),
        ("bytes=-", Part(0, 100, False)),
        ("bytes=1-2,5-6", Part(0, 100, False)),
        ("lines=1-2", Part(0, 100, False)),
        ("bytes=" + "9" * 40 + "-", Part(0, 100, False)),
    ],
)
def test_a_range_names_a_part_or_the_whole(wanted: str, part: Part | None) -> None:
    assert part_of(wanted, 100) == part


# -- codes that are guessed -------------------------------------------------------------------------------


def is_heard(guesses: Guesses, address: str, now: int = NOW) -> bool:
    """Return whether an address may type a code."""
    try:
        guesses.allow(address, now)
    except PlatformError as error:
        assert error.number is Number.CODE_TRIED_TOO_OFTEN and error.told["retry_after_s"] >= 1
        return False
    return True


def guess(guesses: Guesses, address: str, times: int = MOST_TRIES, now: int = NOW) -> None:
    """Type wrong codes."""
    for _ in range(times):
        guesses.wrong(address, now)


def test_after_five_wrong_codes_an_address_waits_ten_minutes_and_no_other_does() -> None:
    guesses = Guesses()
    guess(guesses, "192.0.2.1", 4)
    assert is_heard(guesses, "192.0.2.1")
    guess(guesses, "192.0.2.1", 1)
    assert not is_heard(guesses, "192.0.2.1") and is_heard(guesses, "192.0.2.2")
    assert not is_heard(guesses, "192.0.2.1", NOW + CODE_LASTS_MS - 1)
    assert is_heard(guesses, "192.0.2.1", NOW + CODE_LASTS_MS)


def test_a_right_code_forgives_the_wrong_ones() -> None:
    guesses = Guesses()
    guess(guesses, "192.0.2.1", 4)
    guesses.right("192.0.2.1")
    guess(guesses, "192.0.2.1", 4)
    assert is_heard(guesses, "192.0.2.1")


def test_all_addresses_of_an_ipv6_network_are_one_and_a_mapped_address_is_its_ipv4() -> None:
    guesses = Guesses()
    guess(guesses, "2001:db8::1")
    assert not is_heard(guesses, "2001:db8::ffff:2") and is_heard(guesses, "2001:db8:0:1::1")
    guess(guesses, "::ffff:192.0.2.9")
    assert not is_heard(guesses, "192.0.2.9")


def test_guesses_from_everywhere_fill_no_memory() -> None:
    guesses = Guesses()
    for place in range(MOST_SOURCES + 500):
        guesses.wrong(f"host-{place}", NOW)
    assert len(guesses._tries) == MOST_SOURCES


# -- figures and lines ------------------------------------------------------------------------------------


def test_figures_count_requests_and_facts_in_the_format_of_prometheus() -> None:
    metrics = Metrics()
    metrics.requested("/v1/push", "POST", 200, 7)
    metrics.requested("/v1/push", "POST", 200, 700)
    metrics.requested("-", "GET", 404, 0)
    push = journal("a", "b", "c", "d").push(0)
    results = (
        FactResult(1, FactState.KNOWN),
        FactResult(2, FactState.PARKED),
        FactResult(3, FactState.QUARANTINED),
    )
    metrics.pushed(push, PushReply(ack=push.base, signature=b"", results=results))
    lines = metrics.text(2, Fleet(3, 400, 50)).splitlines()
    for line in (
        'shuke_requests_total{route="/v1/push",method="POST",status="200"} 2',
        'shuke_requests_total{route="-",method="GET",status="404"} 1',
        'shuke_request_seconds_bucket{route="/v1/push",le="0.01"} 1',
        'shuke_request_seconds_bucket{route="/v1/push",le="1.0"} 2',
        'shuke_request_seconds_bucket{route="/v1/push",le="+Inf"} 2',
        'shuke_request_seconds_sum{route="/v1/push"} 0.707',
        'shuke_facts_total{state="stored"} 3',
        'shuke_facts_total{state="parked"} 1',
        'shuke_facts_total{state="quarantined"} 1',
        "shuke_pushes_in_flight 2",
        "shuke_tills_seen 3",
        "shuke_facts_waiting_most 400",
        "shuke_feed_behind_most 50",
    ):
        assert line in lines
    named = {line.split("{")[0].split(" ")[0] for line in lines if not line.startswith("#")}
    told = {line.split(" ")[2] for line in lines if line.startswith("# TYPE")}
    assert {
        name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count") for name in named
    } == told


def test_a_line_names_a_till_by_its_last_six_digits(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "shuke.platform")
    seen = seen_at("/v1/push")
    seen.till, seen.merchant, seen.status = UUID(int=0xABCDEF0123456789), UUID(int=7), 200
    request_line("/v1/push", "POST", seen, 12)
    line = json.loads(caplog.records[-1].getMessage())
    assert (line["till"], line["merchant"], line["route"], line["ms"]) == ("456789", "000007", "/v1/push", 12)


def test_a_bug_is_written_down_with_its_places_and_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    try:
        try:
            raise KeyError("token-of-a-till")
        except KeyError as cause:
            raise RuntimeError("王小满 13812345678") from cause
    except RuntimeError as error:
        bug_line("/v1/push", error)
    line = json.loads(caplog.records[-1].getMessage())
    assert line["bug"] == ["RuntimeError", "KeyError"] and "test_outside.py" in line["at"][0]
    assert not any(word in caplog.text for word in ("token-of-a-till", "王小满", "138"))


def test_each_refusal_travels_as_its_end_reads_it() -> None:
    for number in Number:
        if MEANINGS[number].status == 0:
            continue
        for path, kind in (
            ("/v1/push", "application/vnd.shuke+msgpack"),
            ("/v1/members", "application/json"),
        ):
            seen = seen_at(path)
            status, headers, body = refusal(seen, PlatformError(number, field="name", secret="never told"))
            assert (status, headers["content-type"]) == (MEANINGS[number].status, kind)
            assert seen.number == number and b"never told" not in body
            assert ("retry-after" in headers) is (status == 503)


# -- what head office says --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        (Search, b"{}", "text"),
        (Search, b'{"text": ""}', "text"),
        (Search, b'{"text": "a", "limit": 0}', "limit"),
        (Search, b'{"text": "a", "page": 2}', "page"),
        (Search, b'{"text": "a\\u0000"}', "body"),
        (Search, b"not json", "body"),
        (Search, b"\xff", "body"),
        (Search, b"[" * 5_000, "body"),
        (MemberFields, b'{"keys": [{"kind": "fax", "value": "1"}]}', "keys[0].kind"),
        (MemberFields, b'{"birthday": "1990-02-30"}', "birthday"),
        (Register, b'{"member": "no"}', "member"),
    ],
)
def test_what_does_not_fit_is_invalid_and_the_field_is_named(kind: type, body: bytes, field: str) -> None:
    with pytest.raises(PlatformError) as refused:
        read_json(body, kind)
    assert (refused.value.number, refused.value.told["field"]) == (Number.INVALID, field)


def test_a_refusal_in_json_has_number_and_name() -> None:
    assert Refused.__struct_fields__[:2] == ("number", "name")
