"""Keys, cards, consents and privacy on the members page.

Decides what each row of the tab stands for and what is asked first; what is allowed and recorded is decided by
`services.member_keys` and `services.member_privacy`. Qt-free.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from pos_app.domain import member_keys
from pos_app.domain.errors import ExpectedError
from pos_app.domain.file_trouble import trouble_of
from pos_app.domain.members import KeyKind, Member, MemberExistsError, MemberKey, Purpose, Replaced
from pos_app.domain.staff import Action, Approval, may
from pos_app.services.acting import Actor
from pos_app.services.member_keys import NewKey
from pos_app.services.member_privacy import Erasure
from pos_app.services.member_writing import Word
from pos_app.words import format_count, translate
from ui.members import cards
from ui.members.bench import Bench
from ui.members.cards import ConsentRow, KeyRow
from ui.members.draft import Faults, whole_phone
from ui.members.sections import Section
from ui.members.state import Asking, KeyDraft, Stage

ERASE_REASON = "asked_by_member"
_TITLE_NAME = 16


class Keeping:
    """Intents of privacy, keys and cards."""

    def __init__(self, bench: Bench, written: Callable[[Member, Member], None]) -> None:
        self._bench = bench
        self._written = written

    # -- keys and cards ------------------------------------------------------------------------------------

    def begin_key(self, kind: KeyKind = KeyKind.PHONE) -> None:
        """Open the fields of one more key."""
        if self._bench.card_free is not None:
            self._bench.mask()
            self._bench.show(
                stage=Stage.KEY, section=Section.KEYS, adding=KeyDraft(kind), faults=Faults(), owner=""
            )

    def begin_card(self, row: KeyRow | None) -> None:
        """Open the fields of a new card; with a card marked, of the card that takes its place."""
        lost = row if row is not None and row.key.kind is KeyKind.CARD else None
        self.begin_key(KeyKind.CARD)
        if self._bench.state.stage is Stage.KEY:
            forwards = lost is not None and lost.key.replaced is Replaced.REFUSED
            self._bench.show(adding=KeyDraft(KeyKind.CARD, lost=lost, forwards=forwards))

    def change_key(self, draft: KeyDraft) -> None:
        """Take what stands in the fields of a key now; say at once whose a typed phone is already."""
        owner = ""
        region = self._bench.shop.current.value.region
        if draft.kind is KeyKind.PHONE and whole_phone(draft.text, region):
            try:
                on_phone = self._bench.shop.members.on_phone(draft.text)
            except ExpectedError:
                on_phone = ()
            member = self._bench.member
            others = [m for m in on_phone if member is None or m.member_id != member.member_id]
            owner = " · ".join(cards.name_of(m) for m in others)
        self._bench.show(adding=draft, owner=owner, faults=Faults())

    def save_key(self) -> None:
        """Add the key, issue the card, or put it in the place of the lost one."""
        bench, member, draft = self._bench, self._bench.member, self._bench.state.adding
        who = bench.who()
        if member is None or who is None or bench.state.busy:
            return
        if draft.kind is not KeyKind.CARD and not draft.text.strip():
            bench.show(faults=Faults(fields={"key": f"members.fault.{draft.kind.value}_missing"}))
            return
        work = self._key_work(who, member, draft)
        bench.write(work, partial(self._written, member), self._key_refused)

    def _key_work(self, who: Actor, member: Member, draft: KeyDraft) -> Callable[[], Member]:
        keys, member_id, number = self._bench.shop.member_keys, member.member_id, draft.text.strip() or None
        if draft.lost is not None:
            replaced = Replaced.FORWARDED if draft.forwards else Replaced.REFUSED
            return partial(keys.replace, who, member_id, draft.lost.key.value, replaced, number)
        if draft.kind is KeyKind.CARD:
            return partial(keys.issue, who, member_id, number)
        new = NewKey(kind=draft.kind, text=draft.text, owner=draft.owner, shared=draft.shared)
        return partial(keys.add, who, member_id, new)

    def _key_refused(self, error: Exception) -> None:
        """Say under the field what is wrong, what was typed stays; a phone of another member may be shared."""
        bench = self._bench
        if isinstance(error, MemberExistsError) and bench.state.adding.kind is KeyKind.PHONE:
            bench.show(busy=False, faults=Faults(fields={"key": "members.fault.phone_taken"}))
        elif isinstance(error, member_keys.KeyFormError):
            bench.show(
                busy=False, faults=Faults(fields={"key": f"members.fault.{error.params['kind']}_form"})
            )
        elif isinstance(error, ExpectedError) and error.code.startswith("members.error."):
            bench.show(busy=False, faults=Faults(fields={"key": error.code}))
        else:
            bench.failed(error)

    def remove_key(self, key: MemberKey) -> None:
        """Take a key off; a card is not taken off but replaced, so that its number stays known."""
        bench, member = self._bench, self._bench.card_free
        who = bench.who() if member is not None else None
        if member is None or who is None:
            return
        if key.kind is KeyKind.CARD:
            bench.doors.say("warning", translate("members.notice.replace_card"))
            return
        work = partial(bench.shop.member_keys.remove, who, member.member_id, key)
        bench.write(work, partial(self._written, member))

    # -- consents ------------------------------------------------------------------------------------------

    def turn_consent(self, row: ConsentRow) -> None:
        """Give a consent that is not given, or withdraw one; what follows from it is asked first."""
        bench, member = self._bench, self._bench.card_free
        if member is None:
            return
        if row.purpose is Purpose.MEMBERSHIP and row.given:
            bench.doors.say("warning", translate("members.error.erase_instead"))
            return
        if row.purpose is Purpose.CHILDREN and row.given and member.profile.children:
            question = Asking(
                title=translate("members.ask.children_title"),
                text=translate("members.ask.children_text", count=len(member.profile.children)),
                yes=translate("members.action.withdraw"),
                danger=True,
                final=True,
            )
            bench.doors.ask(question, lambda: self._say(member, row))
        else:
            self._say(member, row)

    def _say(self, member: Member, row: ConsentRow) -> None:
        bench = self._bench
        who = bench.who()
        if who is None:
            return
        word = Word(purpose=row.purpose, given=not row.given, channel=row.channel)
        code = "members.notice.consent_withdrawn" if row.given else "members.notice.consent_given"

        def done(after: Member) -> None:
            bench.show_written(after)
            bench.doors.say("success", translate(code, what=row.what))

        bench.write(partial(bench.shop.member_privacy.say, who, member.member_id, word), done)

    # -- reveal, copy, erase -------------------------------------------------------------------------------

    def reveal(self) -> None:
        """Show the numbers whole for half a minute, which is recorded; once more hides them."""
        bench, member = self._bench, self._bench.card_free
        if member is None:
            return
        if bench.state.card is not None and bench.state.card.revealed:
            bench.mask()
            return
        who = bench.who()
        if who is not None:
            bench.write(partial(bench.shop.member_privacy.reveal, who, member.member_id), bench.reveal)

    def export(self) -> None:
        """Write out all that is kept of the member to a chosen file, for reading, and for machines beside it."""
        bench, member = self._bench, self._bench.card_free
        who = bench.who() if member is not None else None
        if member is None or who is None:
            return
        # No name in the name of the file: it would stand in logs and lists of recent files.
        name = f"{translate('members.copy.file_name')}-{bench.eyes.today.isoformat()}.txt"
        bench.doors.save_file(name, lambda path: self._export(who, member, path))

    def _export(self, who: Actor, member: Member, path: Path) -> None:
        bench, zone = self._bench, self._bench.eyes.zone

        def work(approval: Approval | None) -> Path | OSError:
            from pos_app.documents import member_copy

            copy = bench.shop.member_privacy.copy_for(who, member.member_id, approval)
            text = path if path.suffix else _free(path.with_suffix(".txt"))
            try:
                text.write_text(member_copy.as_text(copy, zone), "utf-8")
                _free(text.with_suffix(".json")).write_bytes(member_copy.as_json(copy))
            except OSError as error:
                return error
            return text

        bench.write_approved(work, partial(self._told_written, "members.notice.exported"))

    def print_card(self) -> None:
        """Set the card of the member, front and back, as a PDF at a chosen place."""
        bench, member = self._bench, self._bench.card_free
        if member is None or bench.state.choosing:
            return
        cards_now = member_keys.valid_cards(member)
        if not cards_now:
            bench.doors.say("warning", translate("members.notice.no_card_yet"))
            return
        name = f"{translate('members.card.file_name')}-{bench.eyes.today.isoformat()}.pdf"
        bench.doors.save_file(name, lambda path: self._print(member, cards_now[-1].value, path))

    def _print(self, member: Member, number: str, path: Path) -> None:
        bench, settings = self._bench, self._bench.shop.current.value
        who = bench.who()
        if who is None:
            return

        def work() -> Path | OSError:
            # The renderer brings reportlab: only now, and not on the window's thread.
            from pos_app.documents.card import CardFace
            from pos_app.documents.renderers.card_pdf import render_cards

            face = CardFace(
                shop=settings.shop_name,
                member=member.profile.name or "",
                number=number,
                contact=settings.phone or "",
                language=settings.language,
            )
            written = path if path.suffix else _free(path.with_suffix(".pdf"))
            try:
                written.write_bytes(render_cards([face]))
            except OSError as error:
                return error
            bench.shop.card_sheets.printed(who, [member.member_id], 1)
            return written

        bench.write(work, partial(self._told_written, "members.notice.card_written"))

    def _told_written(self, code: str, written: Path | OSError) -> None:
        self._bench.show(busy=False)
        if isinstance(written, OSError):
            why = translate(f"common.file.{trouble_of(written).value}")
            self._bench.doors.say("error", translate("members.notice.not_exported", why=why))
        else:
            self._bench.doors.say("success", translate(code, file=written.name))

    def ask_erase(self) -> None:
        """Say what erasing takes away, what stays and why; then erase once the answer is yes."""
        bench, member = self._bench, self._bench.card_free
        if member is None or bench.state.choosing:
            return

        actor = bench.counter.session.actor
        allowed = actor is not None and may(actor.role, Action.ERASE_MEMBER)

        def ask(erasure: Erasure) -> None:
            bench.show(busy=False)
            question = Asking(
                title=translate("members.ask.erase_title", name=_short(cards.name_of(member))),
                text=erasure_words(erasure, allowed=allowed),
                yes=translate("members.action.erase"),
                danger=True,
                final=True,
            )
            bench.doors.ask(question, lambda: self._erase(member))

        privacy = bench.shop.member_privacy
        bench.write(partial(privacy.what_erasing_means, member.member_id), ask)

    def _erase(self, member: Member) -> None:
        bench = self._bench
        who = bench.who()
        if who is None:
            return

        def erased(all_gone: bool) -> None:
            bench.member = None
            code = "members.notice.erased" if all_gone else "members.notice.erased_but_traces"
            bench.doors.say("success", translate(code))
            bench.show(busy=False, card=None, cursor=-1)
            bench.look_again()

        members = bench.shop.members
        bench.write_approved(
            lambda approval: members.erase(who, member.member_id, ERASE_REASON, approval), erased
        )

    @property
    def wants_card(self) -> bool:
        """Whether the fields of a card are open, so that a scan is its number."""
        state = self._bench.state
        return state.stage is Stage.KEY and state.adding.kind is KeyKind.CARD

    def take_card(self, number: str) -> None:
        """Put a scanned number into the open field of a card."""
        self.change_key(replace(self._bench.state.adding, text=number))


def erasure_words(erasure: Erasure, *, allowed: bool) -> str:
    """Return what erasing means in words: what goes, what stays and why, and whether somebody else must allow it."""
    goes = [
        translate(f"members.erase.{name}", count=format_count(getattr(erasure, name)))
        for name in ("texts", "phones", "cards", "other_keys", "dates", "children", "consents")
        if getattr(erasure, name)
    ]
    parts = [translate("members.erase.goes", what=translate("members.word.and").join(goes) or "–")]
    if erasure.waiting_carts:
        parts.append(translate("members.erase.carts", count=format_count(erasure.waiting_carts)))
    parts.append(translate("members.erase.stays", sales=format_count(erasure.sales)))
    parts.append(translate("members.erase.again"))
    if not allowed:
        parts.append(translate("members.erase.approval"))
    return "\n\n".join(parts)


def _free(path: Path) -> Path:
    """Return a path where nothing stands yet: only the very file that was chosen may be replaced."""
    tried, number = path, 2
    while tried.exists():
        tried, number = path.with_stem(f"{path.stem}-{number}"), number + 1
    return tried


def _short(name: str) -> str:
    """Return a name that fits the title of a question."""
    return name if len(name) <= _TITLE_NAME else name[: _TITLE_NAME - 1] + "…"
