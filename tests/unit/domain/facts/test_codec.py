"""What was journalled is read back whole, for ever, and the same value is always the same bytes."""

import json
import string
from collections.abc import Callable
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.facts.codec import KINDS, UnknownFactError, decode_content, encode_content, name_of
from pos_app.domain.facts.sales import SaleCommitted
from pos_app.domain.members import Profile
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.line import Line, LineKind, PriceBasis, RungBy
from pos_app.domain.sales.tenders import Tender, TenderKind
from pos_app.domain.values.ids import LineId, TenderId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Quantity
from tests.support.shop_values import carts, number_id, sale_of, values_of
from tests.unit.domain.facts.examples import (
    DEFAULTS,
    LEAST,
    SEALED_PROFILES,
    defaults,
    example,
    example_profile,
    golden_of,
    structs,
)

ALL = sorted(KINDS)


def _again(fact: msgspec.Struct) -> bytes:
    kind, version = name_of(fact)
    return bytes(encode_content(decode_content(kind, version, bytes(encode_content(fact)))))


@given(values_of(SaleCommitted))
@settings(max_examples=60)
def test_a_sale_with_anything_set_is_read_back_as_it_was(fact: SaleCommitted) -> None:
    body = bytes(encode_content(fact))
    assert decode_content("sale.committed", 1, body) == fact
    assert _again(fact) == body


@given(carts(min_lines=1))
def test_a_sale_of_the_counter_is_read_back_as_it_was(cart: Cart) -> None:
    fact = SaleCommitted(sale=sale_of(cart))
    assert decode_content("sale.committed", 1, bytes(encode_content(fact))) == fact
    assert _again(fact) == bytes(encode_content(fact))


@pytest.mark.parametrize("kind", ALL)
@given(data=st.data())
@settings(max_examples=15)
def test_every_fact_is_read_back_as_it_was(kind: str, data: st.DataObject) -> None:
    fact = data.draw(values_of(KINDS[kind][0]))
    assert decode_content(kind, KINDS[kind][1], bytes(encode_content(fact))) == fact
    assert _again(fact) == bytes(encode_content(fact))


@pytest.mark.parametrize("kind", ALL)
def test_every_kind_has_its_golden_bytes_and_they_are_written_today_as_on_the_first_day(kind: str) -> None:
    full = bytes(encode_content(example(kind, every=True)))
    known = [path.read_bytes() for path in golden_of(kind)]
    assert full in known, f"run python -m tests.unit.domain.facts.examples if a field was added to {kind}"
    least = (LEAST / f"{kind}.json").read_bytes()
    assert bytes(encode_content(example(kind, every=False))) == least
    for body in [*known, least]:
        assert bytes(encode_content(decode_content(kind, 1, body))) == body, "old bytes lose nothing"


def test_the_profile_sealed_in_a_fact_is_written_today_as_on_the_first_day() -> None:
    for body in (path.read_bytes() for path in SEALED_PROFILES):
        assert msgspec.json.encode(msgspec.json.decode(body, type=Profile)) == body, "old bytes lose nothing"
    assert msgspec.json.encode(example_profile()) in [path.read_bytes() for path in SEALED_PROFILES]
    assert msgspec.json.encode(Profile()) == b"{}"


def test_no_golden_file_stands_without_its_kind() -> None:
    kinds = {path.stem.partition("+")[0] for path in LEAST.parent.glob("*.json")}
    assert kinds == {path.stem for path in LEAST.glob("*.json")} == set(KINDS)


def test_a_default_once_written_never_changes_and_no_field_ever_leaves() -> None:
    recorded = json.loads(DEFAULTS.read_text(encoding="utf-8"))
    now = defaults()
    assert {name: now.get(name) for name in recorded} == recorded
    assert not now.keys() - recorded.keys(), "run python -m tests.unit.domain.facts.examples"


def test_every_default_is_a_value_of_which_there_is_only_one() -> None:
    """msgspec leaves a default out by identity; a default such as 1000 would be written or not by chance."""
    for kind in structs():
        for field in msgspec.structs.fields(kind):
            assert field.default_factory is msgspec.NODEFAULT or field.default_factory in (list, dict, set)
            if field.default is msgspec.NODEFAULT:
                continue
            lone = field.default in (None, True, False) or field.default == 0 or field.default == ()
            assert lone or field.default in list(type(field.default)), f"{kind.__name__}.{field.name}"


def test_a_default_reckoned_at_the_counter_is_left_out_like_one_never_given() -> None:
    plain = Line(
        line_id=LineId(number_id(1)), kind=LineKind.GOODS, quantity=Quantity(1000), rung_by=RungBy.AMOUNT,
        basis=PriceBasis.OPEN, gross=Amount(0), net=Amount(0),
    )  # fmt: skip
    reckoned = msgspec.structs.replace(
        plain,
        tax=Amount(int("100000") - 10**5),
        components=tuple(c for c in plain.components),
        reductions=(*[],),
        fulfilment=type(plain.fulfilment)("".join(["tak", "en"])),
        name=None,
    )
    assert msgspec.json.encode(reckoned) == msgspec.json.encode(plain)
    paid = Tender(tender_id=TenderId(number_id(2)), kind=TenderKind("cash"), amount=Amount(5))
    assert b"role" not in msgspec.json.encode(msgspec.structs.replace(paid, role=type(paid.role)("given")))


@given(st.integers(1, 10**18), st.sampled_from([int.__sub__, int.__mod__, int.__xor__]))
def test_zero_is_left_out_however_it_came_about(number: int, reckon: Callable[[int, int], int]) -> None:
    line = decode_content("sale.committed", 1, (LEAST / "sale.committed.json").read_bytes())
    assert isinstance(line, SaleCommitted)
    changed = msgspec.structs.replace(
        line, sale=msgspec.structs.replace(line.sale, cash_rounding=Amount(reckon(number, number)))
    )
    assert encode_content(changed) == encode_content(line)


@pytest.mark.parametrize("kind", ALL)
def test_fields_of_a_newer_program_are_passed_over(kind: str) -> None:
    body = (LEAST / f"{kind}.json").read_bytes()
    newer = b'{"from_the_future":{"a":[1]},' + body[1:]
    assert decode_content(kind, 1, newer) == decode_content(kind, 1, body)


def test_fields_of_a_newer_program_inside_a_line_are_passed_over() -> None:
    body = (LEAST / "sale.committed.json").read_bytes()
    newer = body.replace(b'"lines":[{', b'"lines":[{"carbon":12,').replace(
        b'"tenders":[{', b'"tenders":[{"x":null,'
    )
    assert newer.count(b"carbon") == 1
    assert decode_content("sale.committed", 1, newer) == decode_content("sale.committed", 1, body)


@pytest.mark.parametrize(
    ("kind", "version"),
    [("sale.dreamt", 1), ("sale.committed", 2), ("sale.committed", 0), ("sale.committed", -1), ("", 1)],
)
def test_a_kind_or_version_that_is_not_known_is_parked_not_guessed(kind: str, version: int) -> None:
    with pytest.raises(UnknownFactError):
        decode_content(kind, version, b"{}")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"{}", b'{"sale":{}}', b"\xff"])
def test_damaged_bytes_are_named_as_such(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_content("sale.committed", 1, body)


def test_a_line_of_a_kind_from_a_newer_program_is_refused_rather_than_misread() -> None:
    body = (LEAST / "sale.committed.json").read_bytes().replace(b'"basis":"member"', b'"basis":"auction"')
    assert b"auction" in body
    with pytest.raises(msgspec.ValidationError):
        decode_content("sale.committed", 1, body)


def test_names_on_the_wire_are_lower_case_nouns_and_each_class_has_one() -> None:
    allowed = set(string.ascii_lowercase + "._")
    assert all(set(kind) <= allowed and kind.count(".") == 1 for kind in KINDS)
    assert len({fact for fact, _ in KINDS.values()}) == len(KINDS)
    for kind, (_, version) in KINDS.items():
        assert name_of(example(kind, every=False)) == (kind, version)


def _leaves(kind: Any) -> set[Any]:
    parts = get_args(kind)
    return (
        {leaf for part in parts for leaf in _leaves(part)}
        if parts
        else {getattr(kind, "__supertype__", kind)}
    )


def test_no_fact_holds_a_float() -> None:
    leaves = {leaf for kind in structs() for hint in get_type_hints(kind).values() for leaf in _leaves(hint)}
    assert float not in leaves
    assert {int, str, Decimal} <= leaves
