"""The tab "all shops": what they know of the member on the card, asked here and online; merging and parting two.

Decides when something is asked and which answer is too late; what a merge means is the services' and the platform's.
Qt-free. The network is waited for on the net lane only.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from pos_app.domain.members import Member
from pos_app.domain.records import MemberRecord
from pos_app.domain.staff import Action, may
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.ids import MemberId, ShopId
from pos_app.services.ports.people import Listing
from pos_app.services.ports.syncing import OnlineSale
from pos_app.words import format_date, translate
from ui.members import cards
from ui.members.bench import Bench
from ui.members.cards import Eyes
from ui.members.draft import Faults
from ui.members.everywhere import Asked, Merging, compared, everywhere, online_row
from ui.members.sections import Section
from ui.members.state import Asking, Stage
from ui.shell.wording import words_of

CANDIDATES = 20
_Read = tuple[MemberRecord, dict[ShopId, str], dict[MemberId, Member]]


class AllShops:
    """Intents of the tab."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        bench.card_shown = self.follow
        self._asked = 0
        self._search = 0

    @property
    def may_settle(self) -> bool:
        """Whether the person signed in may merge and part members."""
        actor = self._bench.counter.session.actor
        return actor is not None and may(actor.role, Action.SETTLE_DESK)

    # -- the record ----------------------------------------------------------------------------------------

    def follow(self) -> None:
        """Read the record of the member on the card once its tab is looked at; of another one it goes."""
        bench, member = self._bench, self._bench.member
        shown = bench.state.everywhere
        if shown is not None and (member is None or shown.member_id != member.member_id):
            bench.show(everywhere=None)
        if member is not None and bench.state.section is Section.SHOPS and bench.state.everywhere is None:
            self.read()

    def read(self) -> None:
        """Read what is known here of the member's record."""
        bench, member = self._bench, self._bench.member
        if member is None:
            return
        members, member_id = bench.shop.members, member.member_id

        def work() -> _Read:
            return members.record(member_id), dict(members.shops()), dict(members.merged(member_id))

        bench.counter.db.run(work, partial(self._show_read, member_id), bench.failed)

    def _show_read(self, member_id: MemberId, read: _Read) -> None:
        bench = self._bench
        if bench.member is None or bench.member.member_id != member_id:
            return
        record, shops, merged = read
        before = bench.state.everywhere
        shown = everywhere(member_id, record, shops, self._eyes(), merged)
        if before is not None and before.member_id == member_id:
            shown = replace(shown, asked=before.asked, told=before.told, sales=before.sales)
        bench.show(everywhere=shown)

    def _eyes(self) -> Eyes:
        names = {person.staff_id: person.name for person in self._bench.shop.staff.everybody()}
        return replace(self._bench.eyes, staff=names)

    def look_again(self) -> None:
        """Show the member on the card as she is by now: another shop may have changed, joined or erased her."""
        bench, member = self._bench, self._bench.card_free
        if member is not None and not bench.state.choosing:
            look = partial(bench.shop.members.get, member.member_id)
            (bench.counter.slow or bench.counter.db).run(
                look, partial(self._seen_again, member), lambda _: None
            )

    def _seen_again(self, before: Member, now: Member | None) -> None:
        bench = self._bench
        if bench.card_free is not before or now == before:
            return
        if now is None:
            bench.doors.say("warning", translate("members.error.gone"))
        if now is None or now.member_id != before.member_id:
            bench.look_again()
            return
        bench.show(everywhere=None)
        bench.show_card(now)

    # -- asked online --------------------------------------------------------------------------------------

    def ask_online(self) -> None:
        """Ask the platform what the member bought in any shop; the page goes on meanwhile."""
        bench, member = self._bench, self._bench.card_free
        shown = bench.state.everywhere
        if member is None or shown is None or shown.asked is Asked.WAITING:
            return
        lane = bench.counter.net
        if lane is None:
            self._tell(member.member_id, Asked.FAILED, translate("members.everywhere.alone"))
            return
        self._asked += 1
        self._tell(member.member_id, Asked.WAITING, translate("members.everywhere.asking"))
        lane.run(
            partial(bench.counter.online.sales, member.member_id),
            partial(self._answered, self._asked, member.member_id),
            partial(self._unanswered, self._asked, member.member_id),
        )

    def _answered(self, asked: int, member_id: MemberId, found: Sequence[OnlineSale]) -> None:
        if asked == self._asked:
            told = "" if found else translate("members.everywhere.no_sales")
            self._tell(member_id, Asked.ANSWERED, told, found)

    def _unanswered(self, asked: int, member_id: MemberId, problem: Exception) -> None:
        if asked == self._asked:
            words = words_of(problem, self._bench.shop.current.value.money)
            self._tell(member_id, Asked.FAILED, words)

    def _tell(self, member_id: MemberId, asked: Asked, told: str, found: Sequence[OnlineSale] = ()) -> None:
        """Show how the question stands, unless somebody else is looked at by now."""
        shown = self._bench.state.everywhere
        if shown is not None and shown.member_id == member_id:
            sales = tuple(online_row(sale, self._bench.eyes) for sale in found)
            self._bench.show(everywhere=replace(shown, asked=asked, told=told, sales=sales))

    # -- merging and parting -------------------------------------------------------------------------------

    def begin_merge(self) -> None:
        """Look for the other one of two who are the same person."""
        bench = self._bench
        if bench.card_free is not None and self.may_settle and not bench.state.choosing:
            bench.mask()
            bench.show(stage=Stage.MERGE, section=Section.SHOPS, merging=Merging(), faults=Faults())

    def search(self, text: str) -> None:
        """Show whom a text finds, the member on the card left out."""
        bench = self._bench
        if bench.state.stage is not Stage.MERGE:
            return
        self._search += 1
        bench.show(merging=Merging(text=text))
        if fold(text):
            work = partial(bench.shop.members.look_up, fold(text), CANDIDATES + 1)
            bench.counter.db.run(work, partial(self._found, self._search), bench.failed)

    def _found(self, asked: int, listing: Listing) -> None:
        bench = self._bench
        if asked != self._search or bench.state.stage is not Stage.MERGE or bench.member is None:
            return
        others = [one for one in listing.members if one.member_id != bench.member.member_id][:CANDIDATES]
        rows = tuple((one.member_id, cards.who_words(one), self._seen(one)) for one in others)
        nobody = "" if rows else translate("members.merge.nobody")
        bench.show(merging=replace(bench.state.merging, rows=rows, nobody=nobody))
        if len(others) == 1:
            self.choose(others[0].member_id)

    def _seen(self, member: Member) -> str:
        seen = member.last_visit_at
        return format_date(seen, self._bench.eyes.zone) if seen else translate("members.word.never")

    def choose(self, member_id: MemberId) -> None:
        """Show the two beside each other."""
        bench, here = self._bench, self._bench.member
        there = bench.shop.members.get(member_id)
        if here is None or there is None or bench.state.stage is not Stage.MERGE:
            return
        bench.show(
            merging=replace(
                bench.state.merging,
                chosen=member_id,
                names=(cards.who_words(here), cards.who_words(there)),
                fields=compared(here, there, bench.eyes),
            )
        )

    def confirm(self) -> None:
        """Ask once more, then let the other be an alias of the member on the card."""
        bench, chosen = self._bench, self._bench.state.merging.chosen
        if chosen is None or bench.member is None or bench.state.busy:
            return
        here, there = bench.state.merging.names
        question = Asking(
            title=translate("members.merge.ask_title"),
            text=translate("members.merge.ask_text", here=here, there=there),
            yes=translate("members.action.merge_yes"),
        )
        bench.doors.ask(question, partial(self._merge, bench.member.member_id, chosen))

    def _merge(self, owner: MemberId, other: MemberId) -> None:
        bench, who = self._bench, self._bench.who()
        if who is not None:
            bench.write(partial(bench.shop.members.merge, who, owner, other), partial(self._merged, other))

    def _merged(self, other: MemberId, member: Member) -> None:
        """Show the one record; she who was merged is no row of her own any more."""
        bench = self._bench
        rows = tuple(row for row in bench.state.rows if row.member_id != other)
        ids = [row.member_id for row in rows]
        cursor = ids.index(member.member_id) if member.member_id in ids else -1
        bench.show(busy=False, stage=Stage.CARD, merging=Merging(), everywhere=None, rows=rows, cursor=cursor)
        bench.show_card(member, section=Section.SHOPS)
        bench.doors.say("success", translate("members.merge.done"))

    def unmerge(self) -> None:
        """Part the latest of those who were merged into the member on the card, after a yes."""
        bench, shown = self._bench, self._bench.state.everywhere
        if bench.card_free is None or shown is None or not shown.also or not self.may_settle:
            return
        question = Asking(
            title=translate("members.merge.part_title"),
            text=translate("members.merge.part_text", who=shown.latest),
            yes=translate("members.action.unmerge"),
        )
        bench.doors.ask(question, partial(self._part, shown.member_id, shown.also[-1]))

    def _part(self, owner: MemberId, other: MemberId) -> None:
        bench, who = self._bench, self._bench.who()
        if who is not None:
            bench.write(partial(bench.shop.members.unmerge, who, owner, other), self._parted)

    def _parted(self, _other: Member | None) -> None:
        bench = self._bench
        bench.show(busy=False, everywhere=None)
        if bench.member is not None:
            bench.show_card(bench.member)
        bench.doors.say("success", translate("members.merge.parted"))
