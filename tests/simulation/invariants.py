"""What must hold once all is healed and drained (SYNC.md §10); each check raises BrokenError with its name.

Looks at the files and tables themselves, never at what the code under test believes of them.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from uuid import UUID

import msgspec
from sqlalchemy import select

from pos_app.domain.desk import Choice, DeskItem, ItemKind
from pos_app.domain.facts.codec import decode_content
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.sales import SaleCommitted
from pos_app.domain.members import KeyKind
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.ids import MemberId
from sync.client.applying import kept_of
from sync.platform import tables
from sync.platform.folding import MemberState
from sync.protocol.documents import DeskDocument, Kind, MemberDocument
from sync.protocol.messages import FactState
from tests.simulation.promises import Facts, Held, need
from tests.simulation.tills import SimTill
from tests.simulation.words import check_words
from tests.simulation.world import World

_states = msgspec.json.Decoder(MemberState)
_items = msgspec.json.Decoder(DeskDocument)


def check(world: World) -> None:
    """Check everything."""
    need(not world.hub.bugs, f"a fact was parked by a bug: {world.hub.bugs!r}")
    facts = platform_facts(world)
    check_facts(world, facts)
    sales = check_sales(world, facts)
    check_totals(world, sales)
    check_keys(world)
    for till in world.living():
        check_till(world, till)
        if world.is_quiet(till):
            need(not till.link.refetched_at_ms, f"till {till.which} fetched anew: a page was missed")
    check_words(world, facts)
    for till in (*world.tills, *world.gone):
        proof = till.shop.verify()
        need(proof.passed, f"I6 the books of till {till.which} do not verify: {proof.findings[:3]}")
        world.counts["facts"] += proof.facts


# -- facts -------------------------------------------------------------------------------------------------------


def platform_facts(world: World) -> Facts:
    """Return what the platform holds."""
    table = tables.fact
    return {
        (row.till_id, row.epoch, row.seq, row.hash): Held(row.kind, row.body, row.state)
        for row in world.hub.rows(select(table))
    }


def till_facts(till: SimTill) -> Iterator[tuple[tuple[bytes, int, int, bytes], Held]]:
    """Return what a till's journal holds."""
    with till.shop.store.read() as tx:
        for entry in tx.journal.entries():
            yield (till.id.bytes, entry.epoch, entry.seq, entry.hash), Held(entry.kind, entry.body)


def check_facts(world: World, facts: Facts) -> None:
    """I1 and I5: all that tills hold is there byte for byte, and all that was ever acknowledged."""
    own: set[tuple[bytes, int, int, bytes]] = set()
    for till in (*world.tills, *world.gone):
        if till in world.gone and world.hub.generation:
            continue  # What it sent before it was switched off, a restored platform cannot ask for again.
        for place, held in till_facts(till):
            own.add(place)
            there = facts.get(place)
            need(there is not None, f"I1 {held.kind} {place[1]}/{place[2]} of till {till.which} is missing")
            assert there is not None
            need(there.body == held.body, f"I1 {held.kind} {place[1]}/{place[2]} has other bytes")
    missing = world.hub.acknowledged - set(facts)
    if not world.hub.generation:
        need(not missing, f"I5 {len(missing)} acknowledged facts are missing")
    need(not missing & own, "I5 facts that a restored platform lost did not come back")
    for till in world.living():
        with till.shop.store.read() as tx:
            epoch = tx.journal.head().epoch
        mine = [held for place, held in facts.items() if place[:2] == (till.id.bytes, epoch)]
        doubted = sum(held.state == FactState.QUARANTINED for held in mine)
        need(
            not doubted or till.was_cloned,
            f"I1 {doubted} facts of till {till.which} are doubted, and nobody saw",
        )
    accepted = Counter(place[:3] for place, held in facts.items() if held.state != FactState.QUARANTINED)
    need(all(count == 1 for count in accepted.values()), "I1 two facts were believed at one place")


# -- sales -------------------------------------------------------------------------------------------------------


def _sale_of(held: Held) -> Sale:
    envelope = decode(held.body)
    content = decode_content(envelope.kind, envelope.version, bytes(envelope.content))
    assert isinstance(content, SaleCommitted)
    return content.sale


def desk_items(world: World) -> dict[UUID, DeskItem]:
    """Return the items of the desk, open and settled."""
    rows = [row for row in world.feed() if row.kind == Kind.DESK and not row.gone]
    return {UUID(bytes=row.id): _items.decode(row.body).item for row in rows}


def check_sales(world: World, facts: Facts) -> list[tuple[Sale, bool]]:
    """I1: a row for each sale that was believed, once, counted unless the desk holds it back; return them."""
    rows = {row.sale_id: row for row in world.hub.rows(select(tables.sale))}
    choices = {
        item.second.sale.bytes: item.choice
        for item in desk_items(world).values()
        if item.kind in (ItemKind.RETURNED_TWICE, ItemKind.SOLD_TWICE) and item.second.sale is not None
    }
    told: list[tuple[Sale, bool]] = []
    seen: set[bytes] = set()
    for held in facts.values():
        if held.kind != "sale.committed" or held.state == FactState.QUARANTINED:
            continue
        sale = _sale_of(held)
        row = rows.get(sale.sale_id.bytes)
        need(row is not None, f"I1 sale {sale.number} has no row")
        assert row is not None
        need(row.total == sale.total, f"I1 sale {sale.number} has another total")
        if sale.sale_id.bytes in seen:
            continue
        seen.add(sale.sale_id.bytes)
        due = choices.get(sale.sale_id.bytes, Choice.COUNT) is Choice.COUNT
        need(bool(row.counted) is due, f"I1 sale {sale.number} is counted {row.counted}, should be {due}")
        is_asked = sale.sale_id.bytes in choices
        need(
            held.state == FactState.PROJECTED or is_asked,
            f"I1 {sale.number} is {held.state}, and nobody asked",
        )
        need(due or held.state == FactState.PARKED or _was_late(held), f"I1 {sale.number} is {held.state}")
        told.append((sale, due))
    need(len(rows) == len(seen), "I1 there are rows of sales that nobody made")
    return told


def _was_late(held: Held) -> bool:
    """Whether a return came before its sale: it was believed at first, and taken out once the sale was there."""
    return held.state == FactState.PROJECTED and _sale_of(held).kind.value != "sale"


def check_totals(world: World, sales: list[tuple[Sale, bool]]) -> None:
    """The months of all records together are what counted sales say, but for those who were erased."""
    rows = world.hub.rows(select(tables.member))
    erased = {row.member_id for row in rows if row.erased}
    above = {row.member_id: row.alias_of for row in rows}
    due: dict[tuple[bytes, int], list[int]] = defaultdict(lambda: [0, 0])
    for sale, counted in sales:
        if sale.member is None or not counted or sale.member.member.bytes in erased:
            continue
        month = sale.business_date.year * 100 + sale.business_date.month
        place = due[owner_of(above, sale.member.member.bytes), month]
        place[0] += sale.total
        place[1] += sale.kind.value == "sale"
    held: dict[tuple[bytes, int], list[int]] = defaultdict(lambda: [0, 0])
    documents = world.documents()
    for member, document in documents.items():
        for month in document.record.months:
            held[member.bytes, month.month] = [month.spend, month.visits]
    for (member, month), told in due.items():
        document = documents.get(MemberId(UUID(bytes=member)))
        if document is None:
            continue  # Somebody whose sign-up the platform does not know: quarantined, or lost with a restore.
        need(held[member, month] == told, f"totals of {month}: {held[member, month]} should be {told}")
    for place, told in held.items():
        need(told == due.get(place, [0, 0]), f"totals of {place[1]}: {told} should be {due.get(place)}")


def owner_of(above: Mapping[bytes, bytes | None], member: bytes) -> bytes:
    """Return the id that stands for an id."""
    while (owner := above.get(member)) is not None:
        member = owner
    return member


# -- keys --------------------------------------------------------------------------------------------------------


def check_keys(world: World) -> None:
    """I4: each key finds one member, or the desk asks about it."""
    rows = world.hub.rows(select(tables.member))
    above = {row.member_id: row.alias_of for row in rows}
    states = {row.member_id: _states.decode(row.body) for row in rows if not row.erased}
    claims: dict[tuple[str, str], set[bytes]] = defaultdict(set)
    for member, state in states.items():
        for key in state.profile.keys:
            if not key.shared and state.registered:
                claims[key.kind.value, key.value].add(owner_of(above, member))
    asked = [item for item in desk_items(world).values() if item.kind is ItemKind.SAME_KEY]
    pairs = {_pair(above, item) for item in asked}
    shown: dict[tuple[str, str], set[bytes]] = defaultdict(set)
    for member, document in world.documents().items():
        for key in document.member.profile.keys if document.member else ():
            if not key.shared:
                shown[key.kind.value, key.value].add(member.bytes)
    cards = {
        (key.kind.value, key.value, member.bytes)
        for member, document in world.documents().items()
        for key in (document.member.profile.keys if document.member else ())
    }
    for key, having in claims.items():
        # What was taken off the card of two who are one is kept only for the day on which they are parted.
        owners = {owner for owner in having if (*key, owner) in cards}
        finds = shown.get(key, set())
        if not owners:
            continue
        need(len(finds) <= 1, f"I4 {len(finds)} members own one {key[0]}")
        need(len(finds) == 1, f"I4 nobody owns a {key[0]} that {len(owners)} members have")
        for other in owners - finds:
            about = frozenset((other, *finds))
            need(about in pairs, f"I4 the desk asks nothing about a {key[0]} of two members")


def _pair(above: Mapping[bytes, bytes | None], item: DeskItem) -> frozenset[bytes]:
    members = (item.first.member, item.second.member)
    return frozenset(owner_of(above, member.bytes) for member in members if member is not None)


# -- tills -------------------------------------------------------------------------------------------------------


def check_till(world: World, till: SimTill) -> None:
    """I3: a till holds what the platform holds, in its own tables too."""
    name = f"I3 till {till.which}"
    documents = world.documents()
    ghosts = world.lost_online | world.unbelieved(till)
    with till.shop.store.read() as tx:
        need(not any(tx.documents.owed(kind.value) for kind in Kind), f"{name} still owes documents")
        for row in world.feed():
            place = tx.documents.position(row.kind, row.id)
            need(place == (None if row.gone else row.position), f"{name} has {row.kind} at {place}")
        for member, document in documents.items():
            here = tx.members.get(member)
            if here is None and not ghosts.isdisjoint(_ids_of(documents, member)):
                continue  # Erased here, and nobody believed it.
            need(here is not None, f"{name} does not know a member")
            if document.alias_of is not None:
                owner = document.alias_of
                while (further := documents[owner].alias_of) is not None:
                    owner = further
                need(tx.members.canonical(member) == owner, f"{name} has another owner of an alias")
                continue
            need(here == document.member, f"{name} has\n  {here}\n  and the platform\n  {document.member}")
            kept = tx.documents.body(Kind.MEMBER, member.bytes)
            need(kept == kept_of(document), f"{name} has another record of a member")
            _check_found(tx, name, document, ghosts)
        for item_id, item in desk_items(world).items():
            body = tx.documents.body(Kind.DESK, item_id.bytes)
            need(
                body is not None and _items.decode(body).item == item, f"{name} has another item of the desk"
            )
    for member in world.members(till):
        known = member.member_id in documents or member.member_id in ghosts
        need(known, f"{name} has a member whom the platform has not")


def _ids_of(documents: Mapping[MemberId, MemberDocument], member: MemberId) -> set[MemberId]:
    """Return all ids of a member."""
    owner = member
    while (further := documents[owner].alias_of) is not None:
        owner = further
    return {member, owner, *documents[owner].record.also}


def _check_found(tx: object, name: str, document: MemberDocument, ghosts: set[UUID]) -> None:
    """A phone finds its owner; or somebody whom only this till knows, and the platform never believed."""
    assert document.member is not None
    for key in document.member.profile.keys:
        if key.kind is KeyKind.PHONE and not key.shared and key.replaced is None:
            found = tx.members.by_key(key.kind.value, key.value)  # type: ignore[attr-defined]
            need(found is not None, f"{name} finds nobody by a phone")
            is_she = found.member_id == document.member.member_id
            need(is_she or found.member_id in ghosts, f"{name} finds somebody else by a phone")


def state_told(world: World) -> str:
    """Return what two runs of one seed must have in common: a digest of all documents and facts."""
    told = hashlib.sha256()
    for row in world.feed():
        told.update(row.id + row.position.to_bytes(8, "big") + row.body)
    for place in sorted(platform_facts(world)):
        told.update(place[3])
    return told.hexdigest()
