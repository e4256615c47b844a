"""What was said under one id of a member, folded from facts one by one (SYNC.md §6, §7).

Every field carries a stamp: whose word it is, and at which position of the feed others could see it. An edit whose
till had seen the present word replaces it. One that had not is concurrent: the later by clock holds, and the other is
told as a loss. What is a set (keys, interests, children, dates) is kept element by element: an edit takes away only
what its till had seen. Pure: no clock, no database; states of different ids are never joined here (`viewing` does).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from pos_app.domain.members import Consent, MemberKey, Profile
from pos_app.domain.records import Change, Changed, MonthTotal, ShopVisits
from pos_app.domain.values.ids import MemberId, ShopId, StaffId, TillId

UNPUBLISHED = 0
"""The position of what this transaction writes; `published` gives it its place."""
CHANGES_KEPT = 12
BIRTHDAY = ("birthday", "birthday_lunar", "birthday_day")
SETS = ("keys", "interests", "children", "important_dates")
PLAIN = ("name", "gender", "birthday", "occupation", "character", "origin", "address", "notes")
"""Fields of which one word holds; `birthday` stands for all three of its parts."""
_encoder = msgspec.json.Encoder()


class Stamp(msgspec.Struct, frozen=True, array_like=True):
    """Whose word something is: the clock's time after the platform looked at it, the till, the feed's position."""

    hlc: int
    till: UUID
    position: int = UNPUBLISHED


class Taken(msgspec.Struct, frozen=True, array_like=True):
    """That an edit under another id `by` of the same member replaced or left out what these words say."""

    by: UUID
    words: tuple[Stamp, ...]


class Word(msgspec.Struct, frozen=True, array_like=True):
    """A consent with whose word it is."""

    consent: Consent
    stamp: Stamp


class MemberState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that was said under one id. Unregistered until its sign-up is known: then nothing of it is published.

    `elements` holds for each set whose words put an element there; it is there while one of them was not taken back.
    `merged_at_ms` is when it became an alias, `merged` by whose word. `taken` holds what edits under other ids of hers
    took away, by field and element ("" for a field of one word): that stands here still, hidden while they are one.
    """

    member: MemberId
    registered: bool = False
    joined_at_ms: int = 0
    joined_shop: ShopId | None = None
    profile: Profile = Profile()
    stamps: dict[str, Stamp] = {}
    elements: dict[str, dict[str, tuple[Stamp, ...]]] = {}
    words: tuple[Word, ...] = ()
    shops: tuple[ShopVisits, ...] = ()
    months: tuple[MonthTotal, ...] = ()
    changes: tuple[Change, ...] = ()
    merged_at_ms: int = 0
    merged: Stamp | None = None
    taken: dict[str, dict[str, Taken]] = {}


@dataclass(frozen=True, slots=True)
class Said:
    """Who says something: an edit's place and time. `seen` is the position its till had of the member, if any."""

    till: TillId
    till_code: str
    shop: ShopId
    staff: StaffId | None
    at_ms: int
    hlc: int
    seen: int | None = None

    @property
    def stamp(self) -> Stamp:
        """The stamp of what is said."""
        return Stamp(self.hlc, self.till)

    def knew(self, stamp: Stamp) -> bool:
        """Whether this till had seen a word when it said its own: its own earlier words, others' by position.

        A file that is folded in slices is said before what its till says while it is being folded.
        """
        is_own = stamp.till == self.till and stamp.hlc <= self.hlc
        return is_own or (self.seen is not None and UNPUBLISHED < stamp.position <= self.seen)


@dataclass(frozen=True, slots=True)
class Loss:
    """A concurrent word that was not kept, of two shops' about one field; texts are for people, and personal."""

    field: str
    kept: Stamp
    kept_text: str
    lost: Stamp
    lost_text: str
    lost_value: bytes
    """The lost value as JSON of a Profile with that field only, so that it can be taken after all."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A state with what did not come through."""

    state: MemberState
    losses: tuple[Loss, ...] = ()


def registered(
    state: MemberState, said: Said, profile: Profile, consents: Iterable[Consent], how: Changed
) -> Folded:
    """Fold a sign-up: its fields are words like any other, for an edit may be known before it."""
    fields = [f for f in Profile.__struct_fields__ if getattr(profile, f) != getattr(Profile(), f)]
    folded = edited(state, said, fields, profile, how)
    fresh = msgspec.structs.replace(
        folded.state, registered=True, joined_at_ms=said.at_ms, joined_shop=said.shop
    )
    for consent in consents:
        fresh = consented(fresh, said, consent, tell=False)
    return Folded(fresh, folded.losses)


def edited(
    state: MemberState,
    said: Said,
    fields: Iterable[str],
    news: Profile,
    how: Changed = Changed.EDITED,
) -> Folded:
    """Fold changed fields; tells what of two concurrent words was not kept."""
    profile, stamps, elements = state.profile, dict(state.stamps), dict(state.elements)
    losses: list[Loss] = []
    named = tuple(fields)
    for field in groups_of(named):
        if field in SETS:
            values, elements[field] = _set(
                profile, elements.get(field, {}), said, field, getattr(news, field)
            )
            profile = msgspec.structs.replace(profile, **{field: values})
            continue
        loss = _loss(profile, stamps.get(field), said, field, news)
        if loss is not None:
            losses.append(loss)
        if loss is None and field in stamps and not said.knew(stamps[field]):
            # Both said the same: it stands under the later of them.
            stamps[field] = max(stamps[field], said.stamp, key=rank)
        elif loss is None or loss.kept == said.stamp:
            profile, stamps[field] = _with(profile, field, news), said.stamp
    lost = any(loss.lost == said.stamp for loss in losses)
    after = msgspec.structs.replace(state, profile=profile, stamps=stamps, elements=elements)
    return Folded(changed(after, said, how, named, lost=lost), tuple(losses))


def rank(stamp: Stamp) -> tuple[int, bytes]:
    """Return what orders words: the time, then the till, so that no two are equal."""
    return (stamp.hlc, stamp.till.bytes)


def groups_of(fields: Iterable[str]) -> list[str]:
    """Return the names under which fields are stamped, each once; fields of a newer program are left aside."""
    named = dict.fromkeys("birthday" if field in BIRTHDAY else field for field in fields)
    return [field for field in named if field in SETS or field in PLAIN]


def words_on(state: MemberState, field: str, name: str) -> tuple[Stamp, ...]:
    """Return whose words hold a field ("" as its name), or an element of a set."""
    if field in SETS:
        return state.elements.get(field, {}).get(name, ())
    return (state.stamps[field],) if field in state.stamps else ()


def is_hidden(state: MemberState, field: str, name: str, group: Collection[UUID]) -> bool:
    """Whether an edit under another id of a group took away what an id says; said anew, it counts again."""
    mark = state.taken.get(field, {}).get(name)
    if mark is None or mark.by not in group:
        return False
    taken = {rank(stamp) for stamp in mark.words}
    return all(rank(stamp) in taken for stamp in words_on(state, field, name))


def parts_of(field: str) -> tuple[str, ...]:
    """Return the fields of a profile that a stamped one stands for."""
    return BIRTHDAY if field == "birthday" else (field,)


def _with(profile: Profile, field: str, source: Profile) -> Profile:
    return msgspec.structs.replace(profile, **{part: getattr(source, part) for part in parts_of(field)})


def value_of(profile: Profile, field: str) -> tuple[Any, ...]:
    """Return what a profile says in a stamped field, with all its parts."""
    return tuple(getattr(profile, part) for part in parts_of(field))


def _loss(profile: Profile, present: Stamp | None, said: Said, field: str, news: Profile) -> Loss | None:
    """Return which of two words holds where neither till had seen the other's; None where there is no contest."""
    if present is None or said.knew(present) or value_of(profile, field) == value_of(news, field):
        return None
    mine = rank(said.stamp) > rank(present)
    kept, lost = (news, profile) if mine else (profile, news)
    return Loss(
        field=field,
        kept=said.stamp if mine else present,
        kept_text=kept.text_of(field),
        lost=present if mine else said.stamp,
        lost_text=lost.text_of(field),
        lost_value=_encoder.encode(_with(Profile(), field, lost)),
    )


def _set(
    profile: Profile, known: dict[str, tuple[Stamp, ...]], said: Said, field: str, news: tuple[Any, ...]
) -> tuple[tuple[Any, ...], dict[str, tuple[Stamp, ...]]]:
    """Return a set after an edit: what it names is there; what it leaves out goes, as far as its till had seen it.

    An element that another till put there meanwhile stays, whatever is left out here: an observed-remove set, so the
    order in which the words of several tills arrive does not matter.
    """
    before = {element_name(field, value): value for value in getattr(profile, field)}
    wanted = {element_name(field, value): value for value in news}
    marks: dict[str, tuple[Stamp, ...]] = {}
    values: dict[str, Any] = {}
    for name in (*wanted, *(name for name in before if name not in wanted)):
        held = known.get(name, ())
        unseen = tuple(stamp for stamp in held if not said.knew(stamp))
        if name not in wanted:
            if unseen:
                marks[name], values[name] = unseen, before[name]
            continue
        if len(unseen) < len(held) and before[name] == wanted[name]:
            marks[name], values[name] = held, before[name]
            continue
        newest = all(said.hlc >= stamp.hlc for stamp in unseen)
        marks[name] = (*unseen, said.stamp)
        values[name] = _joined(before.get(name, wanted[name]), wanted[name], newer=newest)
    return tuple(values.values()), marks


def element_name(field: str, value: Any) -> str:
    """Return what an element of a set is known by: a key by kind and value, a date by its label, or as it stands."""
    if field == "keys":
        return f"{value.kind.value}:{value.value}"
    if field == "important_dates":
        return str(value.label)
    return value if isinstance(value, str) else _encoder.encode(value).decode()


def _joined(held: Any, value: Any, *, newer: bool) -> Any:
    """Return an element of which two versions are known."""
    chosen = value if newer else held
    if isinstance(chosen, MemberKey) and isinstance(held, MemberKey) and (held.verified or value.verified):
        return msgspec.structs.replace(chosen, verified=True)
    return chosen


def consented(state: MemberState, said: Said, consent: Consent, *, tell: bool = True) -> MemberState:
    """Fold a yes or a no. The last word counts; of two concurrent ones a no does, whichever was later."""
    if any(word.consent.consent_id == consent.consent_id for word in state.words):
        return state
    new = Word(consent, said.stamp)
    words = list(state.words)
    rivals = [w for w in words if _same_matter(w.consent, consent)]
    unseen_no = next((w for w in rivals if not w.consent.given and not said.knew(w.stamp)), None)
    if consent.given and unseen_no is not None:
        # Not only of the latest word: its own no that it takes back stood above one that it has not seen.
        words.insert(words.index(unseen_no), new)
    elif not rivals or said.knew(rivals[-1].stamp) or not _yields(new, rivals[-1]):
        words.append(new)
    else:
        words.insert(words.index(rivals[-1]), new)
    after = msgspec.structs.replace(state, words=tuple(words))
    return changed(after, said, Changed.CONSENT, (consent.purpose.value,)) if tell else after


def _same_matter(one: Consent, other: Consent) -> bool:
    return one.purpose is other.purpose and one.channel == other.channel


def _yields(new: Word, rival: Word) -> bool:
    """Whether a concurrent word stands behind its rival."""
    if new.consent.given != rival.consent.given:
        return new.consent.given
    return new.stamp.hlc < rival.stamp.hlc


@dataclass(frozen=True, slots=True)
class Visit:
    """What a sale adds to a member's totals: minor units, visits (none for a return), where and when."""

    shop: ShopId
    month: int
    spend: int
    visits: int
    at_ms: int


def visited(state: MemberState, visit: Visit, sign: int = 1) -> MemberState:
    """Count a sale, or take it out again with sign -1."""
    months = {m.month: m for m in state.months}
    held = months.get(visit.month, MonthTotal(month=visit.month))
    months[visit.month] = MonthTotal(
        month=visit.month,
        spend=held.spend + sign * visit.spend,
        visits=held.visits + sign * visit.visits,
    )
    shops = {s.shop: s for s in state.shops}
    was = shops.get(visit.shop, ShopVisits(shop=visit.shop, visits=0, last_ms=0))
    last = max(was.last_ms, visit.at_ms) if visit.visits and sign > 0 else was.last_ms
    shops[visit.shop] = ShopVisits(shop=visit.shop, visits=was.visits + sign * visit.visits, last_ms=last)
    return msgspec.structs.replace(
        state,
        months=tuple(m for _, m in sorted(months.items()) if m.spend or m.visits),
        shops=tuple(s for s in shops.values() if s.visits or s.last_ms),
    )


def changed(
    state: MemberState, said: Said, what: Changed, fields: tuple[str, ...] = (), *, lost: bool = False
) -> MemberState:
    """Note who did what where; the latest stay."""
    change = Change(
        what=what,
        at_ms=said.at_ms,
        shop=said.shop,
        till_code=said.till_code,
        staff=said.staff,
        fields=fields,
        lost=lost,
    )
    return msgspec.structs.replace(state, changes=(*state.changes, change)[-CHANGES_KEPT:])


def published(state: MemberState, position: int) -> MemberState:
    """Return a state whose new words stand at a position of the feed from now on."""

    def placed(stamp: Stamp) -> Stamp:
        return stamp if stamp.position else Stamp(stamp.hlc, stamp.till, position)

    return msgspec.structs.replace(
        state,
        stamps={field: placed(stamp) for field, stamp in state.stamps.items()},
        elements={
            field: {name: tuple(placed(stamp) for stamp in held) for name, held in marks.items()}
            for field, marks in state.elements.items()
        },
        words=tuple(Word(word.consent, placed(word.stamp)) for word in state.words),
        merged=None if state.merged is None else placed(state.merged),
    )
