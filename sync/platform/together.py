"""An edit of somebody who has several ids: her card shows what was said under all of them, and so it was edited.

Decides what an edit under one id means for what stands under the others. Nothing there is written over, or a merge
could not be taken back: what was replaced or left out is marked there, and hidden while both are one (`viewing`).
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from pos_app.domain.members import MemberKey, Profile
from sync.platform import claims
from sync.platform.books import Books
from sync.platform.folding import (
    PLAIN,
    SETS,
    Folded,
    MemberState,
    Said,
    Taken,
    edited,
    element_name,
    groups_of,
    is_hidden,
    words_on,
)


def edit(books: Books, member: bytes, said: Said, fields: Iterable[str], news: Profile) -> Folded:
    """Fold an edit of an id and keep it; what it replaces under her other ids is marked there.

    Only a till that had seen them as one meant the others too.
    """
    state, named = books.state(member), tuple(fields)
    group = [books.state(one) for one in books.group(member)]
    others = [one for one in group if one.member != state.member]
    if not others or not all(one.merged is None or said.knew(one.merged) for one in group):
        folded = edited(state, said, named, news)
        books.save(folded.state)
        return folded
    folded = edited(state, said, named, _own_part(state, others, named, news))
    books.save(folded.state)
    gone: list[MemberKey] = []
    for other in others:
        marked = _marked(other, state.member, said, (named, news))
        if marked != other:
            books.save(marked)
            gone += [key for key in marked.profile.keys if _is_fresh(other, marked, key)]
    claims.release(books, [one.member.bytes for one in group], gone, said)
    return folded


def _is_fresh(before: MemberState, after: MemberState, key: MemberKey) -> bool:
    """Whether a key of an id's own was taken away just now."""
    name = element_name("keys", key)
    return not key.shared and before.taken.get("keys", {}).get(name) != after.taken.get("keys", {}).get(name)


def _own_part(
    state: MemberState, others: Sequence[MemberState], named: Sequence[str], news: Profile
) -> Profile:
    """Return what is said under this id: what only stands on the card because another id has it stays that one's."""
    ids = frozenset((state.member, *(other.member for other in others)))
    changes: dict[str, Any] = {}
    for field in (field for field in named if field in SETS):
        mine = {element_name(field, value) for value in getattr(state.profile, field)}
        theirs = {
            name: value
            for other in others
            for value in getattr(other.profile, field)
            if not is_hidden(other, field, name := element_name(field, value), ids)
        }
        changes[field] = tuple(
            value
            for value in getattr(news, field)
            if (name := element_name(field, value)) in mine or _plain(theirs.get(name)) != _plain(value)
        )
    return msgspec.structs.replace(news, **changes)


def _plain(value: Any) -> Any:
    """Return a key as it is whoever else has it: how it is shown is no word of this edit."""
    return msgspec.structs.replace(value, shared=False) if isinstance(value, MemberKey) else value


def _marked(other: MemberState, by: UUID, said: Said, told: tuple[Sequence[str], Profile]) -> MemberState:
    """Return another id's state with marks on what an edit replaced or left out, as far as its till had seen it."""
    named, news = told
    taken = dict(other.taken)
    for field in groups_of(named):
        names = {""} if field in PLAIN else set(other.elements.get(field, ()))
        if field in SETS:
            names -= {element_name(field, value) for value in getattr(news, field)}
        words = {name: words_on(other, field, name) for name in sorted(names)}
        marks = {name: Taken(by, held) for name, held in words.items() if held and all(map(said.knew, held))}
        if marks:
            taken[field] = taken.get(field, {}) | marks
    return msgspec.structs.replace(other, taken=taken)
