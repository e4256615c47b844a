"""How a change of a member is written: only what changed, sealed, and her row with it.

Decides the fact of an edit and who owns a key; what may be changed by whom is decided by the services that ask.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from pos_app.domain.facts.members import MemberEdited
from pos_app.domain.member_keys import CardTakenError
from pos_app.domain.members import (
    Consent,
    KeyKind,
    Member,
    MemberExistsError,
    MemberGoneError,
    MemberKey,
    Profile,
    Purpose,
)
from pos_app.domain.values.ids import ConsentId, MemberId, SubjectId
from pos_app.services.acting import Actor
from pos_app.services.ports.store import Tx
from pos_app.services.ports.syncing import MEMBER
from pos_app.services.workplace import Workplace

_BIRTHDAY = frozenset(("birthday", "birthday_day", "birthday_lunar"))


def member_of(tx: Tx, member_id: MemberId) -> Member:
    """Return a member; raise MemberGoneError when there is none (any more)."""
    member = tx.members.get(member_id)
    if member is None:
        raise MemberGoneError()
    return member


def seen_of(tx: Tx, member_id: MemberId) -> int | None:
    """Return the place of the platform's document that whoever edits a member has before her; None where none came."""
    return tx.documents.seen(MEMBER, member_id.bytes)


def check_key(tx: Tx, key: MemberKey, member_id: MemberId) -> None:
    """Raise MemberExistsError for a key that is somebody else's, CardTakenError for a card that ever was.

    A phone that is marked as shared may be somebody else's too.
    """
    if key.kind is KeyKind.PHONE and key.shared:
        return
    owner = tx.members.by_key(key.kind.value, key.value)
    if owner is not None and owner.member_id != member_id:
        if key.kind is KeyKind.CARD:
            raise CardTakenError(member=owner.member_id)
        raise MemberExistsError(member=owner.member_id)
    if key.kind is KeyKind.CARD and owner is None and key.replaced is None:
        # A replaced number is found by nobody; it still may never stand for a second person.
        state = tx.members.key_state(key.kind.value, key.value)
        if state is not None:
            raise CardTakenError(member=None)


def changed_fields(before: Profile, after: Profile) -> tuple[str, ...]:
    """Return the names of the fields in which two profiles differ."""
    return tuple(f for f in Profile.__struct_fields__ if getattr(before, f) != getattr(after, f))


def whole_birthday(fields: Iterable[str]) -> tuple[str, ...]:
    """Return names of fields with all of the birthday if they have some of it: it is one thing, told in two ways.

    So a whole date of one editor and a day without its year of another never stand beside each other.
    """
    named = tuple(fields)
    if not _BIRTHDAY.intersection(named):
        return named
    return tuple(f for f in Profile.__struct_fields__ if f in _BIRTHDAY or f in named)


def write_edit(work: Workplace, tx: Tx, who: Actor, before: Member, after: Member) -> Member:
    """Write a member's changed fields with their fact; return her as she stands now. Nothing changed: no fact."""
    changed = changed_fields(before.profile, after.profile)
    if changed:
        news = Profile(**{field: getattr(after.profile, field) for field in changed})
        fact = MemberEdited(
            member=before.member_id,
            fields=changed,
            sealed=work.sealer.seal_profile(tx, SubjectId(before.member_id), news),
            seen_hlc=tx.journal.head().hlc,
            seen=seen_of(tx, before.member_id),
        )
        work.recorder.record(tx, fact, who.staff_id)
    if changed or before.consents != after.consents:
        tx.members.save(after)
    return after


def with_keys(member: Member, keys: tuple[MemberKey, ...]) -> Member:
    """Return a member with other keys."""
    profile = msgspec.structs.replace(member.profile, keys=keys)
    return msgspec.structs.replace(member, profile=profile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A yes or a no, as it was said: to a purpose, over a channel, spoken, written or on a screen."""

    purpose: Purpose
    given: bool
    how: str = "spoken"
    channel: str | None = None


def consent_of(work: Workplace, who: Actor, word: Word) -> Consent:
    """Return a word as it is kept: heard by whom, when, and to which version of the text."""
    return Consent(
        consent_id=ConsentId(work.ids.new()),
        purpose=word.purpose,
        given=word.given,
        text_version=work.settings.value.consent_text_version,
        how=word.how,
        by=who.staff_id,
        at=work.clock.now(),
        channel=word.channel,
    )
