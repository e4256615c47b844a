"""Members of a file: matched by phone or card, new ones made, known ones given the fields that the file has.

Decides who is meant by a row, and that a file never takes away: an empty cell changes nothing, keys and children are
added, a "no" to advertising stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import msgspec

from pos_app.domain.anniversaries import falls_on
from pos_app.domain.errors import ExpectedError
from pos_app.domain.facts import codec
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.imports import ImportedMember, MembersStaged
from pos_app.domain.imports.drafts import Draft, MemberDraft
from pos_app.domain.imports.faults import Fault
from pos_app.domain.imports.kin import children_with, is_courtesy, names_agree
from pos_app.domain.imports.rehearsal import Outcome
from pos_app.domain.imports.texts import NOTE_LIMIT, listed, unless_same
from pos_app.domain.member_keys import normalised
from pos_app.domain.members import Child, Consent, KeyKind, Member, MemberKey, Profile, Purpose, Replaced
from pos_app.domain.search import folded
from pos_app.domain.staff import Action
from pos_app.domain.values.ids import ConsentId, MemberId, SubjectId
from pos_app.services.acting import Actor
from pos_app.services.imports.taking import refused_by_shop
from pos_app.services.imports.values import Verdict
from pos_app.services.ports.imports import ImportBatch, Versions
from pos_app.services.ports.journal import JournalEntry
from pos_app.services.ports.store import Tx
from pos_app.services.workplace import Workplace

HOW = "imported"
"""How a consent was given that only a file asserts."""
_MADE_HERE = ("member.registered", "member.edited", "member.erased")
_PLAIN = ("gender", "occupation", "interests", "origin", "address", "notes")
"""Fields that a file's value replaces as they are."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A member as she would stand, with what the journal is to say; `key` seals it, `is_new_key` when it is new."""

    member: Member
    fields: tuple[str, ...]
    consents: tuple[Consent, ...]
    key: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Prepared:
    new: tuple[Member, ...]
    changed: tuple[Member, ...]
    keys: tuple[tuple[SubjectId, bytes], ...]
    told: tuple[ImportedMember, ...]


class MemberTaker:
    """Takes members in."""

    action = Action.IMPORT_MEMBERS
    touching: Sequence[str] = _MADE_HERE

    def __init__(self, work: Workplace) -> None:
        self._work = work
        self._noons: dict[date, datetime] = {}

    def tables(self, tx: Tx) -> Sequence[Versions]:
        """Return the members."""
        return (tx.staged_members,)

    def remove_more(self, tx: Tx, batch: ImportBatch, limit: int) -> int:
        """Members bring nothing beside themselves."""
        return 0

    def weigh(self, tx: Tx, who: Actor, drafts: Sequence[Draft]) -> Sequence[Verdict]:
        """Say of each row whether it is somebody new, somebody changed, or the same."""
        members = [draft for draft in drafts if isinstance(draft, MemberDraft)]
        keys = [_keys_of(draft, self._work.settings.value.region) for draft in members]
        found = {kind: _owners(tx, kind, keys) for kind in KeyKind}
        now = self._work.clock.now()
        return [
            self._verdict(tx, draft, theirs, found, (who, now)) if isinstance(theirs, tuple) else theirs
            for draft, theirs in zip(members, keys, strict=True)
        ]

    def _verdict(
        self,
        tx: Tx,
        draft: MemberDraft,
        keys: tuple[MemberKey, ...],
        found: Mapping[KeyKind, Mapping[str, Sequence[Member]]],
        by: tuple[Actor, datetime],
    ) -> Verdict:
        owners = {
            owner.member_id: (owner, key)
            for key in keys
            if (owner := _owner(draft, key, found[key.kind].get(key.value, ()))) is not None
        }
        if len(owners) > 1:
            return _refused(draft, refused_by_shop("phone", "", "importing.clash.two_members"))
        if not owners:
            return Verdict(draft=draft, outcome=Outcome.NEW, wanted=self._new(draft, keys, by))
        before, key = next(iter(owners.values()))
        fault = _mismatch(before, draft, key)
        if fault is not None:
            return _refused(draft, fault)
        return self._known(tx, before, draft, (keys, by))

    def _new(self, draft: MemberDraft, keys: tuple[MemberKey, ...], by: tuple[Actor, datetime]) -> _Wanted:
        profile = Profile(
            name=draft.name,
            gender=draft.gender,
            birthday=draft.birthday,
            birthday_day=draft.birthday_day,
            birthday_lunar=draft.birthday_lunar,
            occupation=draft.occupation,
            interests=draft.interests,
            origin=draft.origin,
            address=draft.address,
            notes=draft.notes,
            keys=keys,
            children=_children_of(draft),
        )
        settings, consents = self._work.settings.value, self._marketing(draft, (), by)
        member = Member(
            member_id=MemberId(self._work.ids.new()),
            joined_at=self._joined_at(draft.joined_on) if draft.joined_on else by[1],
            joined_shop=settings.shop_id,
            profile=profile,
            consents=consents,
        )
        return _Wanted(member, (), consents)

    def _joined_at(self, day: date) -> datetime:
        """Return noon of a day at the shop: no time of day is known, and noon is on that day wherever one looks."""
        moment = self._noons.get(day)
        if moment is None:
            zone = self._work.settings.value.zone
            moment = self._noons[day] = datetime.combine(day, time(12), zone).astimezone(UTC)
        return moment

    def _known(
        self,
        tx: Tx,
        before: Member,
        draft: MemberDraft,
        given: tuple[tuple[MemberKey, ...], tuple[Actor, datetime]],
    ) -> Verdict:
        keys, by = given
        profile = _merged(before.profile, draft, keys)
        consents = self._marketing(draft, before.consents, by)
        fields = tuple(
            f for f in Profile.__struct_fields__ if getattr(profile, f) != getattr(before.profile, f)
        )
        if not fields and not consents:
            return Verdict(draft=draft, outcome=Outcome.SAME)
        member = msgspec.structs.replace(before, profile=profile, consents=(*before.consents, *consents))
        key = tx.subject_keys.get(SubjectId(before.member_id))
        return Verdict(
            draft=draft, outcome=Outcome.CHANGED, wanted=_Wanted(member, fields, consents, key or b"")
        )

    def _marketing(
        self, draft: MemberDraft, said: tuple[Consent, ...], by: tuple[Actor, datetime]
    ) -> tuple[Consent, ...]:
        """Return the word on advertising that a file adds; it never turns what was said in the shop."""
        earlier = [consent.given for consent in said if consent.purpose is Purpose.MARKETING]
        if draft.marketing is None or (earlier and (draft.marketing or not earlier[-1])):
            return ()
        who, now = by
        consent = Consent(
            consent_id=ConsentId(self._work.ids.new()),
            purpose=Purpose.MARKETING,
            given=draft.marketing,
            text_version=self._work.settings.value.consent_text_version,
            how=HOW,
            by=who.staff_id,
            at=now,
        )
        return (consent,)

    def prepare(self, verdicts: Sequence[Verdict]) -> _Prepared:
        """Seal what the journal is to say of each member with her own key."""
        new, changed, keys, told = [], [], [], []
        sealer = self._work.sealer
        for verdict in verdicts:
            wanted: _Wanted = verdict.wanted
            member, subject = wanted.member, SubjectId(wanted.member.member_id)
            key = wanted.key or sealer.new_key()
            if not wanted.key:
                keys.append((subject, key))
            if verdict.outcome is Outcome.NEW:
                new.append(member)
                news, joined = member.profile, verdict.draft.joined_on  # type: ignore[union-attr]
            else:
                changed.append(member)
                news, joined = Profile(**{f: getattr(member.profile, f) for f in wanted.fields}), None
            told.append(
                ImportedMember(
                    member=member.member_id,
                    row=verdict.draft.row,
                    sealed=sealer.sealed_with(key, subject, news),
                    fields=wanted.fields,
                    consents=wanted.consents,
                    joined_on=joined,
                )
            )
        return _Prepared(tuple(new), tuple(changed), tuple(keys), tuple(told))

    def stage(self, tx: Tx, who: Actor, batch: ImportBatch, prepared: _Prepared) -> None:
        """Write hidden members, their keys of sealing, and the fact that tells of them."""
        tx.subject_keys.add_many(prepared.keys)
        tx.staged_members.stage(batch.number, prepared.new, prepared.changed)
        fact = MembersStaged(
            batch=batch.batch_id, shop=self._work.settings.value.shop_id, members=prepared.told
        )
        self._work.recorder.record(tx, fact, who.staff_id)

    def settle(self, tx: Tx, batch: ImportBatch, happened: Sequence[JournalEntry]) -> Sequence[MemberId]:
        """Leave members out whose phone or card the shop has given meanwhile, or who were edited meanwhile."""
        touched = dict.fromkeys(_member_of(entry) for entry in happened)
        clashing = tx.staged_members.clashing(batch.number, list(touched))
        tx.staged_members.leave_out(batch.number, clashing)
        return clashing


def _member_of(entry: JournalEntry) -> MemberId:
    fact = codec.decode_content(entry.kind, entry.version, bytes(decode(entry.body).content))
    member: MemberId = fact.member  # type: ignore[attr-defined]
    return member


def _keys_of(draft: MemberDraft, region: str) -> tuple[MemberKey, ...] | Verdict:
    """Return the keys of a row, phones first; a verdict when one of them cannot be kept."""
    keys = [MemberKey(kind=KeyKind.PHONE, value=phone) for phone in draft.phones]
    keys += [MemberKey(kind=KeyKind.PHONE, value=phone, shared=True) for phone in draft.shared_phones]
    for kind, text in (
        (KeyKind.CARD, draft.card),
        (KeyKind.WECHAT, draft.wechat),
        (KeyKind.EMAIL, draft.email),
        *((KeyKind(name), value) for name, value in draft.others),
    ):
        if text is None:
            continue
        try:
            keys.append(MemberKey(kind=kind, value=normalised(kind, text, region)))
        except ExpectedError:
            return _refused(draft, refused_by_shop(kind.value, text, f"importing.clash.{kind.value}_form"))
    return tuple(keys)


def _refused(draft: MemberDraft, fault: Fault) -> Verdict:
    return Verdict(draft=draft, outcome=None, faults=(fault,))


def _owners(
    tx: Tx, kind: KeyKind, keys: Sequence[tuple[MemberKey, ...] | Verdict]
) -> Mapping[str, Sequence[Member]]:
    """Return who has each key of one kind."""
    asked = [k.value for each in keys if isinstance(each, tuple) for k in each if k.kind is kind]
    return tx.staged_members.on_keys(kind.value, asked) if asked else {}


def _owner(draft: MemberDraft, key: MemberKey, members: Sequence[Member]) -> Member | None:
    """Return whom a key of a row means: of a shared phone who does not share it, or who has the name of the row.

    A phone that the file itself calls shared tells nothing without the name.
    """
    if key.shared:
        named = folded(draft.name or "")
        return next((member for member in members if folded(member.profile.name or "") == named), None)
    return min(
        members,
        key=lambda member: (_key(member, key.kind, key.value).shared, member.member_id),
        default=None,
    )


def _key(member: Member, kind: KeyKind, value: str) -> MemberKey:
    return next(k for k in member.profile.keys if k.kind is kind and k.value == value)


def _mismatch(before: Member, draft: MemberDraft, key: MemberKey) -> Fault | None:
    """Return why a row is not about the member whom its key finds: another name, or a card that was replaced."""
    if _key(before, key.kind, key.value).replaced is Replaced.REFUSED:
        return refused_by_shop("card", key.value, "members.error.card_refused")
    if not names_agree(before.profile.name, draft.name):
        return refused_by_shop(key.kind.value, key.value, "importing.clash.other_name")
    return None


def _merged(profile: Profile, draft: MemberDraft, keys: tuple[MemberKey, ...]) -> Profile:
    """Return a profile with the fields that a row has."""
    given = ((field, getattr(draft, field)) for field in _PLAIN)
    changes: dict[str, object] = {
        field: unless_same(getattr(profile, field), value)
        for field, value in given
        if value not in (None, ())
    }
    if draft.interests == listed("；".join(profile.interests), NOTE_LIMIT):
        changes["interests"] = profile.interests
    if draft.name and not is_courtesy(profile.name, draft.name):
        changes["name"] = unless_same(profile.name, draft.name)
    if draft.birthday is not None or draft.birthday_day is not None:
        changes |= _birthday(profile, draft)
    known = {(key.kind, key.value) for key in profile.keys}
    more = tuple(key for key in keys if (key.kind, key.value) not in known)
    children = children_with(profile.children, _children_of(draft))
    changes |= {"keys": (*profile.keys, *more), "children": children}
    return msgspec.structs.replace(profile, **changes)


def _birthday(profile: Profile, draft: MemberDraft) -> dict[str, object]:
    """Return the birthday as a row tells it; where it tells no year, a year that is known of the same day stays."""
    whole, day, by_moon = draft.birthday, draft.birthday_day, draft.birthday_lunar
    if day is not None and profile.birthday is not None and falls_on(profile.birthday, day, by_moon=by_moon):
        whole, day = profile.birthday, None
    return {"birthday": whole, "birthday_day": day, "birthday_lunar": by_moon}


def _children_of(draft: MemberDraft) -> tuple[Child, ...]:
    return tuple(
        Child(name=child.name, born_on=child.born_on, due_on=child.due_on, month_only=child.month_only)
        for child in draft.children
    )
