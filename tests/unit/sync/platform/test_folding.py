"""Words of several tills about one member: in whatever order they arrive, the record is one, and none is unheard."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.consents import agreed
from pos_app.domain.members import Consent, KeyKind, MemberKey, Profile, Purpose
from pos_app.domain.values.ids import ConsentId, MemberId, ShopId, StaffId
from pos_app.domain.values.moments import from_ms
from sync.platform.folding import (
    Folded,
    MemberState,
    Said,
    Visit,
    consented,
    edited,
    published,
    visited,
)
from sync.platform.viewing import document_of

MEMBER, SHOP = MemberId(UUID(int=1)), ShopId(UUID(int=2))
START = MemberState(member=MEMBER, registered=True, joined_at_ms=1, joined_shop=SHOP)


def said(till: int, clock: int, seen: int | None = None) -> Said:
    """Return who speaks: a till by number, at a time."""
    return Said(
        till=UUID(int=till),  # type: ignore[arg-type]
        till_code=str(till),
        shop=SHOP,
        staff=None,
        at_ms=clock,
        hlc=clock << 16,
        seen=seen,
    )


@dataclass(frozen=True)
class Word:
    """An edit by one till."""

    till: int
    clock: int
    fields: dict[str, Any]


NAMES, INTERESTS = ("林小满", "林晓满", None), ("茶", "花", "书", "琴")
edits = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(NAMES),
        "notes": st.sampled_from(("一", "二", None)),
        "interests": st.lists(st.sampled_from(INTERESTS), unique=True).map(tuple),
    },
)


@st.composite
def lines(draw: st.DrawFn, *, own_words: bool = False) -> list[list[Word]]:
    """Return what up to three tills say, each in the order of its own clock, no two at one time.

    With `own_words` no two say the same.
    """
    clocks = draw(st.lists(st.integers(1, 60), min_size=1, max_size=6, unique=True))
    said_by: dict[int, list[Word]] = {}
    for clock in sorted(clocks):
        till = draw(st.integers(1, 3))
        fields = draw(edits)
        if "notes" in fields and own_words:
            fields["notes"] = str(clock)
        said_by.setdefault(till, []).append(Word(till, clock, fields))
    return list(said_by.values())


@st.composite
def interleaved(draw: st.DrawFn, order: list[list[Word]]) -> list[Word]:
    waiting, arrived = [list(line) for line in order], []
    while any(waiting):
        line = draw(st.sampled_from([line for line in waiting if line]))
        arrived.append(line.pop(0))
    return arrived


def fold(state: MemberState, words: list[Word], seen: int | None = None) -> Folded:
    losses = []
    for word in words:
        folded = edited(state, said(word.till, word.clock, seen), word.fields, Profile(**word.fields))
        state = folded.state
        losses += folded.losses
    return Folded(state, tuple(losses))


def plain(state: MemberState) -> dict[str, Any]:
    """Return a profile, its sets without their order."""
    told = {f: getattr(state.profile, f) for f in Profile.__struct_fields__}
    return {f: frozenset(v) if isinstance(v, tuple) else v for f, v in told.items()}


@settings(max_examples=400)
@given(st.data())
def test_words_that_did_not_see_each_other_come_to_the_same_in_any_order_of_arrival(
    data: st.DataObject,
) -> None:
    order = data.draw(lines())
    one, other = data.draw(interleaved(order)), data.draw(interleaved(order))
    assert plain(fold(START, one).state) == plain(fold(START, other).state)


@settings(max_examples=200)
@given(st.lists(edits, max_size=8))
def test_one_till_alone_is_taken_at_its_word(told: list[dict[str, Any]]) -> None:
    folded = fold(START, [Word(1, n, fields) for n, fields in enumerate(told)])
    expected = Profile()
    for fields in told:
        expected = msgspec.structs.replace(expected, **fields)
    assert folded.state.profile == expected and not folded.losses


@settings(max_examples=200)
@given(lines(), st.lists(edits, max_size=4))
def test_who_saw_everything_is_taken_at_her_word_whatever_her_clock_says(
    before: list[list[Word]], told: list[dict[str, Any]]
) -> None:
    state = published(fold(START, [word for line in before for word in line]).state, 7)
    for fields in told:
        folded = edited(state, said(9, 0, seen=7), fields, Profile(**fields))
        expected = msgspec.structs.replace(state.profile, **fields)
        assert {f: getattr(folded.state.profile, f) for f in fields} == {
            f: getattr(expected, f) for f in fields
        }
        assert not folded.losses
        state = published(folded.state, 7)


@settings(max_examples=200)
@given(st.data())
def test_no_word_that_lost_is_unheard(data: st.DataObject) -> None:
    order = data.draw(lines(own_words=True))
    folded = fold(START, data.draw(interleaved(order)))
    for field in ("notes",):
        last = {line[0].till: next((w for w in reversed(line) if field in w.fields), None) for line in order}
        words = {w.fields[field] for w in last.values() if w is not None}
        told = {loss.lost_text or None for loss in folded.losses if loss.field == field}
        told |= {loss.kept_text or None for loss in folded.losses if loss.field == field}
        assert words <= told | {getattr(folded.state.profile, field)}


def test_a_birthday_is_one_word_in_whatever_form_it_is_told() -> None:
    whole = edited(START, said(1, 5), ("birthday",), Profile(birthday=date(1990, 2, 3))).state
    moon = edited(
        whole,
        said(2, 9),
        ("birthday", "birthday_lunar"),
        Profile(birthday=date(1990, 3, 1), birthday_lunar=True),
    )
    assert (moon.state.profile.birthday, moon.state.profile.birthday_lunar) == (date(1990, 3, 1), True)
    assert [loss.lost_text for loss in moon.losses] == ["1990-02-03"]


def test_a_verified_phone_stays_verified_when_another_shop_writes_it_again() -> None:
    verified = MemberKey(kind=KeyKind.PHONE, value="+8613800138000", verified=True)
    unproven = MemberKey(kind=KeyKind.PHONE, value="+8613800138000")
    for first, second in ((verified, unproven), (unproven, verified)):
        state = edited(START, said(1, 5), ("keys",), Profile(keys=(first,))).state
        state = edited(state, said(2, 9), ("keys",), Profile(keys=(second,))).state
        assert state.profile.keys == (verified,)


def test_fields_of_a_newer_program_are_left_aside() -> None:
    assert edited(START, said(1, 1), ("shoe_size", "name"), Profile(name="x")).state.profile == Profile(
        name="x"
    )


def _word(given: bool, number: int, channel: str | None = None) -> Consent:
    return Consent(
        consent_id=ConsentId(UUID(int=number)),
        purpose=Purpose.MARKETING,
        given=given,
        text_version="1",
        how="spoken",
        by=StaffId(UUID(int=1)),
        at=from_ms(number),
        channel=channel,
    )


@pytest.mark.parametrize("order", list(permutations((0, 1))))
def test_of_a_yes_and_a_no_said_at_once_the_no_holds(order: tuple[int, ...]) -> None:
    words = [(said(1, 5), _word(False, 1)), (said(2, 9), _word(True, 2))]
    state = START
    for index in order:
        state = consented(state, *words[index])
    assert [word.consent.given for word in state.words] == [True, False]
    after = consented(published(state, 3), said(2, 12, seen=3), _word(True, 3))
    assert after.words[-1].consent.given, "a yes of who knew of the no holds"


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(-50, 50), st.integers(0, 1)), max_size=12
    )
)
def test_a_sale_taken_out_again_leaves_the_totals_as_they_were(
    counted: list[tuple[int, int, int, int]],
) -> None:
    state = START
    for shop, month, spend, visits in counted:
        before = state
        visit = Visit(ShopId(UUID(int=shop)), 202600 + month, spend, visits, 9)
        state = visited(state, visit)
        back = visited(state, visit, sign=-1)
        assert back.months == before.months
    assert sum(m.spend for m in state.months) == sum(spend for _, _, spend, _ in counted)
    assert sum(s.visits for s in state.shops) == sum(visits for *_, visits in counted)


# Views of several ids.


@settings(max_examples=200)
@given(lines(), lines())
def test_a_merge_adds_and_takes_nothing_from_either(mine: list[list[Word]], hers: list[list[Word]]) -> None:
    one = fold(START, [word for line in mine for word in line]).state
    other = fold(
        MemberState(member=MemberId(UUID(int=9)), registered=True, joined_at_ms=0, joined_shop=SHOP),
        [word for line in hers for word in line],
    ).state
    alone = [document_of([state]) for state in (one, other)]
    merged = document_of([one, other])
    assert merged is not None and merged.member is not None
    assert merged.member.member_id == one.member and merged.member.joined_at == from_ms(0)
    assert merged.record.also == (other.member,)
    for field in ("name", "notes"):
        words = {getattr(state.profile, field) for state in (one, other)} - {None}
        assert getattr(merged.member.profile, field) in (words or {None})
    assert set(merged.member.profile.interests) == {*one.profile.interests, *other.profile.interests}
    assert [document_of([state]) for state in (one, other)] == alone


def test_after_a_merge_the_stricter_consent_holds_until_she_says_yes_again() -> None:
    yes = consented(START, said(1, 5), _word(True, 1))
    no = consented(
        MemberState(member=MemberId(UUID(int=9)), merged_at_ms=20), said(2, 3), _word(False, 2, "sms")
    )
    merged = document_of([yes, no])
    assert merged is not None and merged.member is not None
    assert not agreed(merged.member.consents, Purpose.MARKETING, "sms")
    assert agreed(merged.member.consents, Purpose.MARKETING, "email")
    again = document_of([consented(yes, said(1, 30), _word(True, 4, "sms")), no])
    assert again is not None and again.member is not None
    assert agreed(again.member.consents, Purpose.MARKETING, "sms")


def test_nothing_is_shown_of_somebody_whose_sign_up_is_not_known_yet() -> None:
    assert document_of([MemberState(member=MEMBER)]) is None


def test_a_no_holds_against_a_yes_whose_till_took_a_no_of_its_own_back() -> None:
    base = published(consented(START, said(1, 1), _word(True, 1)), 2)
    own = consented(
        consented(base, said(1, 20, seen=2), _word(False, 2)), said(1, 21, seen=2), _word(True, 3)
    )
    after = consented(own, said(2, 10, seen=2), _word(False, 4))
    other = consented(base, said(2, 10, seen=2), _word(False, 4))
    before = consented(
        consented(other, said(1, 20, seen=2), _word(False, 2)), said(1, 21, seen=2), _word(True, 3)
    )
    for state in (after, before):
        assert not state.words[-1].consent.given


PROPERTIES: list[tuple[Callable[..., None], list[st.SearchStrategy[Any]]]] = [
    (test_words_that_did_not_see_each_other_come_to_the_same_in_any_order_of_arrival, [st.data()]),
    (test_one_till_alone_is_taken_at_its_word, [st.lists(edits, max_size=8)]),
    (
        test_who_saw_everything_is_taken_at_her_word_whatever_her_clock_says,
        [lines(), st.lists(edits, max_size=4)],
    ),
    (test_no_word_that_lost_is_unheard, [st.data()]),
    (test_a_merge_adds_and_takes_nothing_from_either, [lines(), lines()]),
]


@pytest.mark.prove
@pytest.mark.parametrize(("told", "drawn"), PROPERTIES, ids=lambda it: getattr(it, "__name__", "drawn"))
def test_it_holds_in_two_thousand_examples(
    told: Callable[..., None], drawn: list[st.SearchStrategy[Any]]
) -> None:
    inner = told.hypothesis.inner_test  # type: ignore[attr-defined]
    settings(max_examples=2_000, deadline=None)(given(*drawn)(inner))()
