"""What a choice at the sync desk does, and what taking it back does.

Every choice can be taken back: a merge is an alias, a word that was lost is kept, a sale that was not counted can be
counted and taken out again. Of two choices of two tills the one that arrives later holds. What a person wrote by hand
after a choice stays, whatever becomes of the choice.
"""

import msgspec

from pos_app.domain.desk import CHOICES, Choice, DeskItem, ItemKind
from pos_app.domain.facts.sync import DeskDecided
from pos_app.domain.members import Profile
from sync.platform import claims, desk, together
from sync.platform.books import Books
from sync.platform.folding import Said, parts_of, value_of
from sync.platform.sales import SalesBook
from sync.platform.viewing import document_of

_kept = msgspec.msgpack.Decoder(desk.Kept)
_profile = msgspec.json.Decoder(Profile)


def decided(books: Books, said: Said, fact: DeskDecided) -> bool:
    """Do what was chosen; False for an item that is gone, or a choice that it has not."""
    item = desk.item_of(books, fact.item)
    if item is None or (fact.choice is not None and fact.choice not in CHOICES[item.kind]):
        return False
    if item.choice is fact.choice:
        return True
    if item.kind is ItemKind.SAME_KEY:
        _same_key(books, said, item, fact.choice)
    elif item.kind is ItemKind.LOST_EDIT:
        if fact.choice is None and _written_since(books, item):
            # The till that takes it back had not seen the newer word, or it would have refused.
            desk.say_again(books, item)
            return True
        _lost_edit(books, said, item, fact.choice)
    elif item.kind in (ItemKind.RETURNED_TWICE, ItemKind.SOLD_TWICE):
        _twice(books, item, fact.choice)
    desk.settle(books, item, fact.choice, said)
    return True


def _same_key(books: Books, said: Said, item: DeskItem, choice: Choice | None) -> None:
    assert item.first.member is not None and item.second.member is not None
    owner, other = item.first.member.bytes, item.second.member.bytes
    if choice is Choice.MERGE:
        claims.merge(books, owner, other, said)
    elif item.choice is Choice.MERGE:
        joined = claims.merged_under(books, owner, other)
        if joined is not None:
            claims.unmerge(books, joined, said)


def _lost_edit(books: Books, said: Said, item: DeskItem, choice: Choice | None) -> None:
    """Give the field the word that was lost, or the one again that stood there when it was chosen."""
    kept, member = _kept_of(books, item)
    if books.is_erased(member):
        return
    if choice is Choice.TAKE_OTHER:
        stood = {f: getattr(_shown(books, member), f) for f in parts_of(kept.field)}
        value = msgspec.json.encode(Profile(**stood))
        desk.keep(books, item.item_id, msgspec.structs.replace(kept, first_value=value))
        value = kept.second_value
    elif item.choice is Choice.TAKE_OTHER and not _written_since(books, item):
        value = kept.first_value
    else:
        return
    whole = Said(
        till=said.till,
        till_code=said.till_code,
        shop=said.shop,
        staff=said.staff,
        at_ms=said.at_ms,
        hlc=said.hlc,
        # Who chose had both words before her: it is an edit of what holds now.
        seen=(1 << 62),
    )
    together.edit(books, member, whole, (kept.field,), _profile.decode(value))


def _written_since(books: Books, item: DeskItem) -> bool:
    """Whether somebody gave the field another word since the one that was lost was taken."""
    kept, member = _kept_of(books, item)
    if item.choice is not Choice.TAKE_OTHER or books.is_erased(member):
        return False
    words = [_profile.decode(value) for value in (kept.first_value, kept.second_value)]
    present = value_of(_shown(books, member), kept.field)
    return present not in [value_of(word, kept.field) for word in words]


def _shown(books: Books, member: bytes) -> Profile:
    """Return what stands on a member's card, whichever of her ids it was said of."""
    document = document_of([books.state(one) for one in books.group(member)])
    if document is None or document.member is None:
        return books.state(member).profile
    return document.member.profile


def _kept_of(books: Books, item: DeskItem) -> tuple[desk.Kept, bytes]:
    row = desk.row_of(books, item.item_id)
    assert row is not None and item.first.member is not None
    return _kept.decode(row.body), item.first.member.bytes


def _twice(books: Books, item: DeskItem, choice: Choice | None) -> None:
    """Count the later sale after all, or count it no more."""
    assert item.second.sale is not None
    book = SalesBook(books, ())
    placed = book.placed(item.second.sale.bytes)
    if placed is None:
        return
    if choice is Choice.COUNT:
        book.count(placed.sale)
        book.mark(item.second.sale.bytes, counted=True)
    elif item.choice is Choice.COUNT:
        book.count(placed.sale, sign=-1)
        book.mark(item.second.sale.bytes, counted=False)
