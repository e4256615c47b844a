"""The labels page without its widgets: what is to be printed, found, added, counted, and shown as it will look.

Decides what each key, click and scan means. Printing is `running`'s, words are `state`'s, what stands on a label is the
services'. Qt-free. Look-ups run on the db lane, drawing on the label printer's; late answers are dropped.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from pos_app.domain.catalogue import Found
from pos_app.domain.members import Member
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.ids import MemberId, VariantId
from pos_app.services.labels import MOST_COPIES, Changed, LabelItem, Wanted, added
from pos_app.services.ports.goods import COUNTED
from pos_app.words import format_count, translate
from ui.labels.bench import LabelsBench, Say
from ui.labels.doors import LabelDoors
from ui.labels.running import LabelRunning
from ui.labels.state import FoundRow, Mode, State, found_row, member_words
from ui.shell.counter import Counter

SHOWN = 50
"""What a text finds is shown so far."""
MOST_CARDS = 100
"""Cards at a time: ten sheets."""
_MODES = (Mode.GOODS, Mode.PIECES, Mode.CARDS)


class LabelsPresenter(LabelsBench):
    """One method an intent; `on_change` gets each new state. GUI thread."""

    def __init__(
        self, counter: Counter, doors: LabelDoors, on_change: Callable[[State], None], say: Say
    ) -> None:
        super().__init__(counter, doors, on_change, say)
        self._asked = 0
        self.running = LabelRunning(self)

    def go_to(self, mode: Mode) -> None:
        """Turn to labels, tags or cards."""
        if not self.state.busy:
            self.state = replace(self.state, mode=mode, text="", found=None, cursor=-1)
            self._asked += 1
            self.refresh()

    def next_mode(self) -> None:
        """Turn to the next of them."""
        self.go_to(_MODES[(_MODES.index(self.state.mode) + 1) % len(_MODES)])

    # -- Opening -------------------------------------------------------------------------------------------

    def opened(self, args: object) -> None:
        """Show what waits with the prices of now, add what another page asks for, and ask the printer."""
        asked = args if isinstance(args, Mapping) else {}
        self._reread()
        if asked.get("variants"):
            self.add_variants(tuple(asked["variants"]))
        if asked.get("changes"):
            self.add_changes()
        if asked.get("members"):
            self.add_members(tuple(asked["members"]))
        self.ask_printer()

    def _reread(self) -> None:
        """Read what stands on the labels now; what is added meanwhile stays as it is."""
        if self.state.busy:
            return
        asked = [each.item for wanted in self.labels.values() for each in wanted]

        def read(wanted: tuple[Wanted, ...]) -> None:
            faces, keys = {each.item.key: each.face for each in wanted}, {item.key for item in asked}
            self._show_labels(
                [
                    Wanted(each.item, faces.get(each.item.key, each.face))
                    for each in self._all()
                    if each.item.key in faces or each.item.key not in keys
                ]
            )

        self.counter.db.run(partial(self.shop.labels.faces, asked), read, self.failed)

    def _all(self) -> list[Wanted]:
        return [each for wanted in self.labels.values() for each in wanted]

    # -- Finding -------------------------------------------------------------------------------------------

    def search(self, text: str) -> None:
        """Show what a text finds; with no text the list of what is printed."""
        self._asked += 1
        if not text.strip() or self.state.busy:
            self.show(text=text, found=None, count="")
            return
        self.show(text=text)
        find = self._find_members if self.state.mode is Mode.CARDS else self._find_goods
        self.counter.db.run(partial(find, text), partial(self._found, self._asked), self.failed)

    def _find_goods(self, text: str) -> tuple[tuple[FoundRow, ...], int]:
        found, total = self.shop.catalogue.search(fold(text), SHOWN)
        if not found:
            exact = self.shop.catalogue.find(text)
            found, total = ((exact,), 1) if exact else ((), 0)
        currency = self.shop.current.value.money
        return tuple(found_row(each, currency) for each in found), total

    def _find_members(self, text: str) -> tuple[tuple[FoundRow, ...], int]:
        listing = self.shop.members.look_up(text, SHOWN)
        rows = (FoundRow(m, *member_words(m), "") for m in listing.members)
        return tuple(rows), listing.total + (1 if listing.capped else 0)

    def _found(self, asked: int, answer: tuple[tuple[FoundRow, ...], int]) -> None:
        if asked != self._asked:
            return
        rows, total = answer
        words = f"{format_count(COUNTED)}+" if total > COUNTED else format_count(total)
        count = translate("labels_page.list.found", shown=len(rows), total=words)
        self.show(found=rows, found_cursor=0, count=count)

    def move(self, step: int) -> None:
        """Move the mark in what was found, or in the list."""
        if self.state.found is not None:
            last = len(self.state.found) - 1
            self.show(found_cursor=max(0, min(last, self.state.found_cursor + step)))
        elif self.state.rows:
            at = self.state.cursor + step if self.state.cursor >= 0 else 0
            self.mark(max(0, min(len(self.state.rows) - 1, at)))

    def mark(self, place: int) -> None:
        """Mark a row of the list: it is the one that is shown as it will look."""
        if 0 <= place < len(self.state.rows):
            self.state = replace(self.state, cursor=place)
            self.refresh()

    def enter(self, place: int | None = None) -> None:
        """Add what is marked among what was found, or the one at a place; say so when there is nothing."""
        found = self.state.found
        if found is None or self.state.busy:
            return
        if not found:
            self.say("warning", translate("labels_page.notice.unknown", text=self.state.text[:40]), None)
            return
        key = found[self.state.found_cursor if place is None else place].key
        if isinstance(key, Found):
            self._add_found(key)
        elif isinstance(key, Member):
            self._add_members((key,))

    def scan(self, text: str) -> None:
        """Add the label of a scanned code, the tag of a scanned piece, or the card of a scanned member."""
        if self.state.busy:
            self.say("warning", translate("labels_page.notice.busy"), None)
            return
        if self.state.mode is Mode.CARDS:
            self.counter.db.run(
                lambda: self.shop.members.look_up_at_counter(text, 1)[0].members,
                self._scanned_member,
                self.failed,
            )
            return

        def scanned(found: Found | None) -> None:
            if found is None:
                self.say("warning", translate("labels_page.notice.unknown", text=fold(text)[:40]), None)
            else:
                self._add_found(found)

        self.counter.db.run(partial(self.shop.catalogue.find, text), scanned, self.failed)

    def _scanned_member(self, members: Sequence[Member]) -> None:
        if members:
            self._add_members(members)
        else:
            self.say("warning", translate("labels_page.notice.no_member"), None)

    # -- The list ------------------------------------------------------------------------------------------

    def _add_found(self, found: Found) -> None:
        work = partial(self.shop.labels.of_found, found)
        self.counter.db.run(work, partial(self._add_or_say, found.variant.name), self.failed)

    def _add_or_say(self, name: str, items: tuple[LabelItem, ...]) -> None:
        if items:
            self.add(items)
        else:
            self.say("warning", translate("labels_page.notice.all_sold", name=name), None)

    def add_variants(self, variants: tuple[VariantId, ...]) -> None:
        """Add the labels of goods."""
        self.counter.db.run(partial(self.shop.labels.of_variants, variants), self.add, self.failed)

    def add_changes(self) -> None:
        """Add the labels whose prices changed and that were not printed since."""
        if not self.state.busy:
            self.counter.db.run(self.shop.labels.changed, self._changes_read, self.failed)

    def _changes_read(self, changed: Changed) -> None:
        if changed.items:
            self.add(changed.items)
            if changed.more:
                words = translate("labels_page.notice.more_changes", count=len(changed.items))
                self.say("warning", words, None)
            return
        code = "changes_later" if changed.later else "no_changes"
        self.say("success", translate(f"labels_page.notice.{code}", count=changed.later), None)

    def add(self, items: Sequence[LabelItem]) -> None:
        """Add labels; turn to where they went, unless something goes out just now."""

        def read(new: tuple[Wanted, ...]) -> None:
            # Joined now and not when they were asked for: another scan may have been answered in between.
            standing = self._all()
            faces = {each.item.key: each.face for each in (*standing, *new)}
            joined = added([each.item for each in standing], [each.item for each in new])
            if new and not self.state.busy:
                mode = Mode.GOODS if new[-1].item.piece_id is None else Mode.PIECES
                self.state = replace(self.state, mode=mode, text="", found=None, count="")
            self._show_labels([Wanted(item, faces[item.key]) for item in joined])
            if new and not self.state.busy:
                keys = [row.key for row in self.state.rows]
                self.mark(keys.index(new[-1].item.key))

        self.counter.db.run(partial(self.shop.labels.faces, tuple(items)), read, self.failed)

    def _show_labels(self, wanted: Sequence[Wanted]) -> None:
        self.labels = {
            Mode.GOODS: tuple(each for each in wanted if each.item.piece_id is None),
            Mode.PIECES: tuple(each for each in wanted if each.item.piece_id is not None),
        }
        self.refresh()

    def add_members(self, ids: Sequence[MemberId]) -> None:
        """Add the cards of members."""
        self.counter.db.run(
            lambda: [member for each in ids if (member := self.shop.members.get(each)) is not None],
            self._add_members,
            self.failed,
        )

    def add_without_card(self) -> None:
        """Add members who have no card yet, those who came last first."""
        if not self.state.busy:
            room = MOST_CARDS - len(self.members)
            work = partial(self.shop.card_sheets.without_card, room)
            self.counter.db.run(work, self._without_read, self.failed)

    def _without_read(self, members: tuple[Member, ...]) -> None:
        if members:
            self._add_members(members)
        else:
            self.say("success", translate("labels_page.notice.all_have_cards"), None)

    def _add_members(self, members: Sequence[Member]) -> None:
        known = {member.member_id: member for member in (*self.members, *members)}
        if len(known) > MOST_CARDS:
            self.say("warning", translate("labels_page.notice.most_cards", count=MOST_CARDS), None)
        self.members = tuple(known.values())[:MOST_CARDS]
        if not self.state.busy:
            self.state = replace(self.state, mode=Mode.CARDS, text="", found=None, count="")
        self.refresh()

    def set_copies(self, copies: int) -> None:
        """Print the marked label so many times; none takes it off the list."""
        at, mode = self.state.cursor, self.state.mode
        if self.state.busy or not 0 <= at < len(self.state.rows):
            return
        if mode is Mode.CARDS:
            self.members = self.members[:at] + self.members[at + 1 :] if copies <= 0 else self.members
            self.refresh()
            return
        rows = list(self.labels[mode])
        if copies <= 0:
            rows.pop(at)
        else:
            item = replace(rows[at].item, copies=min(MOST_COPIES, copies))
            rows[at] = Wanted(item, rows[at].face)
        self.labels[mode] = tuple(rows)
        self.refresh()

    def more(self, step: int) -> None:
        """Print the marked label once more or less, at least once."""
        if 0 <= self.state.cursor < len(self.state.rows):
            self.set_copies(max(1, self.state.rows[self.state.cursor].copies + step))

    def remove(self) -> None:
        """Take the marked row off the list."""
        self.set_copies(0)

    def clear(self) -> None:
        """Take everything off the list of this mode."""
        if self.state.busy:
            return
        if self.state.mode is Mode.CARDS:
            self.members = ()
        else:
            self.labels[self.state.mode] = ()
        self.refresh()
