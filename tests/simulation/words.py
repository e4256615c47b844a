"""What must hold of words that were said: of two said at once none is lost unseen, a no holds, none vanishes unsent."""

from collections import defaultdict
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from pos_app.domain.consents import agreed
from pos_app.domain.desk import ItemKind
from pos_app.domain.facts.codec import decode_content
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.members import ConsentChanged, MemberEdited
from pos_app.domain.members import Profile, Purpose
from pos_app.domain.values.ids import MemberId
from sync.platform import __main__ as process
from sync.platform import tables
from sync.protocol.documents import DeskDocument, Kind
from sync.protocol.messages import FactState
from tests.simulation.promises import Facts, Held, need
from tests.simulation.tills import SimTill
from tests.simulation.world import World

_profiles = msgspec.json.Decoder(Profile)
_items = msgspec.json.Decoder(DeskDocument)
_PLAIN = ("name", "occupation", "address", "notes")


def check_words(world: World, facts: Facts) -> None:
    """Check words that two tills said of one member with the same document before them."""
    if world.hub.generation:
        return  # Positions of a platform that was restored say something else than those before it.
    rows = world.hub.rows(select(tables.member))
    erased = {row.member_id for row in rows if row.erased}
    told = [
        (place, content)
        for place, held in sorted(facts.items(), key=lambda each: each[0][:3])
        if held.state == FactState.PROJECTED and (content := _content(held)) is not None
    ]
    check_edits(world, [each for each in told if each[1].member.bytes not in erased])
    check_consents(world, [each for each in told if each[1].member.bytes not in erased])


def _content(held: Held) -> Any:
    if held.kind not in ("member.edited", "member.consent_changed"):
        return None
    envelope = decode(held.body)
    return decode_content(envelope.kind, envelope.version, bytes(envelope.content))


def check_edits(world: World, told: list[tuple[Any, Any]]) -> None:
    """Of two words said at once one is kept, and the other shown at the desk."""
    keys = defaultdict(list)
    for row in world.hub.rows(select(tables.subject_key)):
        keys[row.subject_id].append(row.key)
    said: dict[tuple[UUID, str, int], dict[bytes, list[object]]] = defaultdict(lambda: defaultdict(list))
    for place, content in told:
        if not isinstance(content, MemberEdited) or content.seen is None:
            continue
        news = _opened(keys[content.member.bytes], content)
        for field in content.fields:
            if field in _PLAIN:
                said[content.member, field, content.seen][place[0]].append(getattr(news, field))
    asked = {
        (item.first.member, item.about)
        for row in world.feed()
        if row.kind == Kind.DESK and not row.gone
        for item in [_items.decode(row.body).item]
        if item.kind is ItemKind.LOST_EDIT
    }
    for (member, field, _seen), words in said.items():
        # Who said another's word herself and then a new one has replaced both.
        others = [(one, two) for a, one in words.items() for b, two in words.items() if a != b]
        if any(one[-1] not in two and two[-1] not in one for one, two in others):
            need((member, field) in asked, f"of two words on {field} one was lost, and nobody is told")


def _opened(keys: list[bytes], content: MemberEdited) -> Profile:
    from base64 import b64decode

    for key in keys:
        try:
            return _profiles.decode(process._unseal(key, b64decode(content.sealed), content.member.bytes))
        except ValueError:
            continue
    raise AssertionError("a projected fact has no key that opens it")


def check_consents(world: World, told: list[tuple[Any, Any]]) -> None:
    """Of a yes and a no said at once the no holds: those are the last words of two tills that saw one document."""
    said: dict[MemberId, list[tuple[bytes, Any]]] = defaultdict(list)
    for place, content in told:
        if isinstance(content, ConsentChanged) and content.consent.purpose is Purpose.MARKETING:
            said[content.member].append((place[0], content))
    documents = world.documents()
    for member, words in said.items():
        document = documents.get(member)
        last = {till: content.consent.given for till, content in words}
        seen = {content.seen for _, content in words}
        at_once = len(set(last.values())) == 2 and len(seen) == 1 and None not in seen
        if at_once and document is not None and document.member is not None and not document.record.also:
            holds = agreed(document.member.consents, Purpose.MARKETING)
            need(not holds, "of a yes and a no said at once the yes holds")


# -- what a till said and did not send yet -----------------------------------------------------------------------


def check_unsent(till: SimTill) -> None:
    """Whatever came in, what a till said last and did not send yet stands there as it was said."""
    link = till.link
    for (member_id, field), (place, value) in list(till.said.items()):
        if place <= (link.epoch, link.seq):
            del till.said[member_id, field]
            continue
        member = till.shop.shop.members.get(member_id)
        if member is not None and member.member_id == member_id:
            here = getattr(member.profile, field)
            need(
                here == value,
                f"till {till.which} was overwritten in {field} before it could send its own word",
            )
