"""One member out of the states of all ids that were found to be hers: what every shop sees.

A view is reckoned anew from the states each time, so a merge that is taken back leaves no trace (SYNC.md §6): fields by
the newest word, sets together, the earliest day of joining, totals summed, of consents the stricter. Pure.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from pos_app.domain.consents import ASKED, agreed
from pos_app.domain.members import Consent, Member, MemberKey, Profile, Purpose
from pos_app.domain.records import Change, MemberRecord, MonthTotal, ShopVisits
from pos_app.domain.values.ids import MemberId
from pos_app.domain.values.moments import from_ms
from sync.platform.folding import (
    BIRTHDAY,
    CHANGES_KEPT,
    PLAIN,
    SETS,
    MemberState,
    Word,
    element_name,
    is_hidden,
    rank,
)
from sync.protocol.documents import MemberDocument

ForeignKeys = frozenset[tuple[str, str]]
"""Kinds and values of keys that somebody else owns: they stand as shared, since the owner is meant first."""


def document_of(group: Sequence[MemberState], foreign: ForeignKeys = frozenset()) -> MemberDocument | None:
    """Return the document of a group, its owner first; None while no sign-up of it is known."""
    known = [state for state in group if state.registered]
    if not known:
        return None
    first = min(known, key=lambda state: (state.joined_at_ms, state.member.bytes))
    profile = group[0].profile if len(group) == 1 else _profile(group)
    visits = sum(shop.visits for state in group for shop in state.shops)
    last = max((shop.last_ms for state in group for shop in state.shops), default=0)
    assert first.joined_shop is not None
    member = Member(
        member_id=group[0].member,
        joined_at=from_ms(first.joined_at_ms),
        joined_shop=first.joined_shop,
        profile=_marked(profile, foreign),
        consents=_consents(group),
        last_visit_at=from_ms(last) if last else None,
        visits=visits,
    )
    return MemberDocument(member=member, record=_record(group))


def alias_document(owner: MemberId) -> MemberDocument:
    """Return the document of an id that stands for another from now on."""
    return MemberDocument(alias_of=owner)


def _profile(group: Sequence[MemberState]) -> Profile:
    fields: dict[str, Any] = {}
    ids = frozenset(state.member for state in group)
    for field in PLAIN:
        told = [state for state in group if _says(state, field) and not is_hidden(state, field, "", ids)]
        if not told:
            continue
        newest = max(told, key=lambda state: rank(state.stamps[field]) if field in state.stamps else (0, b""))
        for part in BIRTHDAY if field == "birthday" else (field,):
            fields[part] = getattr(newest.profile, part)
    for field in SETS:
        fields[field] = _together(group, field)
    return Profile(**fields)


def _says(state: MemberState, field: str) -> bool:
    """Whether an id has a word on a field: an empty one of another id takes nothing away."""
    return (state.profile.born if field == "birthday" else getattr(state.profile, field)) is not None


def _together(group: Sequence[MemberState], field: str) -> tuple[Any, ...]:
    """Return the elements of all ids, each once; of a key known twice the verified version, hers if it is of one id."""
    found: dict[Any, Any] = {}
    ids = frozenset(state.member for state in group)
    for state in group:
        for value in getattr(state.profile, field):
            if is_hidden(state, field, element_name(field, value), ids):
                continue
            name = (value.kind, value.value) if isinstance(value, MemberKey) else msgspec.json.encode(value)
            held = found.get(name)
            if held is None:
                found[name] = value
            elif isinstance(value, MemberKey):
                better = value if value.verified and not held.verified else held
                found[name] = msgspec.structs.replace(better, shared=held.shared and value.shared)
    return tuple(found.values())


def _marked(profile: Profile, foreign: ForeignKeys) -> Profile:
    if not foreign:
        return profile
    keys = tuple(
        msgspec.structs.replace(key, shared=True) if (key.kind.value, key.value) in foreign else key
        for key in profile.keys
    )
    return msgspec.structs.replace(profile, keys=keys)


def _consents(group: Sequence[MemberState]) -> tuple[Consent, ...]:
    """Return all words by time; where two ids disagree a no is said once more, unless a yes came after the merge."""
    if len(group) == 1:
        return tuple(word.consent for word in group[0].words)
    merged_at = max(state.merged_at_ms for state in group) << 16
    words = sorted((w for state in group for w in state.words), key=lambda w: w.stamp.hlc)
    said = [word.consent for word in words]
    for purpose, channel in ASKED:
        own = [word for state in group if (word := _in_force(state, purpose, channel)) is not None]
        since = [word for word in own if word.stamp.hlc >= merged_at]
        strict = max(since, key=lambda w: w.stamp.hlc) if since else next(iter(_noes(own)), None)
        if strict is not None and not strict.consent.given and agreed(tuple(said), purpose, channel):
            said.append(msgspec.structs.replace(strict.consent, channel=channel))
    return tuple(said)


def _in_force(state: MemberState, purpose: Purpose, channel: str | None) -> Word | None:
    """Return an id's own word on a matter; one without a channel is for all of them."""
    return next(
        (
            word
            for word in reversed(state.words)
            if word.consent.purpose is purpose and word.consent.channel in (channel, None)
        ),
        None,
    )


def _noes(words: Sequence[Word]) -> list[Word]:
    return [word for word in words if not word.consent.given]


def _record(group: Sequence[MemberState]) -> MemberRecord:
    if len(group) == 1:
        only = group[0]
        return MemberRecord(shops=only.shops, months=only.months, changes=only.changes)
    shops: dict[bytes, ShopVisits] = {}
    months: dict[int, MonthTotal] = {}
    for state in group:
        for shop in state.shops:
            held = shops.get(shop.shop.bytes, ShopVisits(shop=shop.shop, visits=0, last_ms=0))
            shops[shop.shop.bytes] = ShopVisits(
                shop=shop.shop, visits=held.visits + shop.visits, last_ms=max(held.last_ms, shop.last_ms)
            )
        for month in state.months:
            was = months.get(month.month, MonthTotal(month=month.month))
            months[month.month] = MonthTotal(
                month=month.month, spend=was.spend + month.spend, visits=was.visits + month.visits
            )
    changes: list[Change] = sorted((c for state in group for c in state.changes), key=lambda c: c.at_ms)
    return MemberRecord(
        shops=tuple(shops.values()),
        months=tuple(months[month] for month in sorted(months)),
        changes=tuple(changes[-CHANGES_KEPT:]),
        also=tuple(state.member for state in group[1:]),
    )
