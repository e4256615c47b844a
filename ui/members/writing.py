"""Signing up and editing on the members page, with what is said while somebody types.

Decides what a form holds, whether leaving it would lose something, and what can be taken back; who owns a phone and
what is recorded is decided by `services.members`. Qt-free.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from pos_app.domain.consents import agreed
from pos_app.domain.errors import ExpectedError
from pos_app.domain.members import Member, MemberExistsError, Profile, Purpose
from pos_app.domain.search import folded
from pos_app.domain.values import phone as phones
from pos_app.domain.values.ids import MemberId
from pos_app.services.member_writing import changed_fields
from pos_app.services.ports.people import Listing
from pos_app.words import translate
from ui.members import cards
from ui.members.bench import Bench
from ui.members.days import born_words, next_words
from ui.members.draft import ChildDraft, Draft, Faults, faults_of, sign_up_of, whole_phone
from ui.members.sections import (
    DatesDraft,
    DayDraft,
    Section,
    SectionDraft,
    birthday_of,
    dates_draft,
    profile_draft,
    profile_with,
    section_faults,
)
from ui.members.state import Carried, Stage

_TWINS = 3
_FIELD_WORDS = {
    "birthday_day": "members.field.birthday",
    "birthday_lunar": "members.field.birthday",
    "important_dates": "members.about.dates",
    "children": "members.about.children",
    "keys": "members.tab.keys",
}


class Writing:
    """Intents of the forms."""

    def __init__(self, bench: Bench, arrived: Callable[[Member], None]) -> None:
        self._bench = bench
        self._arrived = arrived
        self._owners: tuple[Member, ...] = ()
        self._before: Draft | SectionDraft = Draft()
        self._undo: tuple[MemberId, Profile, Profile] | None = None
        self._undo_serial = 0
        self._asked_name = ""

    # -- sign-up -------------------------------------------------------------------------------------------

    def begin_sign_up(self, phone: str) -> None:
        """Open an empty form with a phone that is known already, if any."""
        self._before = draft = Draft(phone=phone)
        self._owners, self._asked_name = (), ""
        self._bench.show(
            stage=Stage.NEW, draft=draft, faults=Faults(), owner="", twins="", children_asked=True
        )
        self.change(draft)

    def change(self, draft: Draft) -> None:
        """Take what stands in the form now; say at once whose a typed phone or name is already."""
        self._owners = self._owners_of(draft.phone) if draft.phone else ()
        owner = " · ".join(cards.name_of(member) for member in self._owners)
        twins = self._bench.state.twins if draft.name == self._bench.state.draft.name else ""
        self._bench.show(draft=draft, owner=owner, twins=twins, faults=Faults())
        self._look_for_twins(draft.name)

    @property
    def phone_complete(self) -> bool:
        """Whether a whole phone of nobody else stands in the form, so that only the spoken yes is missing."""
        draft, region = self._bench.state.draft, self._bench.shop.current.value.region
        return whole_phone(draft.phone, region) and (not self._owners or draft.shared)

    def _owners_of(self, phone: str) -> tuple[Member, ...]:
        if not whole_phone(phone, self._bench.shop.current.value.region):
            return ()
        try:
            return self._bench.shop.members.on_phone(phone)
        except ExpectedError:
            return ()

    def _look_for_twins(self, name: str) -> None:
        """Look for members of the very same name; names are no keys, so it is only a hint."""
        if name == self._asked_name:
            return
        self._asked_name = name
        if len(folded(name)) < 2:
            return
        members = self._bench.shop.members

        def found(listing: Listing) -> None:
            if self._bench.state.stage is not Stage.NEW or self._bench.state.draft.name != name:
                return
            same = [m for m in listing.members if folded(m.profile.name or "") == folded(name)]
            self._bench.show(twins="、".join(cards.who_words(m) for m in same[:_TWINS]))

        self._bench.counter.db.run(lambda: members.look_up(name, 20), found, lambda _error: None)

    # -- editing -------------------------------------------------------------------------------------------

    def begin_edit(self) -> None:
        """Open the part of the member that stands on the tab in front; of the purchases, who she is."""
        bench, member = self._bench, self._bench.card_free
        if member is None:
            return
        section = Section.DATES if bench.state.section is Section.DATES else Section.PROFILE
        draft: SectionDraft = dates_draft(member)
        if section is Section.PROFILE:
            revealed = bench.state.card is not None and bench.state.card.revealed
            draft = profile_draft(member, revealed=revealed)
        self._before = draft
        bench.show(
            stage=Stage.EDIT,
            section=section,
            editing=draft,
            faults=Faults(),
            children_asked=not agreed(member.consents, Purpose.CHILDREN),
        )

    def change_section(self, draft: SectionDraft) -> None:
        """Take what stands in the form of a part now."""
        self._bench.show(editing=draft, faults=Faults())

    def add_child(self) -> None:
        """Offer the fields of one more child."""
        state = self._bench.state
        if state.stage is Stage.NEW:
            draft = replace(state.draft, children=(*state.draft.children, ChildDraft()))
            self._bench.show(draft=draft, faults=Faults())
        elif isinstance(state.editing, DatesDraft):
            self._bench.show(editing=replace(state.editing, children=(*state.editing.children, ChildDraft())))

    def add_date(self) -> None:
        """Offer the fields of one more important date."""
        editing = self._bench.state.editing
        if isinstance(editing, DatesDraft):
            self._bench.show(editing=replace(editing, dates=(*editing.dates, DayDraft())))

    def day_hint(self, draft: DayDraft) -> str:
        """Return a typed birthday by both calendars, with the day on which it is kept next."""
        today = self._bench.eyes.today
        told = birthday_of(draft, today)
        if told is None:
            return translate("members.hint.moon" if draft.by_moon else "members.hint.sun")
        born, by_moon = told
        return f"{born_words(born, by_moon=by_moon)} · {next_words(born, today, by_moon=by_moon)}"

    @property
    def changed(self) -> bool:
        """Whether leaving the form would lose something."""
        state = self._bench.state
        if state.stage is Stage.NEW:
            return replace(state.draft, children=state.draft.told) != self._before
        if state.stage is Stage.EDIT and isinstance(state.editing, DatesDraft):
            return state.editing.told != self._before
        if state.stage is Stage.EDIT:
            return state.editing != self._before
        return state.stage is Stage.KEY and bool(state.adding.text.strip() or state.adding.owner.strip())

    def carry(self) -> Carried | None:
        """Return the form that somebody is writing, None when leaving it would lose nothing."""
        bench = self._bench
        return Carried(bench.state, bench.member, self._before) if self.changed else None

    def take_over(self, carried: Carried) -> None:
        """Go on writing; whose form it is stands on the card already."""
        state = carried.state
        self._before, self._owners, self._asked_name = carried.before, (), ""
        self._bench.show(
            stage=state.stage,
            section=state.section,
            editing=state.editing,
            adding=state.adding,
            children_asked=state.children_asked,
        )
        if state.stage is Stage.NEW:
            self.change(state.draft)

    # -- saving --------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Sign up or save what stands in the form; a phone that has an owner shows its owner instead."""
        state = self._bench.state
        if state.busy:
            return
        if state.stage is Stage.NEW:
            self._sign_up(state.draft)
        elif state.stage is Stage.EDIT and state.editing is not None and self._bench.member is not None:
            self._edit(state.editing, self._bench.member)

    def _sign_up(self, draft: Draft) -> None:
        bench = self._bench
        if self._owners and not draft.shared:
            self._show_owners(self._owners, draft.phone)
            return
        today = bench.eyes.today
        faults = faults_of(draft, today)
        who = None if faults else bench.who()
        if faults or who is None:
            bench.show(faults=faults)
            return
        work = partial(bench.shop.members.register, who, sign_up_of(draft, today))
        bench.write(work, self._registered, self._not_saved)

    def _registered(self, member: Member) -> None:
        self._bench.doors.say("success", translate("members.notice.registered", name=cards.name_of(member)))
        self._arrived(member)

    def _edit(self, draft: SectionDraft, member: Member) -> None:
        bench = self._bench
        today = bench.eyes.today
        faults = section_faults(draft, member, today)
        who = None if faults else bench.who()
        if faults or who is None:
            bench.show(faults=faults)
            return
        profile, said = (
            profile_with(draft, member, today),
            isinstance(draft, DatesDraft) and draft.children_agreed,
        )
        work = partial(bench.shop.members.edit, who, member.member_id, profile, said, seen=member.profile)
        bench.write(work, partial(self.written, member), self._not_saved)

    def written(self, before: Member, after: Member) -> None:
        """Show a member as she was written, and offer to take it back for a while."""
        bench = self._bench
        bench.show(stage=Stage.CARD, editing=None, faults=Faults())
        bench.show_written(after)
        if before.profile == after.profile:
            return
        self._undo = (after.member_id, before.profile, after.profile)
        self._undo_serial += 1
        serial = self._undo_serial
        bench.doors.say("success", translate("members.notice.saved"))
        bench.show(undo=after.member_id)
        bench.later(lambda: self.forget_undo() if serial == self._undo_serial else None)

    def undo(self) -> None:
        """Take the last edit back: another edit that gives the fields their old words."""
        undo, bench = self._undo, self._bench
        who = bench.who() if bench.state.undoable and bench.card_free is not None else None
        if undo is None or who is None:
            return
        member_id, old, new = undo
        self.forget_undo()

        def done(member: Member) -> None:
            bench.doors.say("success", undone_words(changed_fields(old, new), old, member))
            bench.show_written(member)

        bench.write(partial(bench.shop.members.take_back, who, member_id, old, new), done)

    def forget_undo(self) -> None:
        """Offer no more to take the last edit back."""
        self._undo = None
        if self._bench.state.undo is not None:
            self._bench.show(undo=None)

    def _not_saved(self, error: Exception) -> None:
        """Keep the form as it stands; a phone that somebody signed up meanwhile shows its owner."""
        if isinstance(error, MemberExistsError):
            self._bench.show(busy=False)
            self._show_owner(MemberId(error.params["member"]))  # type: ignore[arg-type]
        elif isinstance(error, phones.PhoneError):
            self._bench.show(busy=False, faults=Faults(fields={"phone": error.code}))
        else:
            self._bench.failed(error)

    def _show_owners(self, owners: tuple[Member, ...], phone: str) -> None:
        """Show whose a phone is; of several who share it a person says which, in the list."""
        if len(owners) == 1:
            self._show_owner(owners[0].member_id)
            return
        self._bench.doors.say("warning", translate("members.error.exists"))
        self._bench.show(stage=Stage.CARD, faults=Faults(), owner="", text=phone)
        self._bench.look_again()

    def _show_owner(self, member_id: MemberId) -> None:
        bench = self._bench
        member = bench.shop.members.get(member_id)
        if member is None:
            return
        if not bench.state.choosing:
            bench.doors.say("warning", translate("members.error.exists"))
        self._arrived(member)


def undone_words(asked: Sequence[str], old: Profile, now: Member) -> str:
    """Return what came back of the fields of an edit, and what did not: changed since, or removed with its consent."""
    lost = [field for field in asked if getattr(now.profile, field) != getattr(old, field)]
    gone = bool(old.children) and not now.profile.children
    withdrawn = gone and not agreed(now.consents, Purpose.CHILDREN)
    lost = [field for field in lost if not (withdrawn and field == "children")]
    if not lost and not withdrawn:
        return translate("members.notice.undone")
    back = _field_words([field for field in asked if getattr(now.profile, field) == getattr(old, field)])
    parts = [translate("members.notice.undone_of", what=back)] if back else []
    if withdrawn:
        parts.append(translate("members.notice.undone_no_children"))
    if lost:
        parts.append(translate("members.notice.undone_not", what=_field_words(lost)))
    return " ".join(parts)


def _field_words(fields: Sequence[str]) -> str:
    codes = dict.fromkeys(_FIELD_WORDS.get(field, f"members.field.{field}") for field in fields)
    return translate("members.word.and").join(translate(code) for code in codes)
